-- grain: one cluster with how it is specialised
with shares as (
    select
        cluster_no,
        field_nr,
        field,
        sector,
        share
    from {{ ref("cluster_fields") }}
    where field_nr > 0
),

summed as (
    select
        cluster_no,
        cast(sum(cast(pow(share / 100, 2) as decimal(18, 15))) as double) as hhi,
        cast(
            sum(cast(share as decimal(18, 15))) filter (where sector = 'Electrical engineering') as double
        ) as electrical_share,
        arg_min(field, (-share, field_nr)) as largest_field,
        max(share) as largest_share
    from shares
    group by cluster_no
),

sizes as (
    select
        ranks.cluster_no,
        coalesce(own.known, 0) as known,
        coalesce(own.unknown, 0) as unknown,
        case
            when coalesce(own.known, 0) = 0 then 'no applications with a known field'
            when own.known < settings.rta_min_cluster then 'cluster below rta_min_cluster'
        end as hhi_why
    from {{ ref("cluster_ranks") }} as ranks
    left join {{ ref("int_cluster_sizes") }} as own
        on
            own.kind = 'pct'
            and ranks.cluster_no = own.cluster_no
    cross join {{ ref("stg_edition_settings") }} as settings
)

select
    sizes.cluster_no,
    sizes.known as known_count,
    sizes.unknown as unknown_count,
    case when sizes.hhi_why is null then summed.hhi end as hhi,
    sizes.hhi_why,
    summed.electrical_share,
    case when sizes.known > 0 then summed.largest_field end as largest_field,
    summed.largest_share
from sizes
left join summed
    on sizes.cluster_no = summed.cluster_no
order by sizes.cluster_no

-- grain: one scheme of fields, field and cluster with any part of it
with ranked as (
    select
        counts.scheme,
        counts.field_code,
        counts.field_name,
        counts.cluster_no,
        cast(counts.count as double) as count,
        cast(world.count as double) as world_count,
        case when counts.scheme in ('technology field', 'sector') then 'pct' else 'sci' end as kind
    from {{ ref("int_field_counts") }} as counts
    inner join {{ ref("int_field_counts") }} as world
        on
            counts.scheme = world.scheme
            and counts.field_code = world.field_code
            and world.cluster_no = 0
    where counts.cluster_no > 0
)

select
    ranked.scheme,
    ranked.field_code,
    ranked.field_name,
    ranked.kind,
    ranked.cluster_no,
    clusters.name,
    ranked.count,
    case
        when settings.world_total <> 'given' then {{ share_of("ranked.count", "ranked.world_count") }}
    end as share,
    case when settings.world_total = 'given' then 'given world totals have no fields' end as share_why,
    cast(
        rank() over (
            partition by ranked.scheme, ranked.field_code
            order by round(100 * ranked.count / ranked.world_count, 9) desc
        ) as integer
    ) as rank
from ranked
inner join {{ ref("stg_clusters") }} as clusters
    on ranked.cluster_no = clusters.cluster_no
cross join {{ ref("stg_edition_settings") }} as settings
order by ranked.scheme, ranked.field_code, rank, clusters.name, ranked.cluster_no

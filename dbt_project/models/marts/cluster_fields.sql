-- grain: one cluster and technology field; field 0 holds applications without a known field
with fields as (
    select distinct
        field_nr,
        field,
        sector
    from {{ ref("ipc_technology") }}
    union all
    select
        0 as field_nr,
        'Unknown' as field,
        'Unknown' as sector
),

world as (
    select
        field_nr,
        sum(field_part) as world_count
    from {{ ref("int_documents_by_field") }}
    group by field_nr
),

counts as (
    select
        parts.cluster_no,
        fields.field_nr,
        sum(parts.part * fields.field_part) as count
    from {{ ref("int_cluster_parts") }} as parts
    inner join {{ ref("int_documents_by_field") }} as fields
        on parts.document_no = fields.document_no
    where parts.kind = 'pct'
    group by parts.cluster_no, fields.field_nr
),

grid as (
    select
        ranks.cluster_no,
        fields.field_nr,
        fields.field,
        fields.sector,
        coalesce(counts.count, 0) as count,
        coalesce(world.world_count, 0) as world_count
    from {{ ref("cluster_ranks") }} as ranks
    cross join fields
    left join counts
        on
            ranks.cluster_no = counts.cluster_no
            and fields.field_nr = counts.field_nr
    left join world
        on fields.field_nr = world.field_nr
),

-- n(k) and n(w) are sums over the known fields
known as (
    select
        cluster_no,
        cast(sum(count) as double) as cluster_sum,
        cast(sum(world_count) as double) as world_sum
    from grid
    where field_nr > 0
    group by cluster_no
),

sums as (
    select
        grid.cluster_no,
        grid.field_nr,
        grid.field,
        grid.sector,
        cast(grid.count as double) as count,
        cast(grid.world_count as double) as world_count,
        known.cluster_sum,
        known.world_sum
    from grid
    inner join known
        on grid.cluster_no = known.cluster_no
),

reasons as (
    select
        sums.cluster_no,
        sums.field_nr,
        sums.field,
        sums.sector,
        sums.count,
        sums.world_count,
        sums.cluster_sum,
        sums.world_sum,
        case
            when sums.field_nr = 0 then 'unknown field'
            when sums.cluster_sum = 0 then 'no applications with a known field'
            when sums.world_count = 0 then 'no applications in the world'
            when sums.cluster_sum < settings.rta_min_cluster then 'cluster below rta_min_cluster'
            when sums.cluster_sum * sums.world_count / sums.world_sum < settings.rta_min_expected
                then 'expected count below rta_min_expected'
        end as rta_why
    from sums
    cross join {{ ref("stg_edition_settings") }} as settings
)

select
    cluster_no,
    cast(field_nr as smallint) as field_nr,
    field,
    sector,
    count,
    case when field_nr > 0 and cluster_sum > 0 then 100 * count / cluster_sum end as share,
    world_count,
    case when rta_why is null then (count / cluster_sum) / (world_count / world_sum) end as rta,
    rta_why
from reasons
order by cluster_no, field_nr

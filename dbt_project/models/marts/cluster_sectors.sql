-- grain: one cluster and sector of technology fields
with sectors as (
    select distinct sector as field_code
    from {{ ref("int_fields") }}
    where field_nr > 0
),

grid as (
    select
        ranks.cluster_no,
        sectors.field_code as sector,
        cast(coalesce(counts.count, 0) as double) as count,
        cast(coalesce(world.count, 0) as double) as world_count,
        coalesce(sizes.known, 0) as cluster_sum,
        coalesce(sizes.world_known, 0) as world_sum
    from {{ ref("cluster_ranks") }} as ranks
    cross join sectors
    left join {{ ref("int_field_counts") }} as counts
        on
            counts.scheme = 'sector'
            and ranks.cluster_no = counts.cluster_no
            and sectors.field_code = counts.field_code
    left join {{ ref("int_field_counts") }} as world
        on
            world.scheme = 'sector'
            and world.cluster_no = 0
            and sectors.field_code = world.field_code
    left join {{ ref("int_cluster_sizes") }} as sizes
        on
            sizes.kind = 'pct'
            and ranks.cluster_no = sizes.cluster_no
),

reasons as (
    select
        grid.cluster_no,
        grid.sector,
        grid.count,
        grid.world_count,
        grid.cluster_sum,
        grid.world_sum,
        {{ no_rta_because("grid.cluster_sum", "grid.world_count", "grid.world_sum") }} as rta_why
    from grid
    cross join {{ ref("stg_edition_settings") }} as settings
)

select
    cluster_no,
    sector,
    count,
    case when cluster_sum > 0 then 100 * count / cluster_sum end as share,
    world_count,
    case
        when rta_why is null then {{ advantage("count", "cluster_sum", "world_count", "world_sum") }}
    end as rta,
    rta_why
from reasons
order by cluster_no, sector

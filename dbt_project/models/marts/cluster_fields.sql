-- grain: one cluster and technology field; field 0 holds applications without a known field
with grid as (
    select
        ranks.cluster_no,
        fields.field_nr,
        fields.field,
        fields.sector,
        cast(coalesce(counts.count, 0) as double) as count,
        cast(coalesce(world.count, 0) as double) as world_count,
        coalesce(sizes.known, 0) as cluster_sum,
        coalesce(sizes.world_known, 0) as world_sum
    from {{ ref("cluster_ranks") }} as ranks
    cross join {{ ref("int_fields") }} as fields
    left join {{ ref("int_cluster_fields") }} as counts
        on
            ranks.cluster_no = counts.cluster_no
            and fields.field_nr = counts.field_nr
    left join {{ ref("int_cluster_fields") }} as world
        on
            world.cluster_no = 0
            and fields.field_nr = world.field_nr
    left join {{ ref("int_cluster_sizes") }} as sizes
        on
            sizes.kind = 'pct'
            and ranks.cluster_no = sizes.cluster_no
),

reasons as (
    select
        grid.cluster_no,
        grid.field_nr,
        grid.field,
        grid.sector,
        grid.count,
        grid.world_count,
        grid.cluster_sum,
        grid.world_sum,
        case
            when grid.field_nr = 0 then 'unknown field'
            else {{ no_rta_because("grid.cluster_sum", "grid.world_count", "grid.world_sum") }}
        end as rta_why
    from grid
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
    case
        when rta_why is null then {{ advantage("count", "cluster_sum", "world_count", "world_sum") }}
    end as rta,
    rta_why
from reasons
order by cluster_no, field_nr

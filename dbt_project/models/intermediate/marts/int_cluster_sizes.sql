-- grain: one cluster and kind, 0 for the world: parts in known fields (n of METHODOLOGY 16) and in none
with sizes as (
    select
        cluster_no,
        'pct' as kind,
        cast(coalesce(sum(count) filter (where field_nr > 0), 0) as double) as known,
        cast(coalesce(sum(count) filter (where field_nr = 0), 0) as double) as unknown
    from {{ ref("int_cluster_fields") }}
    group by cluster_no
    union all
    select
        counts.cluster_no,
        'sci' as kind,
        cast(
            coalesce(sum(counts.count) filter (where categories.science_field <> '0'), 0) as double
        ) as known,
        cast(
            coalesce(sum(counts.count) filter (where categories.science_field = '0'), 0) as double
        ) as unknown
    from {{ ref("int_cluster_categories") }} as counts
    inner join {{ ref("int_categories") }} as categories
        on counts.subject_key = categories.subject_key
    group by counts.cluster_no
)

select
    sizes.cluster_no,
    sizes.kind,
    sizes.known,
    sizes.unknown,
    coalesce(world.known, 0) as world_known
from sizes
left join sizes as world
    on
        sizes.kind = world.kind
        and world.cluster_no = 0

-- grain: one cluster and science field with any article; field 0 holds articles without a known category
with fields as (
    select
        counts.cluster_no,
        categories.science_field,
        any_value(categories.science_field_name) as science_field_name,
        any_value(categories.science_group) as science_group,
        cast(sum(counts.count) as double) as count
    from {{ ref("int_cluster_categories") }} as counts
    inner join {{ ref("int_categories") }} as categories
        on counts.subject_key = categories.subject_key
    group by counts.cluster_no, categories.science_field
),

reasons as (
    select
        fields.cluster_no,
        fields.science_field,
        fields.science_field_name,
        fields.science_group,
        fields.count,
        world.count as world_count,
        sizes.known,
        sizes.world_known,
        case
            when fields.science_field = '0' then 'unknown field'
            else {{ no_rta_because("sizes.known", "world.count", "sizes.world_known", "articles") }}
        end as rta_why
    from fields
    inner join fields as world
        on
            world.cluster_no = 0
            and fields.science_field = world.science_field
    inner join {{ ref("int_cluster_sizes") }} as sizes
        on
            sizes.kind = 'sci'
            and fields.cluster_no = sizes.cluster_no
    cross join {{ ref("stg_edition_settings") }} as settings
    where fields.cluster_no > 0
)

select
    cluster_no,
    science_field,
    science_field_name,
    science_group,
    count,
    case when science_field <> '0' then 100 * count / known end as share,
    world_count,
    case when rta_why is null then {{ advantage("count", "known", "world_count", "world_known") }} end as rta,
    rta_why
from reasons
order by cluster_no, science_field

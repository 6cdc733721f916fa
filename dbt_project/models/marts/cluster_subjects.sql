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
)

select
    fields.cluster_no,
    fields.science_field,
    fields.science_field_name,
    fields.science_group,
    fields.count,
    case when fields.science_field <> '0' then 100 * fields.count / sizes.known end as share,
    world.count as world_count
from fields
inner join fields as world
    on
        world.cluster_no = 0
        and fields.science_field = world.science_field
inner join {{ ref("int_cluster_sizes") }} as sizes
    on
        sizes.kind = 'sci'
        and fields.cluster_no = sizes.cluster_no
where fields.cluster_no > 0
order by fields.cluster_no, fields.science_field

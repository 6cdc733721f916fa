-- grain: one cluster, scheme of fields and field of it; cluster 0 is the world, unknown fields are left out
with applications as (
    select
        counts.cluster_no,
        fields.field_nr,
        fields.field,
        fields.sector,
        counts.count
    from {{ ref("int_cluster_fields") }} as counts
    inner join {{ ref("int_fields") }} as fields
        on counts.field_nr = fields.field_nr
    where counts.field_nr > 0
),

articles as (
    select
        counts.cluster_no,
        categories.science_field,
        categories.science_field_name,
        categories.science_group,
        counts.count
    from {{ ref("int_cluster_categories") }} as counts
    inner join {{ ref("int_categories") }} as categories
        on counts.subject_key = categories.subject_key
    where categories.science_field <> '0'
),

parts as (
    select
        cluster_no,
        'technology field' as scheme,
        cast(field_nr as varchar) as field_code,
        field as field_name,
        count
    from applications
    union all
    select
        cluster_no,
        'sector' as scheme,
        sector as field_code,
        sector as field_name,
        count
    from applications
    union all
    select
        cluster_no,
        'science field' as scheme,
        science_field as field_code,
        science_field_name as field_name,
        count
    from articles
    union all
    select
        cluster_no,
        'science group' as scheme,
        science_group as field_code,
        science_group as field_name,
        count
    from articles
)

select
    cluster_no,
    scheme,
    field_code,
    any_value(field_name) as field_name,
    cast(sum(count) as decimal(38, 15)) as count
from parts
group by cluster_no, scheme, field_code

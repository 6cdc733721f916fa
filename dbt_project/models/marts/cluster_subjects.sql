-- grain: one cluster and science field with any article; field 0 holds articles without a known category
with fields as (
    select distinct
        oecd_fos as science_field,
        oecd_fos_name as science_field_name,
        "group" as science_group
    from {{ ref("science_fields") }}
    union all
    select
        '0' as science_field,
        'Unknown' as science_field_name,
        'Unknown' as science_group
),

world as (
    select
        science_field,
        sum(field_part) as world_count
    from {{ ref("int_documents_by_science_field") }}
    group by science_field
),

counts as (
    select
        parts.cluster_no,
        fields.science_field,
        sum(parts.part * fields.field_part) as count
    from {{ ref("int_cluster_parts") }} as parts
    inner join {{ ref("int_documents_by_science_field") }} as fields
        on parts.document_no = fields.document_no
    where parts.kind = 'sci'
    group by parts.cluster_no, fields.science_field
),

sums as (
    select
        cluster_no,
        cast(sum(count) as double) as cluster_sum
    from counts
    where science_field <> '0'
    group by cluster_no
)

select
    counts.cluster_no,
    counts.science_field,
    fields.science_field_name,
    fields.science_group,
    cast(counts.count as double) as count,
    case
        when counts.science_field <> '0' then 100 * cast(counts.count as double) / sums.cluster_sum
    end as share,
    cast(world.world_count as double) as world_count
from counts
inner join fields
    on counts.science_field = fields.science_field
inner join world
    on counts.science_field = world.science_field
left join sums
    on counts.cluster_no = sums.cluster_no
order by counts.cluster_no, counts.science_field

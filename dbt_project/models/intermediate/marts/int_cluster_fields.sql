-- grain: one cluster and technology field with any application; cluster 0 is the world, field 0 the unknown
select
    parts.cluster_no,
    fields.field_nr,
    cast(sum(parts.part * fields.field_part) as decimal(38, 15)) as count
from {{ ref("int_cluster_parts") }} as parts
inner join {{ ref("int_documents_by_field") }} as fields
    on parts.document_no = fields.document_no
where parts.kind = 'pct'
group by parts.cluster_no, fields.field_nr
union all
select
    0 as cluster_no,
    field_nr,
    cast(sum(field_part) as decimal(38, 15)) as count
from {{ ref("int_documents_by_field") }}
group by field_nr

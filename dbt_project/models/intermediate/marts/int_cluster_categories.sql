-- grain: one cluster and category, as its key, with any article; cluster 0 is the world
select
    parts.cluster_no,
    subjects.subject_key,
    cast(sum(parts.part * subjects.subject_part) as decimal(38, 15)) as count
from {{ ref("int_cluster_parts") }} as parts
inner join {{ ref("int_documents_by_subject") }} as subjects
    on parts.document_no = subjects.document_no
where parts.kind = 'sci'
group by parts.cluster_no, subjects.subject_key
union all
select
    0 as cluster_no,
    subject_key,
    cast(sum(subject_part) as decimal(38, 15)) as count
from {{ ref("int_documents_by_subject") }}
group by subject_key

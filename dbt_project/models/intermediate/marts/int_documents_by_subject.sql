-- grain: one article and category, by its key, with its part; the key is empty without any category
with subjects as (
    select distinct
        documents.document_no,
        {{ subject_key("subjects.subject") }} as subject_key
    from {{ ref("int_documents_in_window") }} as documents
    inner join {{ ref("stg_subjects") }} as subjects
        on
            documents.document_no = subjects.document_no
            and documents.publication_year = subjects.publication_year
    where documents.kind = 'sci'
),

sizes as (
    select
        document_no,
        count(*) as subjects
    from subjects
    group by document_no
)

select
    subjects.document_no,
    subjects.subject_key,
    {{ equal_part("sizes.subjects") }} as subject_part
from subjects
inner join sizes
    on subjects.document_no = sizes.document_no
union all
select
    documents.document_no,
    '' as subject_key,
    cast(1 as decimal(18, 15)) as subject_part
from {{ ref("int_documents_in_window") }} as documents
anti join subjects
    on documents.document_no = subjects.document_no
where documents.kind = 'sci'

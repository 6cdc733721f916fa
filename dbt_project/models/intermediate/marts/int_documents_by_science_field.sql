-- grain: one article and science field with the part that the field gets; 0 without a known category
with categories as (
    select
        match_key,
        min(oecd_fos) as science_field
    from {{ ref("science_fields") }}
    group by match_key
),

subjects as (
    select
        documents.document_no,
        coalesce(categories.science_field, '0') as science_field,
        count(*) over (partition by documents.document_no) as subjects
    from {{ ref("int_documents_in_window") }} as documents
    inner join {{ ref("stg_subjects") }} as subjects
        on
            documents.document_no = subjects.document_no
            and documents.publication_year = subjects.publication_year
    left join categories
        on {{ subject_key("subjects.subject") }} = categories.match_key
    where documents.kind = 'sci'
)

select
    document_no,
    science_field,
    cast(count(*) / max(subjects) as decimal(18, 15)) as field_part
from subjects
group by document_no, science_field
union all
select
    documents.document_no,
    '0' as science_field,
    cast(1 as decimal(18, 15)) as field_part
from {{ ref("int_documents_in_window") }} as documents
anti join {{ ref("stg_subjects") }} as subjects
    on
        documents.document_no = subjects.document_no
        and documents.publication_year = subjects.publication_year
where documents.kind = 'sci'

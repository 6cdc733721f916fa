-- grain: one document of the edition's windows
with settings as (
    select
        sci_indexes,
        sci_doc_types
    from {{ ref("stg_edition_settings") }}
)

select
    documents.document_no,
    documents.kind,
    documents.publication_year
from {{ ref("stg_documents") }} as documents
inner join {{ ref("int_edition_years") }} as years
    on
        documents.kind = years.kind
        and documents.publication_year = years.publication_year
cross join settings
where
    documents.kind = 'pct'
    or (
        (
            settings.sci_indexes is null
            or documents.index_name is null
            or list_contains(settings.sci_indexes, documents.index_name)
        )
        and (
            settings.sci_doc_types is null
            or list_contains(settings.sci_doc_types, trim(split_part(documents.document_type, ';', 1)))
        )
    )

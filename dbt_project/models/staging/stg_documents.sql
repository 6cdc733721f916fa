-- grain: one PCT application or one article
select
    document_no,
    document_id,
    kind,
    document_type,
    index_name,
    cast(publication_year as smallint) as publication_year
from {{ source('lake', 'documents') }}
where {{ in_edition_years() }}

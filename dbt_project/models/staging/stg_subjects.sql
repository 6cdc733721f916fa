-- grain: one Web of Science category of an article
select
    document_no,
    subject,
    cast(publication_year as smallint) as publication_year
from {{ source('lake', 'subjects') }}
where {{ in_edition_years() }}

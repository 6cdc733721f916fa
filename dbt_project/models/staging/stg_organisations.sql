-- grain: one organisation named in an address of an article
select
    document_no,
    organisation_no,
    name,
    name_key,
    address_id,
    cast(publication_year as smallint) as publication_year
from {{ source('lake', 'organisations') }}
where {{ in_edition_years() }}

-- grain: one (document, person, address) triple; a person without address has one row
select
    document_no,
    listing_no,
    kind,
    person_no,
    address_no,
    address_id,
    linked,
    why_unlocated,
    cast(publication_year as smallint) as publication_year
from {{ source('lake', 'listings') }}
where {{ in_edition_years() }}

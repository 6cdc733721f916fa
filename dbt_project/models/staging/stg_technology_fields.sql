-- grain: one of 35 technology fields of an application
select
    document_no,
    field_nr,
    weight,
    basis,
    cast(publication_year as smallint) as publication_year
from {{ source('lake', 'technology_fields') }}
where {{ in_edition_years() }}

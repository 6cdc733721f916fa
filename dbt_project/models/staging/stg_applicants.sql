-- grain: one applicant of an application
select
    document_no,
    applicant_no,
    is_person,
    name,
    name_key,
    country,
    cast(publication_year as smallint) as publication_year
from {{ source('lake', 'applicants') }}
where {{ in_edition_years() }}

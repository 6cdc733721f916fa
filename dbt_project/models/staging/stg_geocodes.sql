-- grain: where an address was placed, how exactly, how sure
select
    address_id,
    latitude,
    longitude,
    precision,
    place_id,
    country,
    method,
    score,
    cast(publication_year as smallint) as publication_year
from {{ source('lake', 'geocodes') }}
where {{ in_edition_years() }}

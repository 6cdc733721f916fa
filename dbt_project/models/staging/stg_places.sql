-- grain: one place of the gazetteer
select
    place_id,
    name,
    region_name,
    country
from {{ source('reference', 'places') }}

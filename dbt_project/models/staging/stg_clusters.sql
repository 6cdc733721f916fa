-- grain: one cluster: what it is called and where it lies
select
    cluster_no,
    cluster_id,
    name,
    cities,
    economies,
    economy_label,
    points,
    listings,
    latitude,
    longitude,
    area_km2,
    population,
    population_source,
    population_year,
    population_approximate,
    merged_from
from {{ source('edition', 'clusters') }}

-- grain: one address of a year that is placed finely enough to be a point, with its point
with used as (
    select distinct
        publication_year,
        address_id
    from {{ ref("int_address_listings") }}
    where address_id is not null
),

located as (
    select
        geocodes.publication_year,
        geocodes.address_id,
        round(geocodes.latitude, 6) + 0.0 as latitude,
        round(geocodes.longitude, 6) + 0.0 as longitude,
        coalesce(geocodes.country, '') as country,
        coalesce(geocodes.place_id, 0) as place_id
    from {{ ref("stg_geocodes") }} as geocodes
    inner join used
        on
            geocodes.publication_year = used.publication_year
            and geocodes.address_id = used.address_id
    cross join {{ ref("stg_edition_settings") }} as settings
    where
        geocodes.latitude is not null
        and geocodes.longitude is not null
        and (
            geocodes.method = 'given'
            or list_contains(settings.point_precisions, geocodes.precision)
        )
)

select
    publication_year,
    address_id,
    cast(dense_rank() over (order by latitude, longitude) as integer) as point_id,
    latitude,
    longitude,
    country,
    place_id
from located

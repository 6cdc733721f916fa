-- grain: one address of a year that is placed finely enough to be a point, with the number of its coordinate
with placed as (
    select
        geocodes.publication_year,
        geocodes.address_id,
        round(geocodes.latitude, 6) + 0.0 as latitude,
        round(geocodes.longitude, 6) + 0.0 as longitude,
        coalesce(geocodes.country, '') as country,
        coalesce(geocodes.place_id, 0) as place_id
    from {{ ref("stg_geocodes") }} as geocodes
    cross join {{ ref("stg_edition_settings") }} as settings
    where
        geocodes.latitude is not null
        and geocodes.longitude is not null
        and (
            geocodes.method = 'given'
            or list_contains(settings.point_precisions, geocodes.precision)
        )
),

coordinates as (
    select
        latitude,
        longitude,
        cast(row_number() over (order by latitude asc, longitude asc) as integer) as coordinate_no
    from placed
    group by latitude, longitude
)

select
    placed.publication_year,
    placed.address_id,
    coordinates.coordinate_no,
    placed.latitude,
    placed.longitude,
    placed.country,
    placed.place_id
from placed
inner join coordinates
    on
        placed.latitude = coordinates.latitude
        and placed.longitude = coordinates.longitude

-- grain: one address of a year at a point
select
    addresses.publication_year,
    addresses.address_id,
    points.point_id,
    addresses.latitude,
    addresses.longitude,
    addresses.country,
    addresses.place_id
from {{ ref("int_address_coordinates") }} as addresses
inner join {{ ref("int_coordinate_points") }} as points
    on addresses.coordinate_no = points.coordinate_no

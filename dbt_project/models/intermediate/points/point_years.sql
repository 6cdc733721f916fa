-- grain: one point, kind and publication year
select
    points.point_id,
    years.kind,
    years.publication_year,
    years.listings,
    years.count
from {{ ref("int_coordinate_years") }} as years
inner join {{ ref("int_coordinate_points") }} as points
    on years.coordinate_no = points.coordinate_no
order by points.point_id, years.kind, years.publication_year

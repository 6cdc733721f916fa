-- grain: one coordinate with located listings, with the number of its point
select
    coordinate_no,
    cast(row_number() over (order by coordinate_no asc) as integer) as point_id
from {{ ref("int_coordinate_years") }}
group by coordinate_no

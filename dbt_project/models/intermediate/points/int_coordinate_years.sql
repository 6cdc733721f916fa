-- grain: one coordinate, kind and publication year with located listings
select
    coordinate_no,
    kind,
    publication_year,
    count(*) as listings,
    count(*) filter (where weighs) as weighing,
    cast(sum(fraction) as decimal(38, 15)) as count
from {{ ref("int_listings_located") }}
where coordinate_no is not null
group by coordinate_no, kind, publication_year

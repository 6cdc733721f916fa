-- grain: one point, kind and publication year
select
    point_id,
    kind,
    publication_year,
    count(*) as listings,
    cast(sum(fraction) as decimal(38, 15)) as count
from {{ ref("int_listings_located") }}
where point_id is not null
group by point_id, kind, publication_year
order by point_id, kind, publication_year

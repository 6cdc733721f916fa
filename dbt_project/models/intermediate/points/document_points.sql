-- grain: one document and point; no point for its unlocated part
select
    document_no,
    point_id,
    kind,
    publication_year,
    cast(count(*) filter (where listing_no > 0) as integer) as listings,
    cast(sum(fraction) as decimal(18, 15)) as fraction
from {{ ref("int_listings_located") }}
group by document_no, point_id, kind, publication_year
order by document_no, point_id

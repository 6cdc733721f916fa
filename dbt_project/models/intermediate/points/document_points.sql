-- grain: one document and point; no point for its unlocated part
select
    document_no,
    point_id,
    any_value(kind) as kind,
    any_value(publication_year) as publication_year,
    cast(count(*) filter (where listing_no > 0) as integer) as listings,
    cast(sum(fraction) as decimal(18, 15)) as fraction
from {{ ref("int_listings_located") }}
group by document_no, point_id
order by document_no, point_id

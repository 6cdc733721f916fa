-- grain: the listings of one kind at one address of a year; without an address, of one reason
select
    publication_year,
    kind,
    address_id,
    why_unlocated,
    count(*) filter (where listing_no > 0) as listings,
    sum(fraction) as fraction
from {{ ref("int_listings_located") }}
group by publication_year, kind, address_id, why_unlocated

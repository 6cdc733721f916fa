-- grain: one listing of the windows with its coordinate, none when unlocated, and whether it weighs in DBSCAN
select
    listings.document_no,
    listings.listing_no,
    listings.kind,
    listings.publication_year,
    listings.address_id,
    listings.why_unlocated,
    addresses.coordinate_no,
    listings.fraction,
    addresses.coordinate_no is not null
    and (listings.linked or first_shared.address_no is not null) as weighs
from {{ ref("int_listings_weighted") }} as listings
left join {{ ref("int_address_coordinates") }} as addresses
    on
        listings.publication_year = addresses.publication_year
        and listings.address_id = addresses.address_id
left join {{ ref("int_first_shared") }} as first_shared
    on
        not listings.linked
        and listings.document_no = first_shared.document_no
        and listings.person_no = first_shared.person_no
        and listings.address_no = first_shared.address_no

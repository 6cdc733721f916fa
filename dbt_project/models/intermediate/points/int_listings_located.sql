-- grain: one listing of the windows with its point, none when unlocated, and whether it weighs in DBSCAN
with placed as (
    select
        listings.document_no,
        listings.listing_no,
        listings.kind,
        listings.publication_year,
        listings.person_no,
        listings.address_no,
        listings.linked,
        listings.fraction,
        addresses.point_id
    from {{ ref("int_listings_weighted") }} as listings
    left join {{ ref("int_address_points") }} as addresses
        on
            listings.publication_year = addresses.publication_year
            and listings.address_id = addresses.address_id
),

-- the shared addresses of an author without a link weigh at the first located one
first_shared as (
    select
        document_no,
        person_no,
        min(address_no) as address_no
    from placed
    where
        not linked
        and point_id is not null
    group by document_no, person_no
)

select
    placed.document_no,
    placed.listing_no,
    placed.kind,
    placed.publication_year,
    placed.point_id,
    placed.fraction,
    placed.point_id is not null and (placed.linked or first_shared.address_no is not null) as weighs
from placed
left join first_shared
    on
        not placed.linked
        and placed.document_no = first_shared.document_no
        and placed.person_no = first_shared.person_no
        and placed.address_no = first_shared.address_no

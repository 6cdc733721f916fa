-- grain: one author without a link, with the first located one of the addresses shared
{{ config(materialized="view") }}
select
    listings.document_no,
    listings.person_no,
    min(listings.address_no) as address_no
from {{ ref("stg_listings") }} as listings
inner join {{ ref("int_address_coordinates") }} as addresses
    on
        listings.publication_year = addresses.publication_year
        and listings.address_id = addresses.address_id
where not listings.linked
group by listings.document_no, listings.person_no

-- grain: one economy, kind and precision; listings without an address have the precision 'no address'
select
    coalesce(geocodes.country, 'unknown') as country,
    listings.kind,
    case
        when listings.address_id is null then 'no address'
        else coalesce(geocodes.precision, 'none')
    end as precision,
    cast(sum(listings.listings) as bigint) as listings,
    cast(sum(listings.fraction) as double) as fraction
from {{ ref("int_address_listings") }} as listings
left join {{ ref("stg_geocodes") }} as geocodes
    on
        listings.publication_year = geocodes.publication_year
        and listings.address_id = geocodes.address_id
group by all
order by country, listings.kind, precision

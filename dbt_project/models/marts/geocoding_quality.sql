-- grain: one economy, kind, precision and reason; listings without an address have the precision 'no address'
with clustered as (
    select
        addresses.publication_year,
        addresses.address_id
    from {{ ref("int_address_points") }} as addresses
    inner join {{ ref("stg_point_clusters") }} as clusters
        on addresses.point_id = clusters.point_id
    where clusters.cluster_no > 0
)

select
    coalesce(geocodes.country, 'unknown') as country,
    listings.kind,
    case
        when listings.address_id is null then 'no address'
        else coalesce(geocodes.precision, 'none')
    end as precision,
    case
        when listings.address_id is null then coalesce(listings.why_unlocated, 'no_address')
        when geocodes.latitude is null then coalesce(geocodes.method, 'not_placed')
        else ''
    end as reason,
    cast(sum(listings.listings) as bigint) as listings,
    cast(sum(listings.fraction) as double) as fraction,
    -- exact, so that the order of rows changes no digit
    cast(
        coalesce(
            sum(listings.listings * cast(1 - geocodes.score as decimal(18, 9)))
            filter (where geocodes.latitude is not null),
            0
        ) as double
    ) as expected_errors,
    cast(
        coalesce(sum(listings.listings) filter (where clustered.address_id is not null), 0) as bigint
    ) as listings_in_clusters
from {{ ref("int_address_listings") }} as listings
left join {{ ref("stg_geocodes") }} as geocodes
    on
        listings.publication_year = geocodes.publication_year
        and listings.address_id = geocodes.address_id
left join clustered
    on
        listings.publication_year = clustered.publication_year
        and listings.address_id = clustered.address_id
group by all
order by country, listings.kind, precision, reason

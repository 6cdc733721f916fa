-- grain: one distinct coordinate with located listings
with located as (
    select
        points.point_id,
        cast(coalesce(sum(years.listings) filter (where years.kind = 'pct'), 0) as bigint) as pct_listings,
        cast(coalesce(sum(years.listings) filter (where years.kind = 'sci'), 0) as bigint) as sci_listings,
        cast(coalesce(sum(years.weighing) filter (where years.kind = 'pct'), 0) as bigint) as pct_weighing,
        cast(coalesce(sum(years.weighing) filter (where years.kind = 'sci'), 0) as bigint) as sci_weighing
    from {{ ref("int_coordinate_years") }} as years
    inner join {{ ref("int_coordinate_points") }} as points
        on years.coordinate_no = points.coordinate_no
    group by points.point_id
),

masses as (
    select
        cast(coalesce(sum(pct_weighing), 0) as bigint) as inventors,
        cast(coalesce(sum(sci_weighing), 0) as bigint) as authors
    from located
),

-- listings per kind and what one of them weighs; the quotient is rounded half up in integers
units as (
    select
        case
            when settings.point_weighting = 'listings' then 1
            when masses.inventors > 0
                then
                    (settings.balance_scale * (masses.inventors + masses.authors) + masses.inventors)
                    // (2 * masses.inventors)
            else 0
        end as inventor,
        case
            when settings.point_weighting = 'listings' then 1
            when masses.authors > 0
                then
                    (settings.balance_scale * (masses.inventors + masses.authors) + masses.authors)
                    // (2 * masses.authors)
            else 0
        end as author
    from masses
    cross join {{ ref("stg_edition_settings") }} as settings
),

place_listings as (
    select
        addresses.point_id,
        addresses.latitude,
        addresses.longitude,
        addresses.country,
        addresses.place_id,
        sum(listings.listings) as listings
    from {{ ref("int_address_points") }} as addresses
    inner join {{ ref("int_address_listings") }} as listings
        on
            addresses.publication_year = listings.publication_year
            and addresses.address_id = listings.address_id
    group by all
),

main_places as (
    select
        point_id,
        latitude,
        longitude,
        country,
        place_id
    from place_listings
    qualify row_number() over (partition by point_id order by listings desc, place_id asc, country asc) = 1
)

select
    located.point_id,
    main_places.latitude,
    main_places.longitude,
    main_places.country,
    main_places.place_id,
    located.pct_listings,
    located.sci_listings,
    cast(located.pct_weighing * units.inventor + located.sci_weighing * units.author as bigint) as weight
from located
inner join main_places
    on located.point_id = main_places.point_id
cross join units
order by located.point_id

-- grain: one pair of neighbouring cities that WIPO's ranking of 2024 joined or kept apart
with cities as (
    select
        city,
        cluster,
        latitude,
        longitude
    from {{ ref("gii_2024_pair_cities") }}
),

nearby as (
    select
        cities.city,
        cities.cluster,
        clusters.cluster_no,
        clusters.dbscan_no,
        points.point_id,
        {{
            great_circle_km("cities.latitude", "cities.longitude", "points.latitude", "points.longitude")
        }} as km
    from cities
    inner join {{ ref("points") }} as points
        on abs(cities.latitude - points.latitude) < 0.5
    inner join {{ ref("stg_point_clusters") }} as clusters
        on points.point_id = clusters.point_id
    where clusters.cluster_no > 0
),

found as (
    select
        nearby.city,
        nearby.cluster,
        nearby.cluster_no,
        nearby.dbscan_no
    from nearby
    cross join {{ ref("stg_edition_settings") }} as settings
    where nearby.km <= settings.eps_km
    qualify
        row_number() over (
            partition by nearby.city, nearby.cluster
            order by nearby.km, nearby.point_id
        ) = 1
),

compared as (
    select
        pairs.published,
        pairs.city_a,
        pairs.city_b,
        pairs.km_between_centres,
        pairs.cluster_a,
        pairs.cluster_b,
        found_a.cluster_no as cluster_no_a,
        found_b.cluster_no as cluster_no_b,
        case
            when found_a.cluster_no is null or found_b.cluster_no is null then 'not found'
            when found_a.cluster_no = found_b.cluster_no then 'joined'
            else 'apart'
        end as ours,
        case
            when found_a.cluster_no is null or found_b.cluster_no is null then 'not found'
            when found_a.dbscan_no = found_b.dbscan_no then 'joined'
            else 'apart'
        end as ours_before_merging
    from {{ ref("gii_2024_pairs") }} as pairs
    left join found as found_a
        on
            pairs.city_a = found_a.city
            and pairs.cluster_a = found_a.cluster
    left join found as found_b
        on
            pairs.city_b = found_b.city
            and pairs.cluster_b = found_b.cluster
)

select
    published,
    city_a,
    city_b,
    km_between_centres,
    cluster_a,
    cluster_b,
    cluster_no_a,
    cluster_no_b,
    ours,
    ours_before_merging,
    case when ours <> 'not found' then ours = published end as agrees
from compared
order by published, km_between_centres, city_a, city_b

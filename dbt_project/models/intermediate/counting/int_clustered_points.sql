-- grain: one point with its cluster and its economy as one bit of twice 125, none without an economy
with countries as (
    select
        country,
        cast(row_number() over (order by country asc) - 1 as integer) as position
    from {{ ref("points") }}
    where country <> ''
    group by country
)

select
    points.point_id,
    clusters.cluster_no,
    points.place_id,
    {{ economy_bit(0) }} as economies_a,
    {{ economy_bit(1) }} as economies_b
from {{ ref("points") }} as points
left join countries
    on points.country = countries.country
inner join {{ ref("stg_point_clusters") }} as clusters
    on points.point_id = clusters.point_id

-- grain: one point with its cluster and a number for its economy, null without an economy
select
    points.point_id,
    clusters.cluster_no,
    points.place_id,
    cast(
        case when points.country <> '' then dense_rank() over (order by points.country asc) end as smallint
    ) as economy_no
from {{ ref("points") }} as points
inner join {{ ref("stg_point_clusters") }} as clusters
    on points.point_id = clusters.point_id

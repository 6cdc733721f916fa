-- grain: one point
select
    points.point_id,
    points.latitude,
    points.longitude,
    case
        when clusters.cluster_no < 0 then 'noise'
        when ranks.rank <= settings.ranked_size then 'ranked'
        else 'below'
    end as class,
    clusters.cluster_no,
    ranks.rank,
    clusters.km_to_core,
    points.pct_listings,
    points.sci_listings
from {{ ref("points") }} as points
inner join {{ ref("stg_point_clusters") }} as clusters
    on points.point_id = clusters.point_id
left join {{ ref("cluster_ranks") }} as ranks
    on clusters.cluster_no = ranks.cluster_no
cross join {{ ref("stg_edition_settings") }} as settings
order by points.point_id

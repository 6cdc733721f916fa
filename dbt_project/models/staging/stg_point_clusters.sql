-- grain: the cluster of a point
select
    point_id,
    cluster_no,
    dbscan_no,
    is_core,
    core_point_id,
    km_to_core
from {{ source('edition', 'point_clusters') }}

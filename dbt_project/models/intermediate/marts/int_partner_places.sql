-- grain: one cluster, kind and place outside all clusters with the documents that have listings in both
with outside as (
    select distinct
        parts.document_no,
        points.place_id
    from {{ ref("document_points") }} as parts
    inner join {{ ref("points") }} as points
        on parts.point_id = points.point_id
    inner join {{ ref("stg_point_clusters") }} as clusters
        on parts.point_id = clusters.point_id
    where clusters.cluster_no < 0
)

select
    spread.kind,
    spread.cluster_no,
    outside.place_id,
    count(*) as documents
from {{ ref("int_spread_documents") }} as spread
inner join outside
    on spread.document_no = outside.document_no
group by spread.kind, spread.cluster_no, outside.place_id

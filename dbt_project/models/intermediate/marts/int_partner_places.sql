-- grain: one cluster, kind and place outside all clusters with the documents that have listings in both
with outside as (
    select distinct
        parts.document_no,
        points.place_id
    from {{ ref("document_points") }} as parts
    inner join {{ ref("int_clustered_points") }} as points
        on parts.point_id = points.point_id
    where points.cluster_no < 0
),

shared as (
    select
        spread.kind,
        spread.cluster_no,
        outside.place_id,
        count(*) as documents
    from {{ ref("int_spread_documents") }} as spread
    inner join outside
        on spread.document_no = outside.document_no
    group by spread.kind, spread.cluster_no, outside.place_id
)

-- beyond the first hundred of a cluster places are many and small
select
    kind,
    cluster_no,
    place_id,
    documents
from shared
qualify row_number() over (partition by cluster_no, kind order by documents desc, place_id asc) <= 100

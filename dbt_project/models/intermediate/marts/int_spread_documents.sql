-- grain: one document and cluster, of those with located listings outside this cluster
with spread as (
    select
        parts.document_no,
        min(points.economy_no) as first_economy,
        max(points.economy_no) as last_economy
    from {{ ref("document_points") }} as parts
    inner join {{ ref("int_clustered_points") }} as points
        on parts.point_id = points.point_id
    group by parts.document_no
    having min(points.cluster_no) <> max(points.cluster_no)
),

-- what lies in a cluster of one economy is of that economy; parts are looked at one by one in the others only
mixed_clusters as (
    select cluster_no
    from {{ ref("int_clustered_points") }}
    where cluster_no > 0
    group by cluster_no
    having count(economy_no) < count(*) or min(economy_no) <> max(economy_no)
),

mixed_parts as (
    select
        parts.document_no,
        points.cluster_no,
        count(distinct points.economy_no) as economies
    from {{ ref("document_points") }} as parts
    inner join {{ ref("int_clustered_points") }} as points
        on parts.point_id = points.point_id
    semi join mixed_clusters
        on points.cluster_no = mixed_clusters.cluster_no
    semi join spread
        on parts.document_no = spread.document_no
    group by parts.document_no, points.cluster_no
),

mixed_documents as (
    select
        parts.document_no,
        count(distinct points.economy_no) as economies
    from {{ ref("document_points") }} as parts
    inner join {{ ref("int_clustered_points") }} as points
        on parts.point_id = points.point_id
    semi join mixed_parts
        on parts.document_no = mixed_parts.document_no
    group by parts.document_no
)

select
    parts.document_no,
    parts.kind,
    parts.cluster_no,
    case
        when mixed_parts.economies is null then spread.first_economy <> spread.last_economy
        else mixed_parts.economies < mixed_documents.economies
    end as is_international
from {{ ref("int_document_clusters") }} as parts
inner join spread
    on parts.document_no = spread.document_no
left join mixed_parts
    on
        parts.document_no = mixed_parts.document_no
        and parts.cluster_no = mixed_parts.cluster_no
left join mixed_documents
    on parts.document_no = mixed_documents.document_no
where parts.cluster_no > 0

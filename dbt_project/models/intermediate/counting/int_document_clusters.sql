-- grain: one document and cluster; -1 for its part outside all clusters, -2 for its unlocated part
select
    parts.document_no,
    any_value(parts.kind) as kind,
    any_value(parts.publication_year) as publication_year,
    case when parts.point_id is null then -2 else clusters.cluster_no end as cluster_no,
    cast(sum(parts.fraction) as decimal(18, 15)) as fraction,
    sum(parts.listings) as listings,
    bit_or(clusters.economies_a) as economies_a,
    bit_or(clusters.economies_b) as economies_b
from {{ ref("document_points") }} as parts
left join {{ ref("int_clustered_points") }} as clusters
    on parts.point_id = clusters.point_id
group by all

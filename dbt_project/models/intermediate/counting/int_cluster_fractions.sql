-- grain: one cluster, kind and publication year; -1 outside all clusters, -2 unlocated
select
    cluster_no,
    kind,
    publication_year,
    cast(sum(fraction) as decimal(38, 15)) as fraction,
    count(*) as documents,
    cast(sum(listings) as bigint) as listings
from {{ ref("int_document_clusters") }}
group by cluster_no, kind, publication_year

-- grain: one document and cluster, of those with located listings outside this cluster
with spread as (
    select
        document_no,
        bit_or(economies_a) as economies_a,
        bit_or(economies_b) as economies_b
    from {{ ref("int_document_clusters") }}
    where cluster_no > -2
    group by document_no
    having count(*) > 1
)

select
    parts.document_no,
    parts.kind,
    parts.cluster_no,
    parts.economies_a <> spread.economies_a or parts.economies_b <> spread.economies_b as is_international
from {{ ref("int_document_clusters") }} as parts
inner join spread
    on parts.document_no = spread.document_no
where parts.cluster_no > 0

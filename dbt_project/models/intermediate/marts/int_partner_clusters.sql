-- grain: one cluster, kind and other cluster with the documents that lie in both
with pairs as (
    select
        one.kind,
        one.cluster_no as first_no,
        other.cluster_no as second_no,
        count(*) as documents
    from {{ ref("int_spread_documents") }} as one
    inner join {{ ref("int_spread_documents") }} as other
        on
            one.document_no = other.document_no
            and one.cluster_no < other.cluster_no
    group by one.kind, one.cluster_no, other.cluster_no
)

select
    kind,
    first_no as cluster_no,
    second_no as partner_no,
    documents
from pairs
union all
select
    kind,
    second_no as cluster_no,
    first_no as partner_no,
    documents
from pairs

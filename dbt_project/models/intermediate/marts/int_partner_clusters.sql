-- grain: one cluster, kind and other cluster with the documents that lie in both
-- each kind is joined with itself alone: two smaller tables and no text in the key take a third less time
with pairs as (
    {% for kind in ["pct", "sci"] -%}
        select
            '{{ kind }}' as kind,
            one.cluster_no as first_no,
            other.cluster_no as second_no,
            count(*) as documents
        from {{ ref("int_spread_documents") }} as one
        inner join {{ ref("int_spread_documents") }} as other
            on
                one.document_no = other.document_no
                and one.cluster_no < other.cluster_no
        where
            one.kind = '{{ kind }}'
            and other.kind = '{{ kind }}'
        group by one.cluster_no, other.cluster_no
        {{ "union all" if not loop.last }}
    {% endfor %}
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

-- grain: one cluster and kind with how much of its work is done together with elsewhere
with own as (
    select
        cluster_no,
        kind,
        cast(sum(documents) as bigint) as documents
    from {{ ref("cluster_counts") }}
    where cluster_no > 0
    group by cluster_no, kind
),

spread as (
    select
        cluster_no,
        kind,
        count(*) as elsewhere,
        count(*) filter (where is_international) as international
    from {{ ref("int_spread_documents") }}
    group by cluster_no, kind
),

foremost as (
    select
        cluster_no,
        kind,
        partner_no,
        partner
    from {{ ref("cluster_partners") }}
    where is_leading
)

select
    own.cluster_no,
    own.kind,
    own.documents,
    coalesce(spread.elsewhere, 0) as elsewhere_documents,
    100 * cast(coalesce(spread.elsewhere, 0) as double) / own.documents as elsewhere_share,
    coalesce(spread.international, 0) as international_documents,
    100 * cast(coalesce(spread.international, 0) as double) / own.documents as international_share,
    foremost.partner_no as leading_partner_no,
    foremost.partner as leading_partner
from own
left join spread
    on
        own.cluster_no = spread.cluster_no
        and own.kind = spread.kind
left join foremost
    on
        own.cluster_no = foremost.cluster_no
        and own.kind = foremost.kind
order by own.cluster_no, own.kind

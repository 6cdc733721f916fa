-- grain: one cluster, kind and partner: another cluster, or a place outside all clusters
with pairs as (
    select
        cluster_no,
        kind,
        partner_no,
        cast(0 as bigint) as place_id,
        documents
    from {{ ref("int_partner_clusters") }}
    union all
    select
        cluster_no,
        kind,
        cast(-1 as integer) as partner_no,
        place_id,
        documents
    from {{ ref("int_partner_places") }}
),

own as (
    select
        cluster_no,
        kind,
        cast(sum(documents) as bigint) as documents
    from {{ ref("cluster_counts") }}
    where cluster_no > 0
    group by cluster_no, kind
),

named as (
    select
        pairs.cluster_no,
        pairs.kind,
        case when pairs.partner_no > 0 then 'cluster' else 'place' end as partner_kind,
        pairs.partner_no,
        pairs.place_id,
        coalesce(clusters.name, places.name, 'Unnamed place') as partner,
        coalesce(clusters.economies[1], places.country, '') as partner_economy,
        ranks.rank as partner_rank,
        pairs.documents,
        100 * cast(pairs.documents as double) / own.documents as share
    from pairs
    inner join own
        on
            pairs.cluster_no = own.cluster_no
            and pairs.kind = own.kind
    left join {{ ref("stg_clusters") }} as clusters
        on pairs.partner_no = clusters.cluster_no
    left join {{ ref("cluster_ranks") }} as ranks
        on pairs.partner_no = ranks.cluster_no
    left join {{ ref("stg_places") }} as places
        on
            pairs.partner_no < 0
            and pairs.place_id = places.place_id
),

placed as (
    select
        cluster_no,
        kind,
        partner_kind,
        partner_no,
        place_id,
        partner,
        partner_economy,
        partner_rank,
        documents,
        share,
        row_number() over (
            partition by cluster_no, kind
            order by documents desc, partner_rank asc nulls last, partner_no asc, place_id asc
        ) as position
    from named
)

-- beyond the first hundred only clusters are kept: places outside are many and small
select
    cluster_no,
    kind,
    partner_kind,
    partner_no,
    place_id,
    partner,
    partner_economy,
    partner_rank,
    documents,
    share,
    cast(position as integer) as position,
    partner_kind = 'cluster'
    and position = min(position) filter (where partner_kind = 'cluster') over (
        partition by cluster_no, kind
    ) as is_leading
from placed
where
    partner_kind = 'cluster'
    or position <= 100
order by cluster_no, kind, position

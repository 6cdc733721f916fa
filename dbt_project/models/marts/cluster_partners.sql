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

placed as (
    select
        pairs.cluster_no,
        pairs.kind,
        case when pairs.partner_no > 0 then 'cluster' else 'place' end as partner_kind,
        pairs.partner_no,
        pairs.place_id,
        ranks.rank as partner_rank,
        pairs.documents,
        row_number() over (
            partition by pairs.cluster_no, pairs.kind
            order by pairs.documents desc, ranks.rank asc nulls last, pairs.partner_no asc, pairs.place_id asc
        ) as position
    from pairs
    left join {{ ref("cluster_ranks") }} as ranks
        on pairs.partner_no = ranks.cluster_no
)

select
    placed.cluster_no,
    placed.kind,
    placed.partner_kind,
    placed.partner_no,
    placed.place_id,
    coalesce(clusters.name, places.name, 'Unnamed place') as partner,
    coalesce(clusters.economies[1], places.country, '') as partner_economy,
    placed.partner_rank,
    placed.documents,
    100 * cast(placed.documents as double) / own.documents as share,
    cast(placed.position as integer) as position,
    placed.partner_kind = 'cluster'
    and placed.position = min(placed.position) filter (where placed.partner_kind = 'cluster') over (
        partition by placed.cluster_no, placed.kind
    ) as is_leading
from placed
inner join own
    on
        placed.cluster_no = own.cluster_no
        and placed.kind = own.kind
left join {{ ref("stg_clusters") }} as clusters
    on placed.partner_no = clusters.cluster_no
left join {{ ref("stg_places") }} as places
    on
        placed.partner_no < 0
        and placed.place_id = places.place_id
where
    placed.partner_kind = 'cluster'
    or placed.position <= 100
order by placed.cluster_no, placed.kind, placed.position

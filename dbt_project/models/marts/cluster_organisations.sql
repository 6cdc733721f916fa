-- grain: one cluster and organisation of the addresses that lie in it
with located as (
    select
        organisations.document_no,
        clusters.cluster_no,
        list(distinct names.leader_no) as leaders
    from {{ ref("stg_organisations") }} as organisations
    inner join {{ ref("int_address_points") }} as addresses
        on
            organisations.publication_year = addresses.publication_year
            and organisations.address_id = addresses.address_id
    inner join {{ ref("stg_point_clusters") }} as clusters
        on addresses.point_id = clusters.point_id
    inner join {{ ref("int_leader_names") }} as names
        on
            names.kind = 'sci'
            and organisations.name = names.name
    where clusters.cluster_no > 0
    group by organisations.document_no, clusters.cluster_no
),

named as (
    select
        parts.cluster_no,
        unnest(located.leaders) as leader_no,
        parts.part * {{ equal_part("len(located.leaders)") }} as part
    from {{ ref("int_cluster_parts") }} as parts
    inner join located
        on
            parts.document_no = located.document_no
            and parts.cluster_no = located.cluster_no
    where parts.kind = 'sci'
),

counts as (
    select
        cluster_no,
        leader_no,
        sum(part) as count,
        count(*) as documents
    from named
    group by cluster_no, leader_no
)

select
    counts.cluster_no,
    shown.leader_key as name_key,
    shown.name,
    cast(counts.count as double) as count,
    100 * cast(counts.count as double) / cast(ranks.sci_count as double) as share,
    counts.documents
from counts
inner join {{ ref("cluster_ranks") }} as ranks
    on counts.cluster_no = ranks.cluster_no
inner join {{ ref("int_leader_names") }} as shown
    on
        counts.leader_no = shown.leader_no
        and shown.is_shown
order by counts.cluster_no, shown.leader_key

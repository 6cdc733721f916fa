-- grain: one cluster and organisation of the addresses that lie in it
with located as (
    select distinct
        organisations.document_no,
        clusters.cluster_no,
        names.leader_no
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
),

sized as (
    select
        document_no,
        cluster_no,
        leader_no,
        count(*) over (partition by document_no, cluster_no) as leaders
    from located
),

counts as (
    select
        sized.cluster_no,
        sized.leader_no,
        sum(parts.part * {{ equal_part("sized.leaders") }}) as count,
        count(*) as documents
    from sized
    inner join {{ ref("int_cluster_parts") }} as parts
        on
            sized.document_no = parts.document_no
            and sized.cluster_no = parts.cluster_no
    where parts.kind = 'sci'
    group by sized.cluster_no, sized.leader_no
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

-- grain: one cluster and organisation of the addresses that lie in it
with located as (
    select
        organisations.document_no,
        clusters.cluster_no,
        organisations.name_key,
        min(organisations.name) as name
    from {{ ref("stg_organisations") }} as organisations
    inner join {{ ref("int_address_points") }} as addresses
        on
            organisations.publication_year = addresses.publication_year
            and organisations.address_id = addresses.address_id
    inner join {{ ref("stg_point_clusters") }} as clusters
        on addresses.point_id = clusters.point_id
    where clusters.cluster_no > 0
    group by organisations.document_no, clusters.cluster_no, organisations.name_key
),

named as (
    select
        document_no,
        cluster_no,
        name_key,
        name,
        count(*) over (partition by document_no, cluster_no) as organisations
    from located
),

spellings as (
    select
        name_key,
        name,
        count(*) as articles
    from named
    group by name_key, name
    qualify row_number() over (partition by name_key order by articles desc, name asc) = 1
),

counts as (
    select
        parts.cluster_no,
        named.name_key,
        sum(cast(parts.part as decimal(18, 15)) * {{ equal_part("named.organisations") }}) as count,
        count(*) as documents
    from {{ ref("int_cluster_parts") }} as parts
    inner join named
        on
            parts.document_no = named.document_no
            and parts.cluster_no = named.cluster_no
    where parts.kind = 'sci'
    group by parts.cluster_no, named.name_key
)

select
    counts.cluster_no,
    counts.name_key,
    spellings.name,
    cast(counts.count as double) as count,
    100 * cast(counts.count as double) / cast(ranks.sci_count as double) as share,
    counts.documents
from counts
inner join {{ ref("cluster_ranks") }} as ranks
    on counts.cluster_no = ranks.cluster_no
inner join spellings
    on counts.name_key = spellings.name_key
order by counts.cluster_no, counts.name_key

-- grain: one GII region, income group or continent with at least one cluster
with memberships as (
    select
        ranking.cluster_no,
        ranking.name,
        ranking.rank,
        ranking.ranked,
        ranking.pct_share,
        regions.gii_region,
        regions.income_group,
        regions.continent
    from {{ ref("ranking") }} as ranking
    inner join {{ ref("int_cluster_regions") }} as regions
        on ranking.cluster_no = regions.cluster_no
),

long as (
    unpivot memberships
    on gii_region, income_group, continent
    into name scheme value region
)

select
    scheme,
    region,
    cast(count(*) filter (where ranked) as integer) as clusters_ranked,
    cast(count(*) as integer) as clusters_all,
    min(rank) as best_rank,
    arg_min(name, (rank, -pct_share, name, cluster_no)) as best_cluster
from long
group by scheme, region
order by scheme, region

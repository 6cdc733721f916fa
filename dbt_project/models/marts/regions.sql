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
),

placed as (
    select
        scheme,
        region,
        name,
        rank,
        ranked,
        pct_share,
        cluster_no,
        rank = min(rank) over (partition by scheme, region) as is_best
    from long
)

select
    scheme,
    region,
    cast(count(*) filter (where ranked) as integer) as clusters_ranked,
    cast(count(*) as integer) as clusters_all,
    min(rank) as best_rank,
    string_agg(name, '; ' order by pct_share desc, name asc, cluster_no asc) filter (
        where is_best
    ) as best_cluster
from placed
group by scheme, region
order by scheme, region

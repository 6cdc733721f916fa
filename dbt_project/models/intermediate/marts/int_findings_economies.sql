-- grain: one finding about economies and regions
with economies as (
    select
        iso2,
        wipo_name,
        clusters_ranked,
        best_rank,
        row_number() over (order by clusters_ranked desc, best_rank asc, iso2 asc) as place
    from {{ ref("economy_clusters") }}
    where clusters_ranked > 0
),

alone as (
    select
        regions.continent,
        count(*) as clusters,
        any_value(ranking.name) as name,
        any_value(ranking.cluster_no) as cluster_no,
        any_value(regions.economy) as economy
    from {{ ref("ranking") }} as ranking
    inner join {{ ref("int_cluster_regions") }} as regions
        on ranking.cluster_no = regions.cluster_no
    where
        ranking.ranked
        and regions.continent <> 'Unknown'
    group by regions.continent
    having count(*) = 1
)

select
    'clusters_per_economy' as statement,
    'clusters' as key,
    wipo_name as item,
    cast(clusters_ranked as double) as value,
    'clusters' as unit,
    null as note,
    null as cluster_no,
    iso2 as economy,
    place as sort_no
from economies
union all
select
    'leading_cluster' as statement,
    'leader' as key,
    economies.wipo_name as item,
    ranking.rank as value,
    'cluster' as unit,
    ranking.name as note,
    ranking.cluster_no,
    economies.iso2 as economy,
    row_number() over (
        order by economies.place asc, ranking.pct_share desc, ranking.name asc, ranking.cluster_no asc
    ) as sort_no
from economies
inner join {{ ref("ranking") }} as ranking
    on
        economies.best_rank = ranking.rank
        and list_contains(ranking.economies, economies.iso2)
union all
select
    'only_in_' || lower(replace(continent, ' ', '_')) as statement,
    'cluster' as key,
    name as item,
    clusters as value,
    'clusters' as unit,
    continent as note,
    cluster_no,
    economy,
    1 as sort_no
from alone

-- grain: one finding about growth of output
with grown as (
    select
        ranking.cluster_no,
        ranking.name,
        ranking.rank,
        ranking.growth,
        {{ as_printed("ranking.growth") }} as printed,
        regions.economy,
        regions.income_group
    from {{ ref("ranking") }} as ranking
    inner join {{ ref("int_cluster_regions") }} as regions
        on ranking.cluster_no = regions.cluster_no
    where
        ranking.ranked
        and ranking.growth is not null
),

compared as (
    select
        cluster_no,
        name,
        rank,
        growth,
        printed,
        economy,
        unnest(
            case
                when income_group in ('lower_middle', 'upper_middle') and economy <> 'CN'
                    then ['fastest_growing', 'fastest_growing_middle_income_other_than_china']
                else ['fastest_growing']
            end
        ) as statement
    from grown
),

placed as (
    select
        statement,
        cluster_no,
        name,
        growth,
        economy,
        count(*) over (partition by statement) as clusters,
        -- figures that print alike are one place, so that no sentence says faster where the page shows equal
        rank() over (partition by statement order by printed desc) as place,
        row_number() over (
            partition by statement
            order by growth desc, rank asc, name asc, cluster_no asc
        ) as sort_no
    from compared
)

select
    statement,
    'growth' as key,
    name as item,
    growth as value,
    'percent, ' || clusters || ' compared' as unit,
    null as note,
    cluster_no,
    economy,
    sort_no
from placed
where
    place <= 3
    and growth > 0
union all
select
    'shrinking_high_income' as statement,
    'clusters' as key,
    'high-income clusters with falling output' as item,
    count(*) filter (where printed < 0) as value,
    'of ' || count(*) as unit,
    null as note,
    null as cluster_no,
    null as economy,
    1 as sort_no
from grown
where income_group = 'high'
having count(*) > 0

-- grain: one finding about growth of output
with grown as (
    select
        ranking.cluster_no,
        ranking.name,
        ranking.rank,
        ranking.growth,
        {{ as_printed("ranking.growth") }} as printed,
        regions.economy,
        regions.income_group,
        regions.income_group in ('lower_middle', 'upper_middle') and regions.economy <> 'CN' as is_middle
    from {{ ref("ranking") }} as ranking
    inner join {{ ref("int_cluster_regions") }} as regions
        on ranking.cluster_no = regions.cluster_no
    where
        ranking.ranked
        and ranking.growth is not null
),

placed as (
    select
        cluster_no,
        name,
        growth,
        economy,
        is_middle,
        -- figures that print alike are one place, so that no sentence says faster where the page shows equal
        rank() over (order by printed desc) as place,
        rank() over (partition by is_middle order by printed desc) as place_in_group,
        row_number() over (order by growth desc, rank asc, name asc, cluster_no asc) as sort_no
    from grown
)

select
    'fastest_growing' as statement,
    'growth' as key,
    name as item,
    growth as value,
    'percent' as unit,
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
    'fastest_growing_middle_income_other_than_china' as statement,
    'growth' as key,
    name as item,
    growth as value,
    'percent' as unit,
    null as note,
    cluster_no,
    economy,
    sort_no
from placed
where
    is_middle
    and place_in_group <= 3
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

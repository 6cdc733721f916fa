-- grain: one finding about single clusters: first five, two leaders, most intensive, new ones
with ranked as (
    select
        ranking.cluster_no,
        ranking.name,
        ranking.rank,
        ranking.pct_share,
        ranking.intensity_rank,
        {{ as_printed("ranking.intensity", 2) }} as printed_intensity,
        ranking.is_new,
        ranking.first_time,
        ranking.previous_rank,
        regions.economy,
        regions.gii_region,
        regions.subregion,
        row_number() over (
            order by ranking.rank asc, ranking.pct_share desc, ranking.name asc, ranking.cluster_no asc
        ) as place
    from {{ ref("ranking") }} as ranking
    inner join {{ ref("int_cluster_regions") }} as regions
        on ranking.cluster_no = regions.cluster_no
    where ranking.ranked
),

first_five as (
    select
        case
            when min(subregion) = max(subregion) and min(subregion) <> 'Unknown' then min(subregion)
            when min(gii_region) = max(gii_region) and min(gii_region) <> 'Unknown' then min(gii_region)
        end as region
    from ranked
    where rank <= 5
)

select
    'top_five' as statement,
    'rank' as key,
    ranked.name as item,
    cast(ranked.rank as double) as value,
    'rank' as unit,
    first_five.region as note,
    ranked.cluster_no,
    ranked.economy,
    ranked.place as sort_no
from ranked
cross join first_five
where ranked.rank <= 5
union all
select
    'top_two_pct' as statement,
    'pct_share_combined' as key,
    string_agg(name, ' + ' order by place) as item,
    cast(sum(cast(pct_share as decimal(18, 15))) as double) as value,
    'percent of world PCT' as unit,
    null as note,
    null as cluster_no,
    null as economy,
    1 as sort_no
from ranked
where rank <= 2
having
    count(*) > 1
    and max(pct_share) > 0
union all
select
    'most_intensive' as statement,
    'intensity_rank' as key,
    name as item,
    intensity_rank as value,
    'rank' as unit,
    null as note,
    cluster_no,
    economy,
    intensity_rank as sort_no
from ranked
where intensity_rank is not null
-- whoever prints like the last of the first five is not left out for a digit that nobody sees
qualify printed_intensity >= min(printed_intensity) filter (where intensity_rank <= 5) over ()
union all
select
    'new_entrants' as statement,
    'rank' as key,
    name as item,
    rank as value,
    'rank' as unit,
    case
        when first_time then 'first_time'
        when previous_rank is null then 'ranked earlier'
        else 'ranked ' || previous_rank || ' before'
    end as note,
    cluster_no,
    economy,
    place as sort_no
from ranked
where is_new

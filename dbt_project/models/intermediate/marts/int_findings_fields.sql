-- grain: one finding about technology fields of the ranked clusters
with parts as (
    select
        counts.cluster_no,
        counts.field_nr,
        counts.count,
        ranking.rank
    from {{ ref("int_cluster_fields") }} as counts
    inner join {{ ref("ranking") }} as ranking
        on counts.cluster_no = ranking.cluster_no
    where
        counts.field_nr > 0
        and ranking.ranked
),

sizes as (
    select
        field_nr,
        sum(count) as count,
        sum(count) filter (where rank <= 10) as top_ten
    from parts
    group by field_nr
),

cumulated as (
    select
        field_nr,
        count,
        top_ten,
        row_number() over (order by count desc, field_nr asc) as place,
        cast(count as double) / cast(sum(count) over () as double) as share,
        cast(sum(count) over (order by count desc, field_nr asc) - count as double)
        / cast(sum(count) over () as double) as share_before
    from sizes
    where count > 0
),

half as (
    select
        cumulated.field_nr,
        cumulated.count,
        cumulated.top_ten,
        cumulated.place,
        cumulated.share
    from cumulated
    cross join {{ ref("stg_edition_settings") }} as settings
    where cumulated.share_before < settings.half_share
),

electrical as (
    select
        ranking.cluster_no,
        ranking.name,
        profiles.electrical_share,
        profiles.electrical_share * profiles.known_count / 100 as electrical_count,
        rank() over (order by {{ as_printed("profiles.electrical_share") }} desc) as place,
        row_number() over (
            order by
                profiles.electrical_share desc,
                ranking.rank asc,
                ranking.name asc,
                ranking.cluster_no asc
        ) as sort_no
    from {{ ref("cluster_profiles") }} as profiles
    inner join {{ ref("ranking") }} as ranking
        on profiles.cluster_no = ranking.cluster_no
    where
        ranking.ranked
        and profiles.hhi_why is null
        and profiles.electrical_share > 0
)

select
    'half_of_top100_pct' as statement,
    'field_' || half.place as key,
    fields.field as item,
    100 * half.share as value,
    'percent of the ranked clusters'' PCT' as unit,
    null as note,
    null as cluster_no,
    null as economy,
    half.place as sort_no
from half
inner join {{ ref("int_fields") }} as fields
    on half.field_nr = fields.field_nr
union all
select
    'half_of_top100_pct' as statement,
    'top10_clusters_part' as key,
    'top ten clusters' as item,
    100 * cast(coalesce(sum(top_ten), 0) as double) / cast(sum(count) as double) as value,
    'percent' as unit,
    null as note,
    null as cluster_no,
    null as economy,
    1000 as sort_no
from half
having count(*) > 0
union all
select
    'electrical_engineering_share' as statement,
    'share' as key,
    name as item,
    electrical_share as value,
    'percent of the cluster''s PCT' as unit,
    case when electrical_count = max(electrical_count) over () then 'highest volume' end as note,
    cluster_no,
    null as economy,
    sort_no
from electrical
qualify
    place <= 4
    or electrical_count = max(electrical_count) over ()

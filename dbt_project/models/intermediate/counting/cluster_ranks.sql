-- grain: one cluster
with world as (
    select
        max(total) filter (where kind = 'pct') as pct_total,
        max(total) filter (where kind = 'sci') as sci_total
    from {{ ref("world_totals") }}
),

counts as (
    select
        cluster_no,
        cast(coalesce(sum(count) filter (where kind = 'pct'), 0) as decimal(38, 15)) as pct_count,
        cast(coalesce(sum(count) filter (where kind = 'sci'), 0) as decimal(38, 15)) as sci_count
    from {{ ref("cluster_counts") }}
    where cluster_no > 0
    group by cluster_no
),

shares as (
    select
        counts.cluster_no,
        counts.pct_count,
        counts.sci_count,
        {{ share_of("counts.pct_count", "world.pct_total") }} as pct_share,
        {{ share_of("counts.sci_count", "world.sci_total") }} as sci_share
    from counts
    cross join world
),

totals as (
    select
        shares.cluster_no,
        shares.pct_count,
        shares.sci_count,
        shares.pct_share,
        shares.sci_share,
        case when list_contains(settings.indicators, 'pct') then shares.pct_share else 0 end
        + case when list_contains(settings.indicators, 'sci') then shares.sci_share else 0 end as total
    from shares
    cross join {{ ref("stg_edition_settings") }} as settings
)

select
    cluster_no,
    pct_count,
    sci_count,
    pct_share,
    sci_share,
    total,
    cast(rank() over (order by {{ tie_total("total") }} desc) as integer) as rank
from totals
order by cluster_no

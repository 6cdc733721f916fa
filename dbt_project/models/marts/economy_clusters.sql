-- grain: one economy with at least one cluster
with memberships as (
    select
        unnest(economies) as iso2,
        name,
        rank,
        ranked,
        pct_share,
        cluster_no
    from {{ ref("ranking") }}
),

placed as (
    select
        iso2,
        name,
        rank,
        ranked,
        pct_share,
        cluster_no,
        rank = min(rank) over (partition by iso2) as is_best
    from memberships
),

counted as (
    select
        iso2,
        count(*) filter (where ranked) as clusters_ranked,
        count(*) as clusters_all,
        min(rank) as best_rank,
        string_agg(name, '; ' order by pct_share desc, name asc, cluster_no asc) filter (
            where is_best
        ) as best_cluster
    from placed
    group by iso2
)

select
    counted.iso2,
    coalesce(economies.wipo_name, counted.iso2) as wipo_name,
    cast(counted.clusters_ranked as integer) as clusters_ranked,
    cast(counted.clusters_all as integer) as clusters_all,
    counted.best_rank,
    counted.best_cluster
from counted
left join {{ ref("economies") }} as economies
    on counted.iso2 = economies.iso2
order by counted.iso2

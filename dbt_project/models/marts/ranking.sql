-- grain: one cluster
with origins as (
    select
        predecessors.cluster_no,
        predecessors.was_ranked,
        predecessors.ranked_before,
        previous.rank as previous_rank
    from {{ ref("stg_predecessors") }} as predecessors
    left join {{ ref("stg_previous_clusters") }} as previous
        on predecessors.previous_cluster_no = previous.cluster_no
),

figures as (
    select
        ranks.cluster_no,
        ranks.rank,
        ranks.pct_count,
        ranks.sci_count,
        ranks.pct_share,
        ranks.sci_share,
        ranks.total,
        clusters.cluster_id,
        clusters.name,
        clusters.economies,
        clusters.economy_label,
        clusters.latitude,
        clusters.longitude,
        clusters.points,
        clusters.listings,
        clusters.area_km2,
        clusters.population,
        clusters.population_approximate,
        clusters.population_source,
        origins.previous_rank,
        ranks.rank <= settings.ranked_size as ranked,
        settings.previous_edition is not null as has_previous_edition,
        settings.previous_edition is not null
        and ranks.rank <= settings.ranked_size
        and not coalesce(origins.was_ranked, false) as is_new,
        coalesce(origins.ranked_before, false) as ranked_before,
        settings.intensity_scope,
        {{ per_million("ranks.total", "clusters.population") }} as intensity
    from {{ ref("cluster_ranks") }} as ranks
    inner join {{ ref("stg_clusters") }} as clusters
        on ranks.cluster_no = clusters.cluster_no
    left join origins
        on ranks.cluster_no = origins.cluster_no
    cross join {{ ref("stg_edition_settings") }} as settings
),

-- the rank by intensity is a rank among the ranked clusters, or among all
intensities as (
    select
        cluster_no,
        rank() over (order by {{ tie_total("intensity") }} desc) as intensity_rank
    from figures
    where
        intensity is not null
        and (intensity_scope = 'all' or ranked)
)

select
    figures.cluster_no,
    figures.cluster_id,
    figures.name,
    figures.economies,
    figures.economy_label,
    figures.latitude,
    figures.longitude,
    figures.rank,
    figures.previous_rank,
    figures.previous_rank - figures.rank as rank_change,
    case
        when figures.previous_rank is not null then null
        when figures.has_previous_edition then 'no predecessor'
        else 'no previous edition'
    end as previous_rank_why,
    figures.is_new,
    figures.is_new and not figures.ranked_before as first_time,
    cast(figures.pct_count as double) as pct_count,
    cast(figures.sci_count as double) as sci_count,
    figures.pct_share,
    figures.sci_share,
    figures.total,
    figures.ranked,
    figures.points,
    figures.listings,
    figures.area_km2,
    figures.population,
    figures.population_approximate,
    figures.population_source,
    figures.intensity,
    cast(intensities.intensity_rank as integer) as intensity_rank,
    case
        when figures.intensity is null then 'no population'
        when intensities.intensity_rank is null then 'not among the ranked'
    end as intensity_why,
    {{ per_million("figures.pct_count", "figures.population") }} as pct_per_million,
    {{ per_million("figures.sci_count", "figures.population") }} as sci_per_million,
    growth.growth,
    growth.growth_why
from figures
left join intensities
    on figures.cluster_no = intensities.cluster_no
left join {{ ref("int_cluster_growth") }} as growth
    on figures.cluster_no = growth.cluster_no
order by figures.rank asc, figures.pct_share desc, figures.name asc, figures.cluster_no asc

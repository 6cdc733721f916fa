-- grain: one cluster with its output now and before, or why there is no growth (METHODOLOGY 14)
with predecessors as (
    select
        lineage.cluster_no,
        bool_or(lineage.kind = 'split') as from_split,
        sum(previous.total) as total,
        max(previous.pct_total) as pct_total,
        max(previous.sci_total) as sci_total
    from {{ ref("stg_lineage") }} as lineage
    inner join {{ ref("stg_previous_clusters") }} as previous
        on lineage.previous_cluster_no = previous.cluster_no
    where
        lineage.cluster_no is not null
        and (lineage.is_predecessor or lineage.kind in ('merged', 'split'))
    group by lineage.cluster_no
),

bases as (
    select
        predecessors.cluster_no,
        predecessors.from_split,
        predecessors.total,
        predecessors.pct_total,
        predecessors.sci_total
    from predecessors
    cross join {{ ref("stg_edition_settings") }} as settings
    where settings.growth_area = 'own'
    union all
    select
        areas.cluster_no,
        false as from_split,
        case
            when list_contains(settings.indicators, 'pct')
                then {{ share_of("areas.pct_count", "areas.pct_total") }}
            else 0
        end
        + case
            when list_contains(settings.indicators, 'sci')
                then {{ share_of("areas.sci_count", "areas.sci_total") }}
            else 0
        end as total,
        areas.pct_total,
        areas.sci_total
    from {{ ref("stg_previous_areas") }} as areas
    cross join {{ ref("stg_edition_settings") }} as settings
    where settings.growth_area = 'present'
),

years as (
    select
        kind,
        max(publication_year) as last_year,
        max(publication_year) - 1 as year_before
    from {{ ref("int_edition_years") }}
    group by kind
),

yearly_world as (
    select
        years.kind,
        max(world.documents) filter (where world.publication_year = years.year_before) as total_before,
        max(world.documents) filter (where world.publication_year = years.last_year) as total_last
    from years
    inner join {{ ref("int_world_years") }} as world
        on years.kind = world.kind
    group by years.kind
),

last_years as (
    select
        counts.cluster_no,
        counts.kind,
        coalesce(sum(counts.count) filter (where counts.publication_year = years.last_year), 0) as count_last,
        coalesce(
            sum(counts.count) filter (where counts.publication_year = years.year_before), 0
        ) as count_before
    from {{ ref("cluster_counts") }} as counts
    inner join years
        on counts.kind = years.kind
    where counts.cluster_no > 0
    group by counts.cluster_no, counts.kind
),

last_outputs as (
    select
        last_years.cluster_no,
        settings.growth_measure,
        bool_and(yearly_world.total_before > 0) as has_year_before,
        sum({{ share_of("last_years.count_before", "yearly_world.total_before") }}) as output_before,
        sum(
            case settings.growth_measure
                when 'share' then {{ share_of("last_years.count_last", "yearly_world.total_last") }}
                else {{ share_of("last_years.count_last", "yearly_world.total_before") }}
            end
        ) as output_now
    from last_years
    inner join yearly_world
        on last_years.kind = yearly_world.kind
    cross join {{ ref("stg_edition_settings") }} as settings
    where list_contains(settings.indicators, last_years.kind)
    group by last_years.cluster_no, settings.growth_measure
),

outputs as (
    select
        ranks.cluster_no,
        settings.previous_edition is not null or settings.growth_basis = 'last_year' as has_previous,
        settings.growth_min_output,
        case
            when settings.growth_basis = 'last_year' then not coalesce(last_outputs.has_year_before, false)
            else bases.cluster_no is null
        end as has_no_base,
        settings.growth_basis = 'last_year' as by_year,
        settings.growth_basis = 'window'
        and (
            (list_contains(settings.indicators, 'pct') and bases.pct_total = 0 and ranks.pct_count > 0)
            or (list_contains(settings.indicators, 'sci') and bases.sci_total = 0 and ranks.sci_count > 0)
        ) as has_new_indicator,
        settings.growth_basis = 'window' and coalesce(bases.from_split, false) as from_split,
        case
            when settings.growth_basis = 'last_year' then last_outputs.output_now
            when settings.growth_measure = 'share' then ranks.total
            else
                case
                    when list_contains(settings.indicators, 'pct')
                        then {{ share_of("ranks.pct_count", "bases.pct_total") }}
                    else 0
                end
                + case
                    when list_contains(settings.indicators, 'sci')
                        then {{ share_of("ranks.sci_count", "bases.sci_total") }}
                    else 0
                end
        end as output_now,
        case
            when settings.growth_basis = 'last_year' then last_outputs.output_before
            else bases.total
        end as output_before
    from {{ ref("cluster_ranks") }} as ranks
    left join bases
        on ranks.cluster_no = bases.cluster_no
    left join last_outputs
        on ranks.cluster_no = last_outputs.cluster_no
    cross join {{ ref("stg_edition_settings") }} as settings
),

reasons as (
    select
        cluster_no,
        output_now,
        output_before,
        case
            when not has_previous then 'no previous edition'
            when has_no_base and by_year then 'no documents in the year before'
            when has_no_base then 'no predecessor'
            when from_split then 'part of a split cluster'
            when has_new_indicator then 'an indicator without documents before'
            when output_before < growth_min_output then 'output before below growth_min_output'
            when output_before = 0 then 'no output before'
        end as growth_why
    from outputs
)

select
    cluster_no,
    case when growth_why is null then 100 * (output_now / output_before - 1) end as growth,
    growth_why
from reasons

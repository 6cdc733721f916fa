-- grain: one cluster, kind and publication year of the windows
with yearly_world as (
    select
        world.kind,
        world.publication_year,
        case settings.world_total
            when 'documents' then cast(world.documents as decimal(38, 15))
            when 'located' then world.located
        end as total
    from {{ ref("int_world_years") }} as world
    cross join {{ ref("stg_edition_settings") }} as settings
)

select
    ranks.cluster_no,
    world.kind,
    world.publication_year,
    cast(coalesce(counts.count, 0) as double) as count,
    case
        when world.total is not null
            then {{ share_of("coalesce(counts.count, 0)", "world.total") }}
    end as share,
    case when world.total is null then 'given world totals have no years' end as share_why,
    coalesce(counts.documents, 0) as documents,
    coalesce(counts.listings, 0) as listings
from {{ ref("cluster_ranks") }} as ranks
cross join yearly_world as world
left join {{ ref("cluster_counts") }} as counts
    on
        ranks.cluster_no = counts.cluster_no
        and world.kind = counts.kind
        and world.publication_year = counts.publication_year
order by ranks.cluster_no, world.kind, world.publication_year

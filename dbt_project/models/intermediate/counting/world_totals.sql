-- grain: one kind
with world as (
    select
        kind,
        cast(sum(documents) as bigint) as documents,
        cast(sum(located) as decimal(38, 15)) as located,
        cast(sum(unlocated) as decimal(38, 15)) as unlocated
    from {{ ref("int_world_years") }}
    group by kind
)

select
    world.kind,
    world.documents,
    world.located,
    world.unlocated,
    case settings.world_total
        when 'located' then world.located
        when 'documents' then cast(world.documents as decimal(38, 15))
        when 'given'
            then
                -- a total need be given of the indicators only; another kind is measured by its own documents
                cast(
                    coalesce(
                        case world.kind
                            when 'pct' then settings.world_total_pct
                            else settings.world_total_sci
                        end,
                        world.documents
                    )
                    as decimal(38, 15)
                )
    end as total
from world
cross join {{ ref("stg_edition_settings") }} as settings
order by world.kind

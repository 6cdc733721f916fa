-- grain: one cluster with the region and the income group of its first economy (METHODOLOGY 11)
{{ config(materialized="view") }}
with firsts as (
    select
        cluster_no,
        economies[1] as economy
    from {{ ref("stg_clusters") }}
)

select
    firsts.cluster_no,
    firsts.economy,
    coalesce(economies.wipo_name, firsts.economy) as economy_name,
    coalesce(economies.gii_region, 'Unknown') as gii_region,
    coalesce(economies.continent, 'Unknown') as continent,
    coalesce(economies.m49_subregion, 'Unknown') as subregion,
    coalesce(
        case settings.income_group_year
            when 'fy25' then economies.income_group_fy25
            else economies.income_group_fy24
        end,
        'unknown'
    ) as income_group
from firsts
left join {{ ref("economies") }} as economies
    on firsts.economy = economies.iso2
cross join {{ ref("stg_edition_settings") }} as settings

-- grain: one kind and publication year of the edition's windows
{{ config(materialized="view") }}
with window_years as (
    select
        'pct' as kind,
        unnest(pct_years) as publication_year
    from {{ ref("stg_edition_settings") }}
    union all
    select
        'sci' as kind,
        unnest(sci_years) as publication_year
    from {{ ref("stg_edition_settings") }}
)

select
    kind,
    publication_year,
    publication_year = max(publication_year) over (partition by kind) as is_last
from window_years

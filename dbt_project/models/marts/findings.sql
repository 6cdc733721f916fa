-- grain: one statement and position in it
{% set parts = ["clusters", "economies", "growth", "fields"] -%}
with found as (
    {% for part in parts %}
        select
            statement,
            key,
            item,
            value,
            unit,
            note,
            cluster_no,
            economy,
            sort_no
        from {{ ref("int_findings_" ~ part) }}
        union all
    {% endfor %}
    select
        'geocoding' as statement,
        kind || '_located' as key,
        'listings placed at locality or finer' as item,
        100 * cast(located as double) / documents as value,
        'percent of fractions' as unit,
        null as note,
        null as cluster_no,
        null as economy,
        case kind when 'pct' then 1 else 2 end as sort_no
    from {{ ref("world_totals") }}
    where documents > 0
)

select
    statement,
    cast(
        row_number() over (partition by statement order by sort_no, item, cluster_no) as integer
    ) as position,
    key,
    item,
    cast(value as double) as value,
    unit,
    note,
    cast(cluster_no as integer) as cluster_no,
    cast(economy as varchar) as economy
from found
order by statement, position

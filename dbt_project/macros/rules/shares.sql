{# Share of a world total in percentage points; 0 where the world has nothing of the kind (METHODOLOGY 12). #}
{% macro share_of(count, total) -%}
case when {{ total }} > 0 then 100 * cast({{ count }} as double) / cast({{ total }} as double) else 0 end
{%- endmacro %}

{# Totals that are equal when rounded to nine decimals are one tie (METHODOLOGY 12). #}
{% macro tie_total(total) -%}
round({{ total }}, 9)
{%- endmacro %}

{# A figure per million inhabitants (METHODOLOGY 15); null without population. #}
{% macro per_million(figure, population) -%}
case when {{ population }} > 0 then 1000000 * cast({{ figure }} as double) / {{ population }} end
{%- endmacro %}

{# A figure as pages print it, half up (METHODOLOGY 12): for comparisons that a sentence tells. #}
{% macro as_printed(figure, decimals=1) -%}
round(cast({{ figure }} as decimal(38, 9)), {{ decimals }})
{%- endmacro %}

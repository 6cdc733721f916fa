{# One of `parts` equal parts of a document, rounded at the 15th digit (METHODOLOGY 4). #}
{% macro equal_part(parts) -%}
cast(1::double / {{ parts }} as decimal(18, 15))
{%- endmacro %}

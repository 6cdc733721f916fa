{# One bit for an economy by its position, in the given hundred of positions; 0 in the other hundreds (METHODOLOGY 17). #}
{% macro economy_bit(hundred) -%}
case
    when countries.position // 100 = {{ hundred }} then cast(1 as hugeint) << (countries.position % 100)
    else cast(0 as hugeint)
end
{%- endmacro %}

{# One bit for an economy by its position, among the first 125 positions or the next; 0 outside them (METHODOLOGY 17). #}
{% macro economy_bit(half) -%}
case
    when countries.position // 125 = {{ half }} then cast(1 as hugeint) << (countries.position % 125)
    else cast(0 as hugeint)
end
{%- endmacro %}

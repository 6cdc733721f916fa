{# Great-circle distance in km on a sphere of radius 6371.0088 km, from degrees (METHODOLOGY 7). #}
{% macro great_circle_km(latitude_a, longitude_a, latitude_b, longitude_b) -%}
2 * 6371.0088 * asin(least(1, sqrt(
    pow(sin(radians({{ latitude_b }} - {{ latitude_a }}) / 2), 2)
    + cos(radians({{ latitude_a }})) * cos(radians({{ latitude_b }}))
    * pow(sin(radians({{ longitude_b }} - {{ longitude_a }}) / 2), 2)
)))
{%- endmacro %}

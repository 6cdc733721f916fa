{# The form in which names of Web of Science categories meet: lower case, punctuation dropped. #}
{% macro subject_key(subject) -%}
trim(regexp_replace(lower({{ subject }}), '[^a-z0-9]+', ' ', 'g'))
{%- endmacro %}

{# Rows that break the key: more than one for it, a null in it (but for the columns in `nullable`), or a null in one of
   the columns in `required`. #}
{% test key(model, columns, nullable=[], required=[]) %}
select
    {{ columns | join(", ") }},
    count(*) as row_count
from {{ model }}
group by {{ columns | join(", ") }}
having
    count(*) > 1
    {% for column in columns if column not in nullable %}or {{ column }} is null
    {% endfor %}
    {% for column in required %}or count({{ column }}) < count(*)
    {% endfor %}
{% endtest %}

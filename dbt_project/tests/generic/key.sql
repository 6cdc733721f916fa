{# Rows that break the key: a null in it, or more than one row for it. #}
{% test key(model, columns) %}
select
    {{ columns | join(", ") }},
    count(*) as row_count
from {{ model }}
group by {{ columns | join(", ") }}
having
    count(*) > 1
    {% for column in columns %}or {{ column }} is null
    {% endfor %}
{% endtest %}

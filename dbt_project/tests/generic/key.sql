{# Rows that break the key: a null in it (but for the columns in `nullable`), or more than one row for it. #}
{% test key(model, columns, nullable=[]) %}
select
    {{ columns | join(", ") }},
    count(*) as row_count
from {{ model }}
group by {{ columns | join(", ") }}
having
    count(*) > 1
    {% for column in columns if column not in nullable %}or {{ column }} is null
    {% endfor %}
{% endtest %}

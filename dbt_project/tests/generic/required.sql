{# Rows with an empty cell in one of the columns. #}
{% test required(model, columns) %}
select {{ columns | join(", ") }}
from {{ model }}
where {% for column in columns %}{{ "or " if not loop.first }}{{ column }} is null
    {% endfor %}
{% endtest %}

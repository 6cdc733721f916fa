{# Values outside a closed list; nulls are not judged. #}
{% test one_of(model, column_name, values) %}
select distinct {{ column_name }}
from {{ model }}
where {{ column_name }} not in ({% for value in values %}'{{ value }}'{{ ", " if not loop.last }}{% endfor %})
{% endtest %}

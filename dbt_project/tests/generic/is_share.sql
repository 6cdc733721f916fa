{# Values below `minimum` or above `maximum`, which is 100 for percentage points; nulls are not judged. #}
{% test is_share(model, column_name, minimum=0, maximum=100) %}
select {{ column_name }}
from {{ model }}
where {{ column_name }} < {{ minimum }} or {{ column_name }} > {{ maximum }} + 1e-9
{% endtest %}

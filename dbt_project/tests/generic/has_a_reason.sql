{# Rows in which a figure is missing without a reason, or has one although it is there. #}
{% test has_a_reason(model, figure, why) %}
select
    {{ figure }},
    {{ why }}
from {{ model }}
where ({{ figure }} is null) <> ({{ why }} is not null)
{% endtest %}

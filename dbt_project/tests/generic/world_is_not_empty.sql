{# Kinds of which the world holds no document: their shares are 0 for every cluster. #}
{% test world_is_not_empty(model) %}
select kind
from {{ model }}
where documents = 0
{% endtest %}

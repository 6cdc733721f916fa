{# Groups whose sum differs from `total` (a number or an expression over the group) by more than `within`. #}
{% test sums_to(model, column_name, total, within=0, by=[], where="true") %}
select
    {% for column in by %}{{ column }},
    {% endfor %}sum({{ column_name }}) as found
from {{ model }}
where {{ where }}
{% if by %}group by {{ by | join(", ") }}
{% endif %}having abs(sum({{ column_name }}) - ({{ total }})) > {{ within }}
{% endtest %}

{# Groups whose sum of `expression` differs from `total` (an expression over the group) by more than `within`. #}
{% test sums_to(model, expression, total, within=0, by=[], where="true") %}
select
    {% for column in by %}{{ column }},
    {% endfor %}sum({{ expression }}) as found
from {{ model }}
where {{ where }}
{% if by %}group by {{ by | join(", ") }}
{% endif %}having abs(sum({{ expression }}) - ({{ total }})) > {{ within }}
{% endtest %}

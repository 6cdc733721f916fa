{# Rows whose rank is not one more than the number of greater totals, where totals equal to nine decimals are tied. #}
{% test ranks_descend(model, rank, total) %}
select *
from (
    select
        {{ rank }} as found,
        rank() over (order by {{ tie_total(total) }} desc) as expected
    from {{ model }}
) as ranks
where found <> expected
{% endtest %}

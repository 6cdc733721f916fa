{# Revealed technological advantage: a field's part of the cluster by its part of the world (METHODOLOGY 16). #}
{% macro advantage(count, cluster_sum, world_count, world_sum) -%}
({{ count }} / {{ cluster_sum }}) / ({{ world_count }} / {{ world_sum }})
{%- endmacro %}

{# Why a cluster has no revealed technological advantage in a field, null if it has one (METHODOLOGY 16). #}
{% macro no_rta_because(cluster_sum, world_count, world_sum, documents="applications") -%}
case
    when {{ cluster_sum }} = 0 then 'no {{ documents }} with a known field'
    when {{ world_count }} = 0 then 'no {{ documents }} in the world'
    when {{ cluster_sum }} < settings.rta_min_cluster then 'cluster below rta_min_cluster'
    when {{ cluster_sum }} * {{ world_count }} / {{ world_sum }} < settings.rta_min_expected
        then 'expected count below rta_min_expected'
end
{%- endmacro %}

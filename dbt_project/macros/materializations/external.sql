{#
  A model as one Parquet file beside the database, and a view on it.

  Stands in for the adapter's materialization of this name, for three reasons: that one writes a row of nulls when a
  model has no rows; it copies the rows into the database first; and its copy loses the order of the model's `order by`.
  The contract (columns, types, and here also their order) is checked before anything is written; the file is written
  under a temporary name and renamed, so that a killed run leaves the old one.
#}
{% materialization external, adapter="duckdb", supported_languages=["sql"] %}
  {%- set location = config.get("location", default=external_location(this, config)) | replace("'", "''") -%}
  {%- set target_relation = this.incorporate(type="view") -%}
  {%- set existing_relation = load_cached_relation(this) -%}

  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}

  {% if config.get("contract").enforced %}
    {% do get_assert_columns_equivalent(compiled_code) %}
    {% do assert_column_order(compiled_code) %}
  {% endif %}

  {% call statement("main") -%}
    copy (
{{ compiled_code }}
    ) to '{{ location }}' (format parquet, compression zstd, row_group_size 250000, use_tmp_file true)
  {%- endcall %}

  {% if existing_relation is not none and existing_relation.type != "view" %}
    {% do adapter.drop_relation(existing_relation) %}
  {% endif %}
  {% call statement("view") -%}
    create or replace view {{ target_relation }} as (select * from read_parquet('{{ location }}'))
  {%- endcall %}

  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {{ adapter.commit() }}
  {{ run_hooks(post_hooks, inside_transaction=False) }}
  {{ return({"relations": [target_relation]}) }}
{% endmaterialization %}

{% macro assert_column_order(compiled_code) %}
  {%- set found = get_column_schema_from_query(compiled_code) | map(attribute="name") | list -%}
  {%- set promised = model["columns"].values() | map(attribute="name") | list -%}
  {%- if found != promised -%}
    {% do exceptions.raise_compiler_error(
      "The columns of " ~ this.identifier ~ " come as " ~ found | join(", ") ~ "; its contract has " ~ promised | join(", ")
    ) %}
  {%- endif -%}
{% endmacro %}

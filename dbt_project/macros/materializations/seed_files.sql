{#
  A seed's rows, from its file in the project that this call was given (Dagster tells dbt by DBT_PROJECT_DIR). The
  adapter alone would take the folder as it was written when the project was parsed, from another working directory.
#}
{% macro duckdb__load_csv_rows(model, agate_table) %}
  {%- set project = env_var("DBT_PROJECT_DIR", model.root_path) -%}
  {%- set file = (project ~ "/" ~ model.original_file_path) | replace("'", "''") -%}
  {%- set sql -%}
    copy {{ this.render() }} from '{{ file }}' (format csv, header true, delimiter ',')
  {%- endset -%}
  {% do adapter.add_query(sql, abridge_sql_log=True) %}
  {{ return(sql) }}
{% endmacro %}

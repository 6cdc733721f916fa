{#
  The years of the edition's windows as a condition, with the years spelled out: only so are the other years' files of
  the lake not opened. They are read when a view is made, which is in every call; parsing knows none.
#}
{% macro in_edition_years() -%}
    {%- if execute -%}
        {%- set query -%}
            select distinct unnest(pct_years || sci_years) as publication_year
            from {{ source("edition", "edition_settings") }}
            order by publication_year
        {%- endset -%}
        publication_year in ({{ run_query(query).columns[0].values() | join(", ") }})
    {%- else -%}
        {%- do source("edition", "edition_settings") -%}
        true
    {%- endif -%}
{%- endmacro %}

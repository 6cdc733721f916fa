{# A folded name without the legal forms that are written out in several words (METHODOLOGY 17). #}
{% macro without_legal_form(name_key) -%}
trim(regexp_replace(
    ' ' || {{ name_key }} || ' ',
    ' (KABUSHIKI KAISHA|KABUSHIKIGAISHA|AKTIENGESELLSCHAFT|GESELLSCHAFT MIT BESCHRANKTER HAFTUNG|SOCIETE ANONYME|NAAMLOZE VENNOOTSCHAP|BESLOTEN VENNOOTSCHAP|AKTIEBOLAG|CO LTD|GMBH AND CO KG) ',
    ' '
))
{%- endmacro %}

{# A name as it reads without case, accents and punctuation. #}
{% macro plain_name(name) -%}
trim(regexp_replace(upper(strip_accents({{ name }})), '[^0-9A-Z]+', ' ', 'g'))
{%- endmacro %}

-- grain: one technology field; 0 stands for the unknown
{{ config(materialized="view") }}
select distinct
    field_nr,
    field,
    sector
from {{ ref("ipc_technology") }}
union all
select
    0 as field_nr,
    'Unknown' as field,
    'Unknown' as sector

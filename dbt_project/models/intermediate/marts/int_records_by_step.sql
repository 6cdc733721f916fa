-- grain: one kind and step of a record's way from the raw files into the lake
{{ config(materialized="view") }}
with files as (
    select
        split_part(delivery, '.', 1) as kind,
        sum(records) as records,
        sum(duplicates) as duplicates,
        sum(rejected) as rejected
    from {{ ref("stg_files") }}
    group by split_part(delivery, '.', 1)
),

reasons as (
    select
        split_part(delivery, '.', 1) as kind,
        reason,
        sum(records) as records
    from {{ ref("stg_filtered") }}
    group by split_part(delivery, '.', 1), reason
),

copies as (
    select
        kind,
        sum(copies - 1) as records
    from {{ ref("stg_completeness") }}
    group by kind
)

select
    kind,
    1 as position,
    'read' as step,
    records as amount
from files
union all
select
    kind,
    10 + list_position(
        ['database', 'index', 'type', 'retracted', 'year', 'kind', 'journal'], reason
    ) as position,
    'filtered: ' || reason as step,
    records as amount
from reasons
union all
select
    kind,
    20 as position,
    'duplicates inside files' as step,
    duplicates as amount
from files
union all
select
    kind,
    21 as position,
    'duplicates between files' as step,
    records as amount
from copies
union all
select
    kind,
    22 as position,
    'rejected' as step,
    rejected as amount
from files

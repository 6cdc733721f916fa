-- grain: one scope, kind and step
with kinds as (
    select unnest(['pct', 'sci']) as kind
),

delivered as (
    select
        kind,
        sum(documents) as documents,
        sum(documents) filter (where not in_window) as documents_outside
    from {{ ref("int_delivered_documents") }}
    group by kind
),

in_years as (
    select
        documents.kind,
        count(*) as documents
    from {{ ref("stg_documents") }} as documents
    inner join {{ ref("int_edition_years") }} as years
        on
            documents.kind = years.kind
            and documents.publication_year = years.publication_year
    group by documents.kind
),

parts as (
    select
        kind,
        sum(fraction) filter (where cluster_no > 0) as in_clusters,
        sum(fraction) filter (where cluster_no = -1) as outside,
        sum(fraction) filter (where cluster_no = -2) as unlocated
    from {{ ref("int_cluster_fractions") }}
    group by kind
),

world as (
    select
        kind,
        documents
    from {{ ref("world_totals") }}
),

steps as (
    select
        unnest(['all years', 'window']) as scope,
        kind,
        position,
        step,
        'records' as unit,
        cast(amount as decimal(38, 15)) as amount
    from {{ ref("int_records_by_step") }}
    union all
    select
        'all years' as scope,
        kind,
        2 as position,
        'kept' as step,
        'records' as unit,
        documents as amount
    from delivered
    union all
    select
        'window' as scope,
        kind,
        2 as position,
        'kept' as step,
        'records' as unit,
        documents as amount
    from world
    union all
    select
        'window' as scope,
        kind,
        3 as position,
        'outside the windows' as step,
        'records' as unit,
        documents_outside as amount
    from delivered
    union all
    select
        'window' as scope,
        in_years.kind,
        4 as position,
        'left out by the edition' as step,
        'records' as unit,
        in_years.documents - world.documents as amount
    from in_years
    inner join world
        on in_years.kind = world.kind
    union all
    select
        'window' as scope,
        kind,
        30 as position,
        'documents' as step,
        'documents' as unit,
        documents as amount
    from world
    union all
    select
        'window' as scope,
        kind,
        31 as position,
        'in clusters' as step,
        'fractions' as unit,
        in_clusters as amount
    from parts
    union all
    select
        'window' as scope,
        kind,
        32 as position,
        'outside clusters' as step,
        'fractions' as unit,
        outside as amount
    from parts
    union all
    select
        'window' as scope,
        kind,
        33 as position,
        'unlocated' as step,
        'fractions' as unit,
        unlocated as amount
    from parts
)

select
    steps.scope,
    kinds.kind,
    cast(steps.position as integer) as position,
    steps.step,
    steps.unit,
    cast(coalesce(steps.amount, 0) as decimal(38, 15)) as amount
from kinds
inner join steps
    on kinds.kind = steps.kind
order by steps.scope, kinds.kind, steps.position

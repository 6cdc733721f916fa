-- grain: one IPC subclass with symbols that no pattern gives a technology field
with concordance as (
    select ipc_pattern
    from {{ ref("ipc_technology") }}
    union
    select unnest(ipc_extra) as ipc_pattern
    from {{ ref("stg_edition_settings") }}
),

patterns as (
    select
        split_part(ipc_pattern, ' ', 1) as subclass,
        try_cast(nullif(split_part(ipc_pattern, ' ', 2), '') as integer) as main_group
    from concordance
),

symbols as (
    select
        symbols.document_no,
        symbols.ipc,
        split_part(symbols.ipc, ' ', 1) as subclass,
        try_cast(nullif(split_part(split_part(symbols.ipc, ' ', 2), '/', 1), '') as integer) as main_group
    from {{ ref("stg_ipc") }} as symbols
    inner join {{ ref("int_documents_in_window") }} as documents
        on
            symbols.document_no = documents.document_no
            and symbols.publication_year = documents.publication_year
    where documents.kind = 'pct'
),

unmatched as (
    select
        symbols.document_no,
        symbols.ipc,
        symbols.subclass
    from symbols
    anti join patterns
        on
            symbols.subclass = patterns.subclass
            and coalesce(symbols.main_group, -1) = coalesce(patterns.main_group, symbols.main_group, -1)
)

select
    unmatched.subclass,
    count(*) as symbols,
    count(distinct unmatched.ipc) as distinct_symbols,
    count(distinct unmatched.document_no) as applications,
    count(distinct unmatched.document_no) filter (where fields.field_nr = 0) as applications_without_field,
    arg_min(unmatched.ipc, unmatched.ipc) as example
from unmatched
left join {{ ref("int_documents_by_field") }} as fields
    on
        unmatched.document_no = fields.document_no
        and fields.field_nr = 0
group by unmatched.subclass
order by unmatched.subclass

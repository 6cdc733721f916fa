-- grain: one kind and whether the year is in its window, with the delivered documents that stay
{{ config(materialized="view") }}
with staying as (
    select
        delivered.kind,
        delivered.publication_year
    from {{ ref("stg_delivered_documents") }} as delivered
    left join {{ ref("stg_completeness") }} as copies
        on delivered.document_no = copies.document_no
    where
        copies.document_no is null
        or (
            delivered.delivery = copies.delivery
            and delivered.file_id = copies.file_id
            and delivered.publication_year = copies.publication_year
        )
)

select
    staying.kind,
    years.publication_year is not null as in_window,
    count(*) as documents
from staying
left join {{ ref("int_edition_years") }} as years
    on
        staying.kind = years.kind
        and staying.publication_year = years.publication_year
group by all

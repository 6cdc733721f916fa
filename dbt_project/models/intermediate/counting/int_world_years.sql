-- grain: one kind and publication year of the windows, with what the world holds
with documents as (
    select
        kind,
        publication_year,
        count(*) as documents
    from {{ ref("int_documents_in_window") }}
    group by kind, publication_year
),

fractions as (
    select
        kind,
        publication_year,
        sum(fraction) filter (where cluster_no <> -2) as located,
        sum(fraction) filter (where cluster_no = -2) as unlocated
    from {{ ref("int_cluster_fractions") }}
    group by kind, publication_year
)

select
    years.kind,
    years.publication_year,
    years.is_last,
    coalesce(documents.documents, 0) as documents,
    cast(coalesce(fractions.located, 0) as decimal(38, 15)) as located,
    cast(coalesce(fractions.unlocated, 0) as decimal(38, 15)) as unlocated
from {{ ref("int_edition_years") }} as years
left join documents
    on
        years.kind = documents.kind
        and years.publication_year = documents.publication_year
left join fractions
    on
        years.kind = fractions.kind
        and years.publication_year = fractions.publication_year

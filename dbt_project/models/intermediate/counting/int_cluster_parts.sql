-- grain: one document and cluster with what counts of the document there (METHODOLOGY 4: fractional or full)
{{ config(materialized="view") }}
select
    parts.document_no,
    parts.kind,
    parts.publication_year,
    parts.cluster_no,
    cast(case when settings.counting = 'full' then 1 else parts.fraction end as decimal(18, 15)) as part
from {{ ref("int_document_clusters") }} as parts
cross join {{ ref("stg_edition_settings") }} as settings
where parts.cluster_no > 0

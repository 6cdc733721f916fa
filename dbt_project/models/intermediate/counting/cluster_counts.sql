-- grain: one cluster, kind and publication year; -1 outside all clusters, -2 unlocated
select
    fractions.cluster_no,
    fractions.kind,
    fractions.publication_year,
    cast(
        case when settings.counting = 'full' then fractions.documents else fractions.fraction end
        as decimal(38, 15)
    ) as count,
    fractions.documents,
    fractions.listings
from {{ ref("int_cluster_fractions") }} as fractions
cross join {{ ref("stg_edition_settings") }} as settings
order by fractions.cluster_no, fractions.kind, fractions.publication_year

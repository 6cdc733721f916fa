-- grain: a cluster of the previous edition with its rank by this edition's rules
select
    cluster_no,
    cluster_id,
    name,
    rank,
    total,
    pct_count,
    sci_count,
    pct_total,
    sci_total,
    settings_hash
from {{ source('edition', 'previous_clusters') }}

-- grain: a cluster of this edition, and what the previous edition holds within eps_km of its core points
select
    cluster_no,
    points,
    pct_count,
    sci_count,
    pct_total,
    sci_total
from {{ source('edition', 'previous_areas') }}

-- grain: how a cluster follows from one of the previous edition
select
    cluster_no,
    previous_cluster_no,
    kind,
    shared_listings,
    share_of_this,
    share_of_previous,
    is_predecessor
from {{ source('edition', 'lineage') }}

-- grain: a cluster of this edition, and the clusters of the previous edition that it follows from
select
    cluster_no,
    kind,
    previous_cluster_no,
    previous_cluster_nos,
    previous_rank,
    was_ranked,
    ranked_before
from {{ source('edition', 'predecessors') }}

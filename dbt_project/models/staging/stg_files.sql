-- grain: one raw file (or archive member) of a delivery
select
    delivery,
    file_id,
    records,
    kept,
    filtered,
    duplicates,
    rejected
from {{ source('deliveries', 'files') }}

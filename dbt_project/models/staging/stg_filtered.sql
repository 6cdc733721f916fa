-- grain: records of a file left out by one rule
select
    delivery,
    file_id,
    reason,
    records
from {{ source('deliveries', 'filtered') }}

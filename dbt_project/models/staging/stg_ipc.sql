-- grain: one IPC symbol of an application
select
    document_no,
    ipc,
    cast(publication_year as smallint) as publication_year
from {{ source('lake', 'ipc') }}

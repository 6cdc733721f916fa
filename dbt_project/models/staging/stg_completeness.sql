-- grain: the copy that stays of a document that came more than once
select
    document_no,
    kind,
    publication_year,
    delivery,
    file_id,
    copies,
    years
from {{ source('reference', 'completeness') }}

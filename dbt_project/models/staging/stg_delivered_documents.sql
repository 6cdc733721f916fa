-- grain: one document of a delivery, before copies between deliveries are merged
select
    document_no,
    kind,
    delivery,
    file_id,
    cast(publication_year as smallint) as publication_year
from {{ source('delivered', 'delivered_documents') }}

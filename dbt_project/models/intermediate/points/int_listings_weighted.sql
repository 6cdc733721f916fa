-- grain: one listing with its fraction; a document without any person has one row with listing_no 0
{{ config(materialized="view") }}
with listed as (
    select
        listings.document_no,
        listings.listing_no,
        listings.publication_year,
        listings.person_no,
        listings.address_no,
        listings.address_id,
        listings.linked,
        listings.why_unlocated,
        case when settings.fraction_split = 'person' then listings.person_no else 0 end as part_no
    from {{ ref("stg_listings") }} as listings
    cross join {{ ref("stg_edition_settings") }} as settings
)

select
    listed.document_no,
    listed.listing_no,
    parts.kind,
    parts.publication_year,
    listed.person_no,
    listed.address_no,
    listed.address_id,
    listed.linked,
    listed.why_unlocated,
    cast(
        case
            when listed.listing_no = parts.first_listing_no then parts.fraction + parts.remainder
            else parts.fraction
        end
        as decimal(18, 15)
    ) as fraction
from listed
inner join {{ ref("int_listing_parts") }} as parts
    on
        listed.document_no = parts.document_no
        and listed.part_no = parts.person_no
        and listed.publication_year = parts.publication_year
union all
select
    documents.document_no,
    0 as listing_no,
    documents.kind,
    documents.publication_year,
    0 as person_no,
    0 as address_no,
    null as address_id,
    true as linked,
    'no_person' as why_unlocated,
    cast(1 as decimal(18, 15)) as fraction
from {{ ref("int_documents_in_window") }} as documents
anti join {{ ref("int_listing_parts") }} as parts
    on documents.document_no = parts.document_no

-- grain: one person of a document; person_no 0 stands for all its persons when the split is by listing
with persons as (
    select
        listings.document_no,
        case when settings.fraction_split = 'person' then listings.person_no else 0 end as person_no,
        count(*) as listings,
        min(listings.listing_no) as first_listing_no
    from {{ ref("stg_listings") }} as listings
    cross join {{ ref("stg_edition_settings") }} as settings
    group by all
),

document_sizes as (
    select
        document_no,
        count(*) as persons,
        min(first_listing_no) as first_listing_no
    from persons
    group by document_no
),

parts as (
    select
        documents.document_no,
        documents.kind,
        documents.publication_year,
        persons.person_no,
        persons.listings,
        document_sizes.persons,
        document_sizes.first_listing_no,
        {{ equal_part("(document_sizes.persons * persons.listings)") }} as fraction
    from persons
    inner join document_sizes
        on persons.document_no = document_sizes.document_no
    inner join {{ ref("int_documents_in_window") }} as documents
        on persons.document_no = documents.document_no
),

-- documents of several parts: none when the split is by listing
divided as (
    select
        document_no,
        sum(fraction * listings) as fractions
    from parts
    where persons > 1
    group by document_no
)

-- each fraction is rounded at the 15th digit; remainder is what rounding leaves of the document
select
    parts.document_no,
    parts.kind,
    parts.publication_year,
    parts.person_no,
    parts.fraction,
    parts.first_listing_no,
    cast(1 - coalesce(divided.fractions, parts.fraction * parts.listings) as decimal(18, 15)) as remainder
from parts
left join divided
    on parts.document_no = divided.document_no

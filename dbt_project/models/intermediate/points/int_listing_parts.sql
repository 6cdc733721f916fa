-- grain: one person of a document; person_no 0 stands for all its persons when the split is by listing
with listings as (
    select
        listings.document_no,
        listings.listing_no,
        case when settings.fraction_split = 'person' then listings.person_no else 0 end as person_no
    from {{ ref("stg_listings") }} as listings
    inner join {{ ref("int_edition_years") }} as years
        on
            listings.kind = years.kind
            and listings.publication_year = years.publication_year
    cross join {{ ref("stg_edition_settings") }} as settings
),

persons as (
    select
        document_no,
        person_no,
        count(*) as listings,
        min(listing_no) as first_listing_no
    from listings
    group by document_no, person_no
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
        document_sizes.first_listing_no,
        {{ equal_part("(document_sizes.persons * persons.listings)") }} as fraction
    from persons
    inner join document_sizes
        on persons.document_no = document_sizes.document_no
    inner join {{ ref("int_documents_in_window") }} as documents
        on persons.document_no = documents.document_no
)

-- each fraction is rounded at the 15th digit; remainder is what rounding leaves of the document
select
    document_no,
    kind,
    publication_year,
    person_no,
    fraction,
    first_listing_no,
    cast(1 - sum(fraction * listings) over (partition by document_no) as decimal(18, 15)) as remainder
from parts

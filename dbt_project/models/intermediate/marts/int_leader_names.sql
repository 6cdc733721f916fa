-- grain: one spelling of an applicant (pct) or organisation (sci), with the key that it shares with others
with listed as (
    select
        'pct' as kind,
        applicants.name,
        min(applicants.name_key) as name_key,
        count(*) as times_listed
    from {{ ref("stg_applicants") }} as applicants
    inner join {{ ref("int_documents_in_window") }} as documents
        on
            applicants.document_no = documents.document_no
            and applicants.publication_year = documents.publication_year
    where
        not applicants.is_person
        and applicants.name is not null
    group by applicants.name
    union all
    select
        'sci' as kind,
        organisations.name,
        min(organisations.name_key) as name_key,
        count(*) as times_listed
    from {{ ref("stg_organisations") }} as organisations
    inner join {{ ref("int_documents_in_window") }} as documents
        on
            organisations.document_no = documents.document_no
            and organisations.publication_year = documents.publication_year
    group by organisations.name
),

folded as (
    select
        kind,
        name,
        name_key,
        times_listed,
        coalesce(nullif({{ without_legal_form("coalesce(name_key, '')") }}, ''), name_key, '') as folded
    from listed
),

words as (
    select
        folded,
        unnest(string_split(folded, ' ')) as word,
        generate_subscripts(string_split(folded, ' '), 1) as position
    from (select distinct folded from folded) as names
),

stems as (
    select
        words.folded,
        words.position,
        case when stems.word is null then words.word else stems.stem end as stem
    from words
    left join {{ ref("name_words") }} as stems
        on words.word = stems.word
),

keys as (
    select
        folded,
        string_agg(stem, ' ' order by position) filter (where stem <> '') as leader_key
    from stems
    group by folded
)

select
    folded.kind,
    folded.name,
    folded.name_key,
    folded.times_listed,
    coalesce(keys.leader_key, folded.folded) as leader_key,
    cast(
        dense_rank() over (order by folded.kind, coalesce(keys.leader_key, folded.folded)) as integer
    ) as leader_no,
    row_number() over (
        partition by folded.kind, coalesce(keys.leader_key, folded.folded)
        order by folded.times_listed desc, folded.name asc
    ) = 1 as is_shown
from folded
inner join keys
    on folded.folded = keys.folded

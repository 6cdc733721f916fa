-- grain: one cluster and applicant; natural persons are one row together, without a name
with applicants as (
    select
        applicants.document_no,
        applicants.is_person,
        case when applicants.is_person then '' else coalesce(applicants.name_key, '') end as name_key,
        case when applicants.is_person then null else applicants.name end as name,
        count(*) over (partition by applicants.document_no) as applicants
    from {{ ref("stg_applicants") }} as applicants
    inner join {{ ref("int_documents_in_window") }} as documents
        on
            applicants.document_no = documents.document_no
            and applicants.publication_year = documents.publication_year
),

spellings as (
    select
        name_key,
        name,
        count(*) as applications
    from applicants
    where name is not null
    group by name_key, name
    qualify row_number() over (partition by name_key order by applications desc, name asc) = 1
),

counts as (
    select
        parts.cluster_no,
        applicants.is_person,
        applicants.name_key,
        sum(cast(parts.part as decimal(18, 15)) * {{ equal_part("applicants.applicants") }}) as count,
        count(distinct parts.document_no) as documents
    from {{ ref("int_cluster_parts") }} as parts
    inner join applicants
        on parts.document_no = applicants.document_no
    where parts.kind = 'pct'
    group by parts.cluster_no, applicants.is_person, applicants.name_key
)

select
    counts.cluster_no,
    counts.is_person,
    counts.name_key,
    case
        when counts.is_person then 'Natural persons'
        else coalesce(spellings.name, 'Unnamed')
    end as name,
    cast(counts.count as double) as count,
    100 * cast(counts.count as double) / cast(ranks.pct_count as double) as share,
    counts.documents
from counts
inner join {{ ref("cluster_ranks") }} as ranks
    on counts.cluster_no = ranks.cluster_no
left join spellings
    on
        not counts.is_person
        and counts.name_key = spellings.name_key
order by counts.cluster_no, counts.is_person, counts.name_key

-- grain: one cluster and applicant; natural persons are one row together, without a name
with applicants as (
    select
        applicants.document_no,
        applicants.is_person,
        case when applicants.is_person then -1 else coalesce(names.leader_no, 0) end as leader_no,
        count(*) over (partition by applicants.document_no) as applicants
    from {{ ref("stg_applicants") }} as applicants
    inner join {{ ref("int_documents_in_window") }} as documents
        on
            applicants.document_no = documents.document_no
            and applicants.publication_year = documents.publication_year
    left join {{ ref("int_leader_names") }} as names
        on
            not applicants.is_person
            and names.kind = 'pct'
            and applicants.name = names.name
),

counts as (
    select
        parts.cluster_no,
        applicants.is_person,
        applicants.leader_no,
        sum(parts.part * {{ equal_part("applicants.applicants") }}) as count,
        count(distinct parts.document_no) as documents
    from {{ ref("int_cluster_parts") }} as parts
    inner join applicants
        on parts.document_no = applicants.document_no
    where parts.kind = 'pct'
    group by parts.cluster_no, applicants.is_person, applicants.leader_no
)

select
    counts.cluster_no,
    counts.is_person,
    case when counts.leader_no > 0 then shown.leader_key else '' end as name_key,
    case
        when counts.is_person then 'Natural persons'
        else coalesce(shown.name, 'Unnamed')
    end as name,
    cast(counts.count as double) as count,
    100 * cast(counts.count as double) / cast(ranks.pct_count as double) as share,
    counts.documents
from counts
inner join {{ ref("cluster_ranks") }} as ranks
    on counts.cluster_no = ranks.cluster_no
left join {{ ref("int_leader_names") }} as shown
    on
        counts.leader_no = shown.leader_no
        and shown.is_shown
order by counts.cluster_no, counts.is_person, name_key

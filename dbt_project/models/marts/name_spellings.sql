-- grain: one spelling of an applicant (pct) or organisation (sci) of the windows
select
    names.kind,
    names.leader_key as name_key,
    names.name as spelling,
    shown.name,
    case
        when names.name = shown.name then 'as shown'
        when {{ plain_name("names.name") }} = {{ plain_name("shown.name") }} then 'case and punctuation'
        when
            {{ without_legal_form("coalesce(names.name_key, '')") }}
            = {{ without_legal_form("coalesce(shown.name_key, '')") }}
            then 'legal form'
        else 'abbreviation'
    end as rule,
    names.times_listed
from {{ ref("int_leader_names") }} as names
inner join {{ ref("int_leader_names") }} as shown
    on
        names.leader_no = shown.leader_no
        and shown.is_shown
order by names.kind, names.leader_key, names.name

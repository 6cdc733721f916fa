-- grain: one category, by its key, with its science field; unknown ones have the field 0
with known as (
    select
        match_key as subject_key,
        min(wos_category) as subject,
        min(oecd_fos) as science_field,
        min(oecd_fos_name) as science_field_name,
        min("group") as science_group
    from {{ ref("science_fields") }}
    group by match_key
)

select
    subject_key,
    subject,
    science_field,
    science_field_name,
    science_group
from known
union all
select
    counted.subject_key,
    case when counted.subject_key = '' then 'No category' else counted.subject_key end as subject,
    '0' as science_field,
    'Unknown' as science_field_name,
    'Unknown' as science_group
from {{ ref("int_cluster_categories") }} as counted
anti join known
    on counted.subject_key = known.subject_key
where counted.cluster_no = 0

-- grain: one cluster and Web of Science category with any article; unknown categories are listed as written
select
    counts.cluster_no,
    counts.subject_key,
    categories.subject,
    categories.science_field,
    cast(counts.count as double) as count,
    case
        when categories.science_field <> '0' then 100 * cast(counts.count as double) / sizes.known
    end as share,
    cast(world.count as double) as world_count
from {{ ref("int_cluster_categories") }} as counts
inner join {{ ref("int_categories") }} as categories
    on counts.subject_key = categories.subject_key
inner join {{ ref("int_cluster_categories") }} as world
    on
        world.cluster_no = 0
        and counts.subject_key = world.subject_key
inner join {{ ref("int_cluster_sizes") }} as sizes
    on
        sizes.kind = 'sci'
        and counts.cluster_no = sizes.cluster_no
where counts.cluster_no > 0
order by counts.cluster_no, counts.subject_key

-- grain: one document and cluster, of those with located listings outside this cluster
with countries as (
    select
        country,
        cast(row_number() over (order by country) - 1 as integer) as position
    from {{ ref("points") }}
    where country <> ''
    group by country
),

-- an economy is one bit of three times 100
places as (
    select
        points.point_id,
        clusters.cluster_no,
        {{ economy_bit(0) }} as economies_a,
        {{ economy_bit(1) }} as economies_b,
        {{ economy_bit(2) }} as economies_c
    from {{ ref("points") }} as points
    left join countries
        on points.country = countries.country
    inner join {{ ref("stg_point_clusters") }} as clusters
        on points.point_id = clusters.point_id
),

parts as (
    select
        parts.document_no,
        parts.kind,
        places.cluster_no,
        places.economies_a,
        places.economies_b,
        places.economies_c
    from {{ ref("document_points") }} as parts
    inner join places
        on parts.point_id = places.point_id
),

spread as (
    select
        document_no,
        bit_or(economies_a) as all_a,
        bit_or(economies_b) as all_b,
        bit_or(economies_c) as all_c
    from parts
    group by document_no
    having min(cluster_no) < max(cluster_no)
)

select
    parts.document_no,
    any_value(parts.kind) as kind,
    parts.cluster_no,
    bit_or(parts.economies_a) <> any_value(spread.all_a)
    or bit_or(parts.economies_b) <> any_value(spread.all_b)
    or bit_or(parts.economies_c) <> any_value(spread.all_c) as is_international
from parts
inner join spread
    on parts.document_no = spread.document_no
where parts.cluster_no > 0
group by parts.document_no, parts.cluster_no

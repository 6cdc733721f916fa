-- grain: one document and point; no point for its unlocated part
with parts as (
    select
        document_no,
        coordinate_no,
        any_value(kind) as kind,
        any_value(publication_year) as publication_year,
        cast(count(*) filter (where listing_no > 0) as integer) as listings,
        cast(sum(fraction) as decimal(18, 15)) as fraction
    from {{ ref("int_listings_located") }}
    group by document_no, coordinate_no
)

select
    parts.document_no,
    points.point_id,
    parts.kind,
    parts.publication_year,
    parts.listings,
    parts.fraction
from parts
left join {{ ref("int_coordinate_points") }} as points
    on parts.coordinate_no = points.coordinate_no
order by parts.document_no, points.point_id

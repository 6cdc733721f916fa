-- grain: one application and technology field with the part that the field gets; 0 without a field
with symbols as (
    select
        documents.document_no,
        fields.field_nr,
        fields.weight,
        count(*) over (partition by documents.document_no) as fields,
        sum(fields.weight) over (partition by documents.document_no) as weights
    from {{ ref("int_documents_in_window") }} as documents
    inner join {{ ref("stg_technology_fields") }} as fields
        on
            documents.document_no = fields.document_no
            and documents.publication_year = fields.publication_year
    where documents.kind = 'pct'
)

select
    symbols.document_no,
    symbols.field_nr,
    case settings.field_split
        when 'full' then cast(1 as decimal(18, 15))
        when 'by_symbol'
            then
                case
                    -- PATSTAT's weights may all be 0
                    when symbols.weights > 0
                        then
                            cast(
                                cast(symbols.weight as double) / cast(symbols.weights as double)
                                as decimal(18, 15)
                            )
                    else {{ equal_part("symbols.fields") }}
                end
        else {{ equal_part("symbols.fields") }}
    end as field_part
from symbols
cross join {{ ref("stg_edition_settings") }} as settings
union all
select
    documents.document_no,
    0 as field_nr,
    cast(1 as decimal(18, 15)) as field_part
from {{ ref("int_documents_in_window") }} as documents
anti join {{ ref("stg_technology_fields") }} as fields
    on
        documents.document_no = fields.document_no
        and documents.publication_year = fields.publication_year
where documents.kind = 'pct'

{# Kinds whose given world total is smaller than the edition's own documents, which are a part of that world. #}
{% test world_holds_its_documents(model) %}
select
    kind,
    documents,
    total
from {{ model }}
where
    total < documents
    -- with `world_total: located` the total is the located part of the documents
    and total <> located
{% endtest %}

-- grain: one cluster and technology field with any application; cluster 0 is the world, field 0 the unknown
{{ counts_by("field_nr", ref("int_documents_by_field"), part="field_part", kind="pct", apart=true) }}

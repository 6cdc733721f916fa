-- grain: one cluster and category, as its key, with any article; cluster 0 is the world
{{ counts_by("subject_key", ref("int_documents_by_subject"), part="subject_part", kind="sci", apart=false) }}

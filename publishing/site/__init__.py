"""The pages of an edition: one module per page with `build(release, …) -> Page`, one template each, one style sheet.

A new page is a module, a template and a line in `pages.PAGES`. Text with numbers belongs to `publishing.sentences`.
"""

"""Writers of raw files, one module per raw format: what a reader of `extracts` will find, dirt included."""

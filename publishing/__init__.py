"""What readers see: a release of an edition, and from it pages, pictures, sentences and files to download.

Belongs here: gathering an edition's tables into a release, rounding for print, wording, drawing, file formats.
Does not belong here: a number that is in no mart (counting), an outline or a name (clustering), a raw format (extracts).
`stage.py` holds what orchestration and the command line call; everything else reads a `Release` and knows no home.
"""

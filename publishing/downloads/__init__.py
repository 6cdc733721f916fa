"""Files that open everywhere: CSV, Parquet, GeoParquet, GeoJSON, with a dictionary, checksums and how to cite.

Each format has its module; `files.py` says which table gets which and writes the catalogue that the data page reads.
"""

from publishing.language import later

CATALOGUE = "catalogue.json"
GROUPS = {
    "ranking": later("Ranking and clusters"),
    "time": later("Years and fields"),
    "places": later("Places and economies"),
    "quality": later("Quality and reconciliation"),
    "rest": later("Further tables"),
}

"""Files that open everywhere: CSV, Parquet, GeoParquet, GeoJSON, with a dictionary, checksums and how to cite.

Each format has its module; `files.py` says which table gets which and writes the catalogue that the data page reads.
"""

CATALOGUE = "catalogue.json"
GROUPS = {
    "ranking": "Ranking and clusters",
    "time": "Years and fields",
    "places": "Places and economies",
    "quality": "Quality and reconciliation",
    "rest": "Further tables",
}

"""A text becomes a place with a precision, offline, from packaged gazetteers.

Here belong: what a name's key is, which gazetteers are read, the index on disk, and the rules that choose a place
(METHODOLOGY 5). Raw formats belong in `extracts`; what a located listing is worth belongs in the dbt project.
`from geocoding import Geocoder` is the way in; `stage.py` is what orchestration calls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from geocoding.answers import Answer
    from geocoding.geocoder import Geocoder

__all__ = ["Answer", "Geocoder"]


def __getattr__(name: str) -> Any:  # a module's attribute may be anything
    if name in __all__:
        from geocoding import answers, geocoder

        return getattr(answers if name == "Answer" else geocoder, name)
    raise AttributeError(f"module 'geocoding' has no attribute '{name}'")

"""What a page is: its file, its name in the navigation, its title, and what its template is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Page:
    """One page, ready to render; `files` are pictures and the like that belong to it, by relative name."""

    file: str
    name: str
    title: str
    template: str
    values: Mapping[str, Any]
    files: Mapping[str, bytes] = field(default_factory=dict)
    #: class of the page's body, by which paper and layout are chosen
    body: str = ""

    @property
    def root(self) -> str:
        """Way from this page's folder to the folder of all pages: empty or `../`."""
        return "../" * self.file.count("/")

"""How addresses are written, one module per country style or family; `style_of` finds the one of a country.

A new country style is a module with a subclass of `Style` and its line in `_STYLES`.
"""

from __future__ import annotations

from simulation.styles.base import PlaceText, Style
from simulation.styles.british import British
from simulation.styles.china import Chinese
from simulation.styles.french import French
from simulation.styles.german import German
from simulation.styles.japan import Japanese
from simulation.styles.korea import Korean
from simulation.styles.latin import Latin
from simulation.styles.nordic import Nordic
from simulation.styles.provinces import Provinces
from simulation.styles.united_states import UnitedStates

__all__ = ["PlaceText", "Style", "style_of"]

_STYLES: dict[str, Style] = {
    "US": UnitedStates(),
    "GB": British(),
    "JP": Japanese(),
    "KR": Korean(),
    **dict.fromkeys(("CN", "HK", "MO", "TW"), Chinese()),
    **dict.fromkeys(("DE", "AT", "CH"), German()),
    **dict.fromkeys(("FR", "BE", "LU"), French()),
    **dict.fromkeys(("SE", "NO", "DK", "FI", "NL", "PL"), Nordic()),
    **dict.fromkeys(("IT", "ES", "PT", "MX", "AR", "CL", "CO", "PE"), Latin()),
    **dict.fromkeys(("CA", "AU", "IN", "BR"), Provinces()),
}
_DEFAULT = Style()


def style_of(country: str) -> Style:
    """The address style of a country (ISO 3166-1 alpha-2); the default one where none is named."""
    return _STYLES.get(country, _DEFAULT)

"""Who stands on an application, from the parties of a patent document in XML (ST.36 and its national forms).

Inventors are taken from two places: `inventors`, and applicants who are inventors (until September 2012 US applicants
of PCT applications were). Agents, correspondents and cited literature have addresses too, which are nobody's here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from extracts.meaning import name_key
from extracts.xml_slices import child, children, local, text_of

_APPLICANTS = ("applicants", "us-applicants")
_LINES = ("address-1", "address-2", "address-3", "address-4", "address-5", "mailcode", "pobox", "room",
          "address-floor", "building", "street")  # fmt: skip
_NOWHERE = frozenset(("omitted", "unknown", "XX"))


@dataclass(frozen=True)
class Party:
    """A person or an organisation on an application."""

    name: str
    address: str = ""
    country: str = ""
    city: str | None = None
    postcode: str | None = None
    region: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    organisation: bool = False

    @property
    def key(self) -> str:
        """The name as it counts within one application: without case, accents and punctuation."""
        return name_key(self.name) or self.name


@dataclass
class Parties:
    """Inventors and applicants of an application, each once."""

    inventors: list[Party] = field(default_factory=list)
    applicants: list[Party] = field(default_factory=list)


def distinct(parties: list[Party]) -> list[Party]:
    """One party per name; of several the first that has an address, else the first."""
    found: dict[str, Party] = {}
    for party in parties:
        known = found.get(party.key)
        if known is None or (party.address and not known.address):
            found[party.key] = party
    return list(found.values())


def _country(element: Any, *names: str) -> str:
    text = text_of(element, *names)
    return "" if text in _NOWHERE else text


def _one(element: Any) -> Party | None:
    book = child(element, "addressbook")
    if book is None:
        return None
    address = child(book, "address")
    last, first = text_of(book, "last-name"), text_of(book, "first-name")
    person = ", ".join(part for part in (last, first) if part)
    organisation = text_of(book, "orgname")
    name = person or text_of(book, "name") or organisation
    lines = [] if address is None else [text_of(address, line) for line in _LINES]
    city, region = text_of(address, "city"), text_of(address, "state")
    postcode = text_of(address, "postcode")
    whole = [line for line in lines if line]
    joined = ", ".join(whole)
    ends = [part for part in (city, " ".join(part for part in (region, postcode) if part)) if part]
    whole += [part for part in ends if part.lower() not in joined.lower()]
    country = _country(address, "country") or _country(element, "residence", "country")
    return Party(
        name=name,
        address=", ".join(whole),
        country=country,
        city=city or None,
        postcode=postcode or None,
        region=region or None,
        organisation=bool(organisation) and not person,
    )


def st36(parties: Any) -> Parties:
    """The parties of an element `parties` (or `us-parties`) of a document.

    Inventors are the union of both places, one per name. An applicant who is an inventor stays an applicant.
    """
    found = Parties()
    for group in parties:
        name = local(group)
        if name in _APPLICANTS:
            for kind in ("applicant", "us-applicant"):
                for entry in children(group, kind):
                    party = _one(entry)
                    if party is None:
                        continue
                    found.applicants.append(party)
                    if "inventor" in entry.get("app-type", ""):
                        found.inventors.append(party)
        elif name == "inventors":
            found.inventors += [
                party for entry in children(group, "inventor") if (party := _one(entry)) is not None
            ]
    return Parties(distinct(found.inventors), distinct(found.applicants))

"""Organisations as places: which of those that an address names agree with the rest of it, and where they sit. METHODOLOGY 5.

Organisations are found in `organisations.py`; whether a town or an organisation is the answer is decided in `scoring.py`.
"""

from __future__ import annotations

from geocoding.choice import CODE_FAR_KM, SAME_KM, Choice, point
from geocoding.evidence import Tail, kilometres
from geocoding.index import Candidate, CodePoint, Index
from geocoding.normalise import key
from geocoding.organisations import Hit, Organisations
from geocoding.reading import read

MOST_ELSEWHERE = 0.25  # of organisations with one name at least so many lie near the one that is answered
SURE_ORGANISATION = 8.0  # weight from which an organisation in the stated region beats a town outside it
WEAK_ORGANISATION = 2.0  # weight below which an organisation's name is chance


def fitting(index: Index, hits: list[Hit], organisations: Organisations, tail: Tail) -> list[Hit]:
    """Organisations that agree with the stated region and the postal code, where any does."""
    hits = [hit for hit in hits if hit.weight >= WEAK_ORGANISATION][:12]
    if tail.code is not None and not tail.code.partial:
        at, spread = (tail.code.latitude, tail.code.longitude), CODE_FAR_KM + tail.code.spread_km
        hits = [hit for hit in hits if kilometres((hit.latitude, hit.longitude), at) <= spread]
    if not tail.regions:
        return hits
    regions = {hit: region_of_hit(index, organisations, hit) for hit in hits}
    return [hit for hit in hits if regions[hit] in tail.regions or not regions[hit]]


def region_of_hit(index: Index, organisations: Organisations, hit: Hit) -> str:
    """Code of an organisation's region; of the town that the registry names near it where the gazetteer lacks the place."""
    place = index.place_number(int(organisations.place[hit.number]))
    if place >= 0:
        return index.place_region_code(place)
    town = key(organisations.city(hit.number))
    for one in index.places_named(organisations.country(hit.number), town) if town else ():
        if kilometres(point(one), (hit.latitude, hit.longitude)) <= SAME_KM:
            return one.region
    return ""


def in_region(
    index: Index, organisations: Organisations, country: str, parts: list[str], choice: Choice
) -> Choice:
    """The organisation that a whole part names, where it lies in the region of `choice` but not near that town; else `choice`."""
    hits = organisations.find(country, [read(part) for part in parts])
    if not hits or not hits[0].whole or hits[0].weight < SURE_ORGANISATION:
        return choice
    apart = kilometres(point(choice.candidate), (hits[0].latitude, hits[0].longitude))
    if apart <= SAME_KM or region_of_hit(index, organisations, hits[0]) != choice.candidate.region:
        return choice
    return organisation_choice(index, organisations, hits, None)


def most_central(hits: list[Hit]) -> list[Hit]:
    """Hits, of those that bear one name equally well first the one near most others; none where they lie all over a country."""
    alike = [hit for hit in hits if hit.weight > hits[0].weight - 0.01]
    if len(alike) == 1:
        return hits
    near = [sum(_apart(hit, other) <= SAME_KM for other in alike) for hit in alike]
    if max(near) < MOST_ELSEWHERE * len(alike):
        return []
    first = alike[near.index(max(near))]
    return [first, *(hit for hit in hits if hit is not first)]


def _apart(hit: Hit, other: Hit) -> float:
    return kilometres((hit.latitude, hit.longitude), (other.latitude, other.longitude))


def organisation_choice(
    index: Index, organisations: Organisations, hits: list[Hit], code: CodePoint | None
) -> Choice:
    """The first organisation's own point, as strong as the next one elsewhere is weak."""
    hit = hits[0]
    place = index.place_number(int(organisations.place[hit.number]))
    region = region_of_hit(index, organisations, hit)
    inhabitants = int(index.place_pop[place]) if place >= 0 else 0
    at = hit.latitude, hit.longitude
    if place >= 0:  # the registry gives its town's point, which the gazetteer may have put right
        at = float(index.place_lat[place]), float(index.place_lon[place])
    candidate = Candidate(place, 1.0, inhabitants, *at, region, 0)
    rival = next(
        (h for h in hits[1:] if kilometres((h.latitude, h.longitude), point(candidate)) > SAME_KM), None
    )
    margin = hit.weight - rival.weight if rival is not None else 4.0
    several = rival is not None and margin < 0.01 and rival.sites == hit.sites
    method = "organisation_several_sites" if several else "organisation"
    strength = min(3.0, margin) - (hit.weight < 5.0)
    return Choice(candidate, method, strength, code=code, organisation=hit)

"""Why an address was placed where it was: the readings, the candidates with what spoke for and against each, the answer."""

from __future__ import annotations

from geocoding import evidence
from geocoding.answers import Answer
from geocoding.choice import Choice
from geocoding.fast import fast
from geocoding.framing import Framed, frame, with_country
from geocoding.geocoder import Geocoder
from geocoding.normalise import clean, segments
from geocoding.reading import Segment, read
from geocoding.scoring import scored_places
from geocoding.siting import fitting

SHOWN = 6  # candidates and organisations listed


def explain(geocoder: Geocoder, text: str, country: str | None) -> list[str]:
    """Lines that say how `text` was read, which places came into question and why, and what the answer is."""
    framed = frame(geocoder.index, segments(clean(text)), country or "")
    lines = [f"text       {text}", f"searched   {', '.join(framed.allowed) or 'every country'}"]
    if framed.why_not:
        lines.append(f"stopped    {framed.why_not}: the text names another country than the one given")
    for one in framed.allowed if not framed.why_not else ():
        lines += _country(geocoder, one, framed)
    return lines + _answer(geocoder, geocoder.place(text, country))


def _country(geocoder: Geocoder, country: str, framed: Framed) -> list[str]:
    index, parts = geocoder.index, [read(part) for part in framed.parts]
    tail = evidence.tail_evidence(index, country, parts)
    lines = [f"part       {_reading(part)}" for part in parts]
    if tail.regions:
        names = (f"{index.region_name(country, code) or '?'} ({code})" for code in sorted(tail.regions))
        lines.append(f"region     {', '.join(names)}")
    if tail.code is not None:
        name = index.code_name(tail.code.number) or "the beginning of a code"
        lines.append(f"code       {name}, {tail.code.latitude:.3f} {tail.code.longitude:.3f}")
    chosen = fast(index, country, framed.parts)
    if chosen is not None:
        return [
            *lines,
            f"fast path  {_place(geocoder, chosen)}: the end of the text names it beyond doubt ({chosen.method})",
        ]
    lines.append("fast path  nothing beyond doubt; all words are scored")
    hits = []
    if geocoder.organisations is not None:
        named = geocoder.organisations.find(country, with_country(framed, parts))
        hits = fitting(index, named, geocoder.organisations, tail)
        for hit in hits[:SHOWN]:
            title, city = geocoder.organisations.title(hit.number), geocoder.organisations.city(hit.number)
            lines.append(f"organisation {title}, {city} (weight {hit.weight:.1f})")
    scored = scored_places(index, country, parts, tail, hits, True).values()
    for one in sorted(scored, key=lambda s: (-s.score, s.candidate.place))[:SHOWN]:
        why = ", ".join(f"{what} {value:+.1f}" for what, value in one.why)
        where = f"{index.place_name(one.candidate.place)}, {one.candidate.region}, {country}"
        lines.append(f"candidate  {one.score:5.2f}  {where} ({one.method}): {why}")
    return lines


def _reading(part: Segment) -> str:
    kinds = [kind for kind, is_so in (("organisation", part.organisation), ("street", part.street)) if is_so]
    codes = f"  codes {', '.join(part.codes)}" if part.codes else ""
    return f"{' '.join(part.words)}{'  [' + ', '.join(kinds) + ']' if kinds else ''}{codes}"


def _place(geocoder: Geocoder, choice: Choice) -> str:
    return f"{geocoder.index.place_name(choice.candidate.place)}, {choice.candidate.region}"


def _answer(geocoder: Geocoder, answer: Answer) -> list[str]:
    if answer.latitude is None:
        return [f"answer     no point: {answer.precision} ({answer.method})"]
    name = geocoder.index.region_name(answer.country or "", answer.region) or answer.region
    where = f"{answer.place_name}, {name}, {answer.country}, {answer.latitude} {answer.longitude}"
    return [
        f"answer     {where}",
        f"           precision {answer.precision}, method {answer.method}, score {answer.score:.3f}",
    ]

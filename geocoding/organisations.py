"""Organisations that an address names, found through a registry's index. METHODOLOGY 5.

What a name's key is and how the index is made stands in `organisation_names.py`; which place is chosen in `scoring.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from foundation.errors import StclustersError
from geocoding import registry
from geocoding.arrays import Texts, array
from geocoding.normalise import key, words
from geocoding.organisation_names import all_stems, name_key, stems
from geocoding.reading import Segment

LONGEST_NAME = 12  # words of a window that may be a name
REMEMBERED = 200_000
COMMON = 4000  # names with a word above which the word finds nothing by itself
COVERED = 0.68  # share of a name's weight that an address must hold
KNOWN_WORD = 4.5  # weight of a single word that is a name by itself
MISSING = 1.0  # of the weight of a name's telling words that an address holds, which may be missing
HELD = 3.2  # weight that an address must hold of a name written in part
CROSSING, PARTLY, COMMONPLACE, OTHER_NAME = 3.0, 3.0, 6.0, 0.6  # what speaks against a name
UNIVERSITY, WHOLE, ACRONYM, INNER_ACRONYM = 3.0, 1.0, 3.0, 2.0  # what speaks for one
IN_ORDER, OTHER_ORDER = (
    0.3,
    0.9,
)  # that the words stand as in the organisation's own name, or in another order
LONGEST_UNSPACED = 30


class Hit(NamedTuple):
    """An organisation that an address names: its number, how much of the text speaks for it, how many of that name there are."""

    number: int
    latitude: float
    longitude: float
    weight: float
    rank: int
    sites: int
    segment: int
    whole: bool


class Organisations:
    """The registry's index, opened for reading.

    Raises
    ------
    StclustersError
        The folder is missing or damaged.
    """

    def __init__(self, folder: Path) -> None:
        import marisa_trie

        try:
            self.meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
            self._names, self._words = marisa_trie.Trie(), marisa_trie.Trie()
            self._names.mmap(str(folder / "org_names.marisa"))
            self._words.mmap(str(folder / "org_words.marisa"))
            self._name_off, self._name_site = array(folder, "org_name_off"), array(folder, "org_name_site")
            self._name_far = array(folder, "org_name_far")
            self._word_off, self._word_name = array(folder, "org_word_off"), array(folder, "org_word_name")
            self._word_weight, self._name_weight = (
                array(folder, "org_word_weight"),
                array(folder, "org_name_weight"),
            )
            self._lat, self._lon = array(folder, "org_lat"), array(folder, "org_lon")
            self.place, self._rank = array(folder, "org_place"), array(folder, "org_rank")
            self._title, self._city = Texts(folder, "org_title"), Texts(folder, "org_city")
            self._country = Texts(folder, "org_country")
        except (OSError, ValueError, RuntimeError) as fault:
            raise StclustersError(
                f"The index of organisations is missing or damaged: {fault}.",
                "Delete its folder; it is built again.",
                str(folder),
            ) from fault
        self.folder = folder
        self.version: str = self.meta["version"]
        self._weights: dict[str, float] = {}
        self._ordered: dict[int, tuple[str, ...]] = {}
        self._tokens: dict[tuple[str, tuple[str, ...]], tuple[str, ...]] = {}
        self._parts: dict[tuple[str, tuple[str, ...]], tuple[Hit, ...]] = {}
        self._remembered: dict[tuple[str, tuple[str, ...], tuple[str, ...]], tuple[Hit, ...]] = {}

    def title(self, number: int) -> str:
        """Name of an organisation."""
        return self._title[number]

    def city(self, number: int) -> str:
        """Town that the registry gives for an organisation."""
        return self._city[number]

    def country(self, number: int) -> str:
        """Country of an organisation."""
        return self._country[number]

    def find(self, country: str, parts: list[Segment]) -> list[Hit]:
        """Organisations that an address names, the one that most of the text speaks for first."""
        best: dict[int, Hit] = {}
        tokens = [self._known(country, part.words) for part in parts]
        for position, part in enumerate(parts):
            following = tokens[position + 1] if position + 1 < len(tokens) else ()
            for hit in self._in_segment(country, part, tokens[position], following[:4]):
                if hit.number not in best or hit.weight > best[hit.number].weight:
                    best[hit.number] = hit._replace(segment=position)
        if not any(hit.weight > KNOWN_WORD for hit in best.values()):
            for position, own in enumerate(tokens):
                for hit in self._partly(country, own):
                    if hit.number not in best or hit.weight > best[hit.number].weight:
                        best[hit.number] = hit._replace(segment=position)
        return sorted(best.values(), key=lambda hit: (-round(hit.weight, 4), hit.rank, hit.number))

    def _in_segment(
        self, country: str, part: Segment, own: tuple[str, ...], following: tuple[str, ...]
    ) -> tuple[Hit, ...]:
        """Names that begin in a segment, remembered: universities and departments come again and again."""
        wanted = (country, part.words, following)
        found = self._remembered.get(wanted)
        if found is None:
            best: dict[int, Hit] = {}
            if part.unspaced:
                self._unspaced(best, country, part)
            self._windows(best, country, own, following)
            self._acronyms(best, country, part)
            if len(self._remembered) >= REMEMBERED:
                self._remembered.clear()
            found = self._remembered[wanted] = tuple(best.values())
        return found

    def _known(self, country: str, names: tuple[str, ...]) -> tuple[str, ...]:
        """Short forms of words; a cut word (`calif`) is replaced by the only known word that begins so."""
        wanted = (country, names)
        if (known := self._tokens.get(wanted)) is not None:
            return known
        found = []
        for token in stems(names):
            if len(token) >= 4 and (country + token) not in self._words:
                longer = self._words.keys(country + token)
                if 0 < len(longer) <= 4:
                    token = min(longer, key=lambda word: (self._weight(word), word))[2:]
            found.append(token)
        if len(self._tokens) >= REMEMBERED:
            self._tokens.clear()
        self._tokens[wanted] = tuple(found)
        return self._tokens[wanted]

    def _weight(self, word: str) -> float:
        found = self._weights.get(word)
        if found is None:
            number = self._words.get(word)
            found = 0.0 if number is None else float(self._word_weight[number])
            self._weights[word] = found
        return found

    def _windows(
        self, best: dict[int, Hit], country: str, own: tuple[str, ...], following: tuple[str, ...]
    ) -> None:
        tokens = own + following
        weights = [self._weight(country + token) for token in tokens]
        for start in range(len(own)):
            end = start
            while (
                end < min(len(tokens), start + LONGEST_NAME) and weights[end] > 0
            ):  # an unknown word is in no name
                end += 1
                if end > len(own) and start > 0 and _continues(own, start):
                    break
                weight = sum(weights[start:end]) - CROSSING * (end > len(own))
                whole = start == 0 and end == len(own)
                if end == start + 1:
                    if not whole and (weight < KNOWN_WORD or len(tokens[start]) < 4):
                        continue
                    weight -= 0.0 if whole else 2.0
                if all(token in all_stems() for token in tokens[start:end]):
                    weight -= COMMONPLACE
                self._add(best, country + name_key(tokens[start:end]), weight, 0, whole, tokens[start:end])

    def _acronyms(self, best: dict[int, Hit], country: str, segment: Segment) -> None:
        shouted = len(segment.words) > 1 and all(word.isupper() for word in segment.words)
        for word in segment.words:
            if not 2 <= len(word) <= 12 or (
                len(segment.words) > 1 and (shouted or not word.isupper() or len(word) < 3)
            ):
                continue
            weight = ACRONYM if len(segment.words) == 1 else INNER_ACRONYM
            self._add(best, f"{country}#{key(word)}", weight, 0, False)

    def _unspaced(self, best: dict[int, Hit], country: str, segment: Segment) -> None:
        text = segment.key
        for start in range(min(len(text), LONGEST_UNSPACED)):
            for name in self._names.prefixes(country + text[start : start + LONGEST_UNSPACED]):
                if len(name) >= 6:
                    self._add(best, name, float(len(name) + 2), 0, False)

    def _add(
        self,
        best: dict[int, Hit],
        name: str,
        weight: float,
        position: int,
        whole: bool,
        written: tuple[str, ...] = (),
    ) -> None:
        number = self._names.get(name)
        if number is None:
            return
        start, end = int(self._name_off[number]), int(self._name_off[number + 1])
        for offset in range(start, min(end, start + 25)):
            site = int(self._name_site[offset])
            if len(written) > 2 and self._is_namesake(site, name[:2], written):
                continue
            rank = int(self._rank[site])
            sure = (
                weight
                + WHOLE * whole
                + UNIVERSITY * (rank < registry.OTHERS)
                - OTHER_NAME * int(self._name_far[offset])
            )
            sure -= 2.0 * (rank >= registry.CLOSED)
            if end - start > 1 and len(written) > 1:
                sure += self._ordering(site, written)
            if site not in best or sure > best[site].weight:
                point = float(self._lat[site]), float(self._lon[site])
                best[site] = Hit(site, *point, sure, rank, end - start, position, whole)

    def _ordering(self, site: int, written: tuple[str, ...]) -> float:
        """What the order of the words says, of several organisations with the same ones: Washington University."""
        own = self._in_order(site)
        if own[: len(written)] == written:
            return IN_ORDER
        return -OTHER_ORDER if sorted(own) == sorted(written) else 0.0

    def _is_namesake(self, site: int, country: str, written: tuple[str, ...]) -> bool:
        """Whether a name turns round the university that is written, and that one exists too: Washington University's school of
        medicine is not that of the University of Washington."""
        own = self._in_order(site)
        if "univ" not in written[1:] or own[:1] != ("univ",) or len(own) < 2:
            return False
        first = written[written.index("univ", 1) - 1]
        number = self._names.get(country + name_key((first, "univ"))) if own[1] == first else None
        if number is None:
            return False
        start, end = int(self._name_off[number]), int(self._name_off[number + 1])
        return any(self._in_order(int(one))[:2] == (first, "univ") for one in self._name_site[start:end])

    def _in_order(self, site: int) -> tuple[str, ...]:
        """Short forms of an organisation's own name in their order: Miami University, University of Miami."""
        found = self._ordered.get(site)
        if found is None:
            if len(self._ordered) >= REMEMBERED:
                self._ordered.clear()
            found = self._ordered[site] = tuple(stems(words(self._title[site])))
        return found

    def _partly(self, country: str, tokens: tuple[str, ...]) -> tuple[Hit, ...]:
        """Names of which a segment holds the most part by weight, found through their rare words; remembered."""
        wanted = (country, tokens)
        found = self._parts.get(wanted)
        if found is None:
            best: dict[int, Hit] = {}
            for name, weight in self._partial_names(country, tokens):
                self._add(best, name, weight, 0, False)
            if len(self._parts) >= REMEMBERED:
                self._parts.clear()
            found = self._parts[wanted] = tuple(best.values())
        return found

    def _partial_names(self, country: str, tokens: tuple[str, ...]) -> Iterator[tuple[str, float]]:
        parts, weights = [], []
        for token in sorted(set(tokens)):
            number = self._words.get(country + token)
            if number is None:
                continue
            start, end = int(self._word_off[number]), int(self._word_off[number + 1])
            if end - start <= COMMON:
                parts.append(self._word_name[start:end])
                weights.append(np.full(end - start, self._word_weight[number]))
        if not parts or sum(float(one[0]) for one in weights) <= HELD:
            return
        names, where = np.unique(np.concatenate(parts), return_inverse=True)
        held = np.bincount(where, weights=np.concatenate(weights))
        share = held / self._name_weight[names]
        for n in np.flatnonzero((share >= COVERED) & (held > HELD)).tolist():
            name = self._names.restore_key(int(names[n]))
            if " " in name and self._tells(country, name[2:].split(" "), tokens):
                yield name, float(held[n] * share[n] ** 2) - PARTLY

    def _tells(self, country: str, name: list[str], written: tuple[str, ...]) -> bool:
        """Whether the words held of a name are those that tell it from others: a school of public health is none."""
        known = all_stems()
        own = [(word in written, self._weight(country + word)) for word in name if word not in known]
        held = sum(weight for there, weight in own if there)
        missing = sum(weight for there, weight in own if not there)
        if held <= 0 or missing > MISSING * held:
            return False
        if "univ" not in name or "univ" in written:
            return True
        first = next(n for n, word in enumerate(written) if word in name and word not in known)
        return first == 0 or written[first - 1] in known  # Sloan Kettering is no Kettering University


def _continues(own: tuple[str, ...], start: int) -> bool:
    """Whether a window begins with a common word of a name that a telling word before it began: Nanjing [University, Suzhou]."""
    return own[start] in all_stems() and own[start - 1] not in all_stems()

"""Organisations by name: an index made from a registry, and which organisations an address names. METHODOLOGY 5.

A name's key is the sorted set of its words in short form (`University`, `Universität` and `Univ` are one), so that word order,
spelling out and small words do not matter. `org_names.marisa` holds country + key; `org_words.marisa` holds country + word for
names that are written in part. The registry's file is read in `registry.py`; which place is chosen is decided in `scoring.py`.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from foundation.atomic import new_folder
from foundation.errors import StclustersError
from foundation.home import Home
from geocoding import registry
from geocoding.arrays import Texts, array, save, save_texts
from geocoding.normalise import key, words
from geocoding.reading import Segment
from geocoding.vocabulary import FOLDER, rows

SCHEMA = 4
LONGEST_NAME = 12  # words of a window that may be a name
ANY = "--"  # stands for the country where none is known
REMEMBERED = 200_000
SMALL_COUNTRY = (
    1_000  # names that a country counts for at least, so that words weigh alike in small registries
)
COMMON = 4000  # names with a word above which the word finds nothing by itself
COVERED = 0.68  # share of a name's weight that an address must hold
KNOWN_WORD = 4.5  # weight of a single word that is a name by itself
HELD = 3.2  # weight that an address must hold of a name written in part
CROSSING, PARTLY, COMMONPLACE, OTHER_NAME = 3.0, 3.0, 6.0, 0.6  # what speaks against a name
UNIVERSITY, WHOLE, ACRONYM, INNER_ACRONYM = 3.0, 1.0, 3.0, 2.0  # what speaks for one
LONGEST_UNSPACED = 30


@lru_cache(maxsize=1)
def _beginnings() -> tuple[dict[str, str], dict[str, str], int]:
    """(whole words, beginnings of words) -> stem, and the longest beginning."""
    whole = {
        r["beginning"][:-1]: r["stem"] for r in rows("organisation_words") if r["beginning"].endswith("$")
    }
    start = {
        r["beginning"]: r["stem"] for r in rows("organisation_words") if not r["beginning"].endswith("$")
    }
    return whole, start, max(map(len, start))


@lru_cache(maxsize=1)
def _stems() -> frozenset[str]:
    whole, start, _ = _beginnings()
    return frozenset(whole.values()) | frozenset(start.values())


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The short form of a word, `-` for a small word that says nothing.

    >>> stem("University"), stem("Technol"), stem("Zürich"), stem("of")
    ('univ', 'tech', 'zurich', '-')
    """
    text = key(word)
    whole, start, longest = _beginnings()
    if text in whole:
        return whole[text]
    for length in range(min(len(text), longest), 2, -1):
        found = start.get(text[:length])
        if found is not None:
            return found
    return text


def stems(names: Iterable[str]) -> list[str]:
    """Short forms of words in their order, small words left out."""
    return [one for word in _joined(names) if (one := stem(word)) not in ("-", "")]


def _joined(names: Iterable[str]) -> list[str]:
    """Words, neighbours of one letter as one word: M D Anderson, Texas A M."""
    found: list[str] = []
    alone = False
    for word in names:
        if len(word) == 1 and alone:
            found[-1] += word
        else:
            found.append(word)
        alone = len(word) == 1
    return found


def name_key(tokens: Iterable[str]) -> str:
    """The key of a name: its short forms, each once, sorted."""
    return " ".join(sorted(set(tokens)))


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


def ensure(home: Home, path: Path, say: Callable[[str], None]) -> Path:
    """Folder of the index of the registry `path`, which is made in the home when it is not there yet."""
    folder = home.gazetteer(f"registry-{version(path)}")
    if not (folder / "meta.json").is_file():
        say("gazetteer: reading the registry of organisations")
        build(folder, path)
    return folder


def version(path: Path) -> str:
    """Name of the index that this registry and these rules make: 12 hex digits."""
    from foundation.errors import BadInput

    if not path.is_file():
        raise BadInput(
            "The registry of organisations is not there.", "Mend geocoding.registry or --registry.", str(path)
        )
    digest = hashlib.sha256(f"{SCHEMA}".encode())
    digest.update((FOLDER / "organisation_words.csv").read_bytes())
    with path.open("rb") as handle:
        digest.update(hashlib.file_digest(handle, "sha256").digest())
    return digest.hexdigest()[:12]


def _keys(organisation: registry.Organisation) -> dict[str, int]:
    """Keys of an organisation's names and acronyms -> how far each is from its own name."""
    found: dict[str, int] = {}
    for number, name in enumerate(organisation.names):
        far = min(number, 1)
        plain = name.partition(" (")[0] if name.endswith(")") else name
        for form in {plain, name}:
            tokens = stems(words(form))
            if tokens and not (len(tokens) == 1 and len(tokens[0]) < 3):
                found.setdefault(name_key(tokens), far)
        short = [
            one for one in stems(words(plain)) if one not in ("corp", "ltd", "co", "inc", "gmbh", "ag", "llc")
        ]
        if short and not (len(short) == 1 and len(short[0]) < 4):
            found.setdefault(name_key(short), far + 1)
    for name in organisation.acronyms:
        text = key(name)
        if 2 <= len(text) <= 12:
            found.setdefault(f"#{text}", 0)
    return found


def build(folder: Path, path: Path) -> None:
    """The index of the registry `path` written to `folder`, whole or not at all."""
    import marisa_trie

    sites = list(registry.read(path))
    named: list[tuple[str, int, int]] = []
    for number, one in enumerate(sites):
        for text, far in _keys(one).items():
            named += [(one.country + text, number, far), (ANY + text, number, far)]
    names = sorted({name for name, _, _ in named})
    with new_folder(folder) as part:
        trie = marisa_trie.Trie(names)
        trie.save(str(part / "org_names.marisa"))
        named.sort(key=lambda one: (trie[one[0]], one[2], sites[one[1]].rank, one[1]))
        counts = np.bincount([trie[name] for name, _, _ in named], minlength=len(trie))
        save(part, "org_name_off", np.concatenate([[0], np.cumsum(counts)]), "u4")
        save(part, "org_name_site", [number for _, number, _ in named], "i4")
        save(part, "org_name_far", [far for _, _, far in named], "u1")
        _save_words(part, names, trie)
        save(part, "org_lat", [one.latitude for one in sites], "f8")
        save(part, "org_lon", [one.longitude for one in sites], "f8")
        save(part, "org_place", [one.geonames_id for one in sites], "i8")
        save(part, "org_rank", [one.rank for one in sites], "u1")
        for column, texts in (
            ("org_id", [one.id for one in sites]),
            ("org_title", [one.names[0] for one in sites]),
            ("org_city", [one.city for one in sites]),
            ("org_country", [one.country for one in sites]),
        ):
            save_texts(part, column, texts)
        meta = {"version": version(path), "file": path.name, "sites": len(sites), "names": len(names)}
        (part / "meta.json").write_text(json.dumps(meta, sort_keys=True, indent=1) + "\n", encoding="utf-8")


def _save_words(folder: Path, names: list[str], trie: object) -> None:
    """Names by word, and how much each word and each name weighs (rare words much)."""
    import marisa_trie

    assert isinstance(trie, marisa_trie.Trie)
    postings: dict[str, list[int]] = defaultdict(list)
    total: Counter[str] = Counter()
    for name in names:
        if name[2] == "#":
            continue
        total[name[:2]] += 1
        for word in name[2:].split(" "):
            postings[name[:2] + word].append(trie[name])
    listed = sorted(postings)
    by_word = marisa_trie.Trie(listed)
    by_word.save(str(folder / "org_words.marisa"))
    ordered: list[list[int]] = [[] for _ in listed]
    weight = np.zeros(len(listed))
    for word in listed:
        ordered[by_word[word]] = sorted(postings[word])
        weight[by_word[word]] = math.log(1 + max(total[word[:2]], SMALL_COUNTRY) / len(postings[word]))
    name_weight = np.zeros(len(trie))
    for numbers, one in zip(ordered, weight.tolist(), strict=True):
        name_weight[numbers] += one
    save(folder, "org_word_off", np.concatenate([[0], np.cumsum([len(one) for one in ordered])]), "u4")
    save(folder, "org_word_name", [number for one in ordered for number in one], "i4")
    save(folder, "org_word_weight", weight, "f4")
    save(folder, "org_name_weight", name_weight, "f4")


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
        self._tokens: dict[tuple[str, tuple[str, ...]], tuple[str, ...]] = {}
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
                self._partly(best, country, own, position)
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
                weight = sum(weights[start:end]) - CROSSING * (end > len(own))
                whole = start == 0 and end == len(own)
                if end == start + 1:
                    if not whole and (weight < KNOWN_WORD or len(tokens[start]) < 4):
                        continue
                    weight -= 0.0 if whole else 2.0
                if all(token in _stems() for token in tokens[start:end]):
                    weight -= COMMONPLACE
                self._add(best, country + name_key(tokens[start:end]), weight, 0, whole)

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

    def _add(self, best: dict[int, Hit], name: str, weight: float, position: int, whole: bool) -> None:
        number = self._names.get(name)
        if number is None:
            return
        start, end = int(self._name_off[number]), int(self._name_off[number + 1])
        for offset in range(start, min(end, start + 25)):
            site = int(self._name_site[offset])
            rank = int(self._rank[site])
            sure = weight + WHOLE * whole + UNIVERSITY * (rank < 2) - OTHER_NAME * int(self._name_far[offset])
            sure -= 2.0 * (rank >= registry.CLOSED)
            if site not in best or sure > best[site].weight:
                point = float(self._lat[site]), float(self._lon[site])
                best[site] = Hit(site, *point, sure, rank, end - start, position, whole)

    def _partly(self, best: dict[int, Hit], country: str, tokens: tuple[str, ...], position: int) -> None:
        """Names of which an address holds the most part by weight, found through their rare words."""
        parts, weights = [], []
        for token in sorted(set(tokens)):
            number = self._words.get(country + token)
            if number is None:
                continue
            start, end = int(self._word_off[number]), int(self._word_off[number + 1])
            if end - start <= COMMON:
                parts.append(self._word_name[start:end])
                weights.append(np.full(end - start, self._word_weight[number]))
        if not parts:
            return
        names, where = np.unique(np.concatenate(parts), return_inverse=True)
        held = np.bincount(where, weights=np.concatenate(weights))
        share = held / self._name_weight[names]
        for n in np.flatnonzero((share >= COVERED) & (held > HELD)).tolist():
            name = self._names.restore_key(int(names[n]))
            if " " in name:
                self._add(best, name, float(held[n] * share[n] ** 2) - PARTLY, position, False)

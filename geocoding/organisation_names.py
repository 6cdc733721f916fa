"""Names of organisations: their words in short form, and the index on disk that is made from a registry.

A name's key is the sorted set of its words in short form (`University`, `Universität` and `Univ` are one), so that word order,
spelling out and small words do not matter. `org_names.marisa` holds country + key; `org_words.marisa` holds country + word for
names that are written in part. The registry's file is read in `registry.py`, the index is used in `organisations.py`.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path

import numpy as np

from foundation.atomic import new_folder
from foundation.errors import BadInput
from foundation.home import Home
from geocoding import registry
from geocoding.arrays import save, save_texts
from geocoding.index import in_shared_or_own
from geocoding.normalise import key, words
from geocoding.vocabulary import FOLDER, rows

SCHEMA = 7
ANY = "--"  # stands for the country where none is known
SMALL_COUNTRY = (
    1_000  # names that a country counts for at least, so that words weigh alike in small registries
)


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
def all_stems() -> frozenset[str]:
    """All short forms: words that many organisations share."""
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


def ensure(home: Home, path: Path, say: Callable[[str], None]) -> Path:
    """Folder of the index of the registry `path`, which is made in the home when it is not there yet."""
    folder = home.gazetteer(f"registry-{version(path)}")
    if not (folder / "meta.json").is_file():
        say("gazetteer: reading the registry of organisations")
        in_shared_or_own(home, f"registry-{version(path)}", lambda target: build(target, path))
    return home.gazetteer(f"registry-{version(path)}")


def version(path: Path) -> str:
    """Name of the index that this registry and these rules make: 12 hex digits."""
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
        rest = _without_town(tokens, organisation.city)
        if rest:
            found.setdefault(name_key(rest), far + 1)
    for name in organisation.acronyms:
        text = key(name)
        if 2 <= len(text) <= 12:
            found.setdefault(f"#{text}", 0)
    return found


def _without_town(tokens: list[str], town: str) -> list[str]:
    """Short forms of a name without its town at the end, where a name of its own is left: Goethe University Frankfurt."""
    end = stems(words(town))
    for length in range(len(end), 0, -1):
        if tokens[-length:] == end[:length]:
            rest = tokens[:-length]
            known = all_stems()
            return rest if len(rest) > 1 and not all(one in known for one in rest) else []
    return []


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

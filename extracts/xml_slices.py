"""Records of an XML file cut out of its bytes and parsed one by one: a broken one, or a second root, costs no other.

Never loaded: external entities, DTDs, anything from a network. Entities that a document declares are not expanded;
a document that declares one with a value is refused by the readers (`declares_entities`). Named characters of HTML
(`&ouml;`) are known.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, BinaryIO

import numpy as np

from extracts.segments import Count
from extracts.text import Text

BLOCK = 4 << 20
_NEWLINE = 10
LONGEST = 64 << 20  # bytes of one record
PROLOG = 1 << 20  # bytes before a record in which declarations are looked for
_ENTITY = re.compile(rb"<!ENTITY\s+(?:%\s+)?[^\s>]+\s+(?![^>]*\b(?:SYSTEM|PUBLIC)\b)[\"']")
_NAMED = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,30});")
_BARE = re.compile(rb"&(?!#\d{1,7};|#x[0-9A-Fa-f]{1,6};|[A-Za-z][A-Za-z0-9]{1,30};)")
_PLAIN = frozenset((b"amp", b"lt", b"gt", b"quot", b"apos"))


def declares_entities(prolog: bytes) -> bool:
    """Whether a document's own declarations give an entity a value, as those that grow without end do."""
    return b"<!ENTITY" in prolog and _ENTITY.search(prolog) is not None


def _named(found: re.Match[bytes]) -> bytes:
    name = found.group(1)
    if name in _PLAIN:
        return found.group()
    text = html.unescape(found.group().decode())
    return text.encode() if not text.startswith("&") else b"&amp;" + name + b";"


@cache
def _parser(recover: bool, blanks: bool = True) -> Any:
    from lxml import etree

    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=recover,
        collect_ids=False,
        remove_blank_text=not blanks,
    )


def tree(piece: bytes, blanks: bool = True) -> Any | None:
    """The element that `piece` is, or None when it is not well-formed even with named characters of HTML known.

    `blanks`: keep text of nothing but blanks, as stands between elements; without it parsing is a third faster.
    """
    from lxml import etree

    try:
        return etree.fromstring(piece, _parser(recover=False, blanks=blanks))
    except etree.XMLSyntaxError:
        if b"&" not in piece:
            return None
    try:
        return etree.fromstring(_NAMED.sub(_named, piece), _parser(recover=False, blanks=blanks))
    except etree.XMLSyntaxError:
        return None


def recovered(piece: bytes) -> Any | None:
    """As much of the element as can be read of a piece that is not well-formed."""
    from lxml import etree

    content = _BARE.sub(b"&amp;", _NAMED.sub(_named, piece))
    try:
        return etree.fromstring(content, _parser(recover=True))
    except etree.XMLSyntaxError:
        return None


def local(element: Any) -> str:
    """Name of an element without its namespace; empty for comments and instructions."""
    name = element.tag
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def without_namespaces(root: Any) -> Any:
    """The same tree with plain names."""
    for element in root.iter():
        if isinstance(element.tag, str) and element.tag.startswith("{"):
            element.tag = element.tag.rpartition("}")[2]
    return root


def child_text(element: Any, name: str) -> str:
    """Text of the first child of a name, without blanks at its ends; empty where there is none."""
    for found in element.iterchildren(name):
        return (found.text or "").strip()
    return ""


def child(element: Any, *names: str) -> Any | None:
    """The first element found by going down by these names; None where one is missing."""
    for name in names:
        if element is None:
            return None
        element = next((inner for inner in element if local(inner) == name), None)
    return element


def children(element: Any | None, name: str) -> list[Any]:
    """Direct children of a name."""
    return [] if element is None else [inner for inner in element if local(inner) == name]


def text_of(element: Any | None, *names: str) -> str:
    """All text of the element found by going down by these names, blanks folded; empty where one is missing."""
    found = child(element, *names) if element is not None else None
    return "" if found is None else " ".join("".join(found.itertext()).split())


@dataclass(frozen=True)
class Cut:
    """A record as it stands in a file: the line where it starts, its bytes, whether its end is there, what stood before it."""

    line: int
    content: bytes
    whole: bool
    before: bytes


def records(stream: BinaryIO, begin: re.Pattern[bytes]) -> Iterator[Cut]:
    """Each record of a file: from a match of `begin`, `<name` or `<prefix:name`, to its end tag."""
    text = Text(stream, BLOCK)
    line, before, more = 1, b"", True
    while more:
        more = text.fill()
        spans, at, open_at = _spans(text, begin)
        lines = Count(text.array[: text.size] == _NEWLINE)
        starts = np.array([start for start, *_ in spans], np.int64)
        behind = 0
        for (start, stop, whole), passed in zip(spans, lines.before(starts).tolist(), strict=True):
            yield Cut(line + passed, bytes(text.view[start:stop]), whole, before + text.view[behind:start])
            behind, before = stop, b""
        if not more:
            break
        keep = open_at if open_at >= 0 else max(at, text.buffer.rfind(b"<", at, text.size))
        before = (before + text.view[at:keep])[-PROLOG:]
        line += int(lines.before(np.array([keep]))[0])
        text.drop(keep)
        if text.size > LONGEST:
            yield Cut(line, text.content(2000), False, before)
            line += text.lines(text.size)
            text.drop(text.size)
            before = b""
    if open_at >= 0:
        start = int(lines.before(np.array([open_at]))[0])
        yield Cut(line + start, bytes(text.view[open_at : text.size]), False, before + text.view[at:open_at])


def _spans(text: Text, begin: re.Pattern[bytes]) -> tuple[list[tuple[int, int, bool]], int, int]:
    """(start, end, whole) of records, the end of the last, and the start of one whose end is not there; else −1.

    A record within which another begins is not whole: its end is missing, and that of the other is not its own.
    """
    spans: list[tuple[int, int, bool]] = []
    at = 0
    hides = text.buffer.find(b"<!", 0, text.size) >= 0
    while (found := begin.search(text.buffer, at, text.size)) is not None:
        start, first = found.span()
        stop = _next(text, b"</" + found.group()[1:] + b">", first, text.size, hides)
        other = _next(text, found.group(), first, stop if stop >= 0 else text.size, hides)
        while other >= 0 and begin.match(text.buffer, other, text.size) is None:  # another name begins so
            other = _next(text, found.group(), other + 1, stop if stop >= 0 else text.size, hides)
        if stop < 0 and other < 0:
            return spans, at, start
        at = other if other >= 0 else stop + len(found.group()) + 2
        spans.append((start, at, other < 0))
    return spans, at, -1


def _next(text: Text, mark: bytes, start: int, stop: int, hides: bool) -> int:
    """Where `mark` stands next and counts, −1 where it does not; `hides`: comments or CDATA may hold what does not count."""
    at = text.buffer.find(mark, start, stop)
    while hides and at >= 0 and (closing := _hidden(text, start, at)):
        closed = text.buffer.find(closing, at, stop)
        at = text.buffer.find(mark, closed, stop) if closed >= 0 else -1
    return at


def _hidden(text: Text, start: int, at: int) -> bytes:
    """What closes the comment or CDATA, begun after `start`, that a place lies in; nothing where it lies in none."""
    for opening, closing in ((b"<!--", b"-->"), (b"<![CDATA[", b"]]>")):
        opened = text.buffer.rfind(opening, start, at)
        if opened >= 0 and text.buffer.find(closing, opened, at) < 0:
            return closing
    return b""

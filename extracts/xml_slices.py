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

from extracts.encoding import line_blocks

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
def _parser(recover: bool) -> Any:
    from lxml import etree

    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=recover
    )


def tree(piece: bytes) -> Any | None:
    """The element that `piece` is, or None when it is not well-formed even with named characters of HTML known."""
    from lxml import etree

    try:
        return etree.fromstring(piece, _parser(recover=False))
    except etree.XMLSyntaxError:
        if b"&" not in piece:
            return None
    try:
        return etree.fromstring(_NAMED.sub(_named, piece), _parser(recover=False))
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


def plain_text(element: Any | None, path: str) -> str:
    """Text of the element at `path`, without blanks at its ends; empty where there is none."""
    found = None if element is None else element.findtext(path)
    return found.strip() if found else ""


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
    line, rest, before = 1, b"", b""
    for block in line_blocks(stream):
        text = rest + block
        at = 0
        while (found := begin.search(text, at)) is not None:
            end = b"</" + found.group()[1:] + b">"
            stop = text.find(end, found.end())
            if stop < 0:
                break
            line += text.count(b"\n", at, found.start())
            stop += len(end)
            yield Cut(line, text[found.start() : stop], True, before + text[at : found.start()])
            line += text.count(b"\n", found.start(), stop)
            at, before = stop, b""
        keep = found.start() if found is not None else max(at, text.rfind(b"<", at))
        before = (before + text[at:keep])[-PROLOG:]
        line += text.count(b"\n", at, keep)
        rest = text[keep:]
        if len(rest) > LONGEST:
            yield Cut(line, rest[:2000], False, before)
            line += rest.count(b"\n")
            rest, before = b"", b""
    if begin.match(rest):
        yield Cut(line, rest, False, before)

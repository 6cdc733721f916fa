"""OpenAlex works: JSON lines of the snapshot, pages of the API, arrays; both ages of the schema.

Lines end at byte 0x0a only: titles hold U+2028 and the like. What decides whether a work is like an article of SCIE
(an article in a journal of the core set, not of the social sciences) is put into the columns `doc_type` and `indexes`;
works of before 2024 say nothing of the core set. It stays wider than SCIE. Positions are line numbers from 1 in JSON
lines, and row numbers in pages.
"""

from __future__ import annotations

import codecs
import datetime
import gc
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, BinaryIO, cast

import msgspec
import pyarrow as pa

from extracts.article_batch import FULL, ArticleBatch
from extracts.countries import Given, of_article
from extracts.encoding import BLOCK, Utf8Stream, encoding_of, utf8_blocks
from extracts.text import Joined, Text

VERSION = "2"
LIKE_SCIE = "SCIE-like"
OTHER = "other"
_LONGEST = 1 << 40  # bytes of an array or page: all of it
SOCIAL_SCIENCES = "2"  # number of the domain
_PAGE = re.compile(rb'\{\s*"(?:meta|results|group_by)"\s*:')
_TYPES = {"article": "Article", "journal-article": "Article", "review": "Review"}


class _Named(msgspec.Struct, gc=False):
    display_name: str | None = None


class _Numbered(msgspec.Struct, gc=False):
    id: str | None = None


class _Source(msgspec.Struct, gc=False):
    type: str | None = None
    is_core: bool | None = None
    issn: list[str] | str | None = None
    issn_l: str | None = None


class _Location(msgspec.Struct, gc=False):
    source: _Source | None = None


class _Institution(msgspec.Struct, gc=False):
    id: str | None = None
    ror: str | None = None
    display_name: str | None = None
    country_code: str | None = None


class _Affiliation(msgspec.Struct, gc=False):
    raw_affiliation_string: str | None = None
    institution_ids: list[str] | None = None


class _Authorship(msgspec.Struct, gc=False):
    author: _Named | None = None
    raw_author_name: str | None = None
    raw_affiliation_strings: list[str | None] | None = None
    raw_affiliation_string: str | None = None
    affiliations: list[_Affiliation] | None = None
    institutions: list[_Institution] | None = None


class _Topic(msgspec.Struct, gc=False):
    field: _Named | None = None
    domain: _Numbered | None = None


class Work(msgspec.Struct, gc=False):
    """The parts of a work that are used; all others are skipped without being read."""

    id: str
    type: str | None = None
    publication_year: int | None = None
    publication_date: str | None = None
    is_retracted: bool | None = None
    is_paratext: bool | None = None
    is_xpac: bool | None = None
    is_authors_truncated: bool | None = None
    primary_location: _Location | None = None
    host_venue: _Source | None = None
    primary_topic: _Topic | None = None
    authorships: list[_Authorship] | None = None


class _Page(msgspec.Struct, gc=False):
    results: list[msgspec.Raw]


_WORK = msgspec.json.Decoder(Work, strict=False)


def sniff(head: bytes) -> bool:
    """Whether a payload (its first bytes, as UTF-8 with LF) is such a file."""
    start = head[: 1 << 16].lstrip()
    if start[:1] not in (b"{", b"["):
        return False
    return b"openalex.org" in start and (b'"authorships"' in start or b'"publication_year"' in start)


def read(stream: BinaryIO) -> Iterator[pa.RecordBatch]:
    """Articles (records.ARTICLES) and rejects (records.REJECTS) of one payload."""
    head = stream.read(4096)
    if encoding_of(head)[0] != "utf-8":
        stream = cast(BinaryIO, Utf8Stream(utf8_blocks(cast(BinaryIO, Joined(head, stream)))))
        head = stream.read(4096)
    head = head.removeprefix(codecs.BOM_UTF8)
    start = head.lstrip()
    if start[:1] == b"[" or start.split(b"\n", 1)[0].strip() == b"{" or _PAGE.match(start):
        yield from _document(head + stream.read(_LONGEST))
    else:
        yield from _lines(stream, head)


def _lines(stream: BinaryIO, head: bytes = b"") -> Iterator[pa.RecordBatch]:
    """Works that stand on a line each; whether a line is UTF-8 its decoder finds out, and says so of this line only."""
    text = Text(stream, BLOCK, head)
    batch = ArticleBatch("line")
    line, more = 1, True
    with _set_aside():
        while more:
            more = text.fill()
            cut = text.end_of(b"\n") if more else text.size
            with _without_collector():
                line += _block(batch, line, text, cut)
            text.drop(cut)
            if len(batch) >= FULL:
                yield from batch.finish()
        yield from batch.finish()


@contextmanager
def _set_aside() -> Iterator[None]:
    """What lives already is not searched for cycles meanwhile: so many new objects would make the collector do it often."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


@contextmanager
def _without_collector() -> Iterator[None]:
    """No search for cycles meanwhile: works hold none, and looking for them among so many objects takes a third longer."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _block(batch: ArticleBatch, line: int, text: Text, cut: int) -> int:
    """The works of the lines up to `cut`, of which the first is number `line`; returns how many lines."""
    works = _whole_lines(text, cut)
    if works is not None:
        for position, work in enumerate(works, line):
            _add(batch, position, work)
        return len(works)
    lines = text.content(cut).removesuffix(b"\n").split(b"\n")
    for position, raw in enumerate(lines, line):
        if raw and not raw.isspace():
            add(batch, position, raw)
    return len(lines)


def _whole_lines(text: Text, cut: int) -> list[Work] | None:
    """The works of all lines up to `cut`, or None when a line must be judged by itself."""
    try:
        works = _WORK.decode_lines(text.view[:cut])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if len(works) != _line_ends(text, cut):
        return None
    for one in works:
        if one.is_authors_truncated or "/W" not in one.id or one.id.rpartition("/")[2][:1] != "W":
            return None
    return works


def _line_ends(text: Text, cut: int) -> int:
    """How many line ends there are up to `cut`; where lines are as long as works, looking for one after the other is fastest."""
    find, count, at = text.buffer.find, 0, 0
    while at := find(b"\n", at, cut) + 1:
        count += 1
    return count


def _document(raw: bytes) -> Iterator[pa.RecordBatch]:
    """A page, an array, or a single work written over several lines; or several pages, one a line."""
    batch = ArticleBatch("row")
    before = 0
    for piece in _pieces(raw):
        try:
            works = _works(piece)
        except msgspec.DecodeError as fault:
            batch.reject(before, None, "not_json", str(fault).encode() + b": " + piece[:400])
            continue
        for row, work in enumerate(works, before + 1):
            add(batch, row, bytes(work))
            if len(batch) >= FULL:
                yield from batch.finish()
        before += len(works)
    yield from batch.finish()


def _pieces(raw: bytes) -> list[bytes]:
    """The whole of a text, or its lines where the first of them is a page by itself."""
    first, _, rest = raw.lstrip().partition(b"\n")
    if rest.strip() and _PAGE.match(first):
        try:
            msgspec.json.decode(first, type=_Page)
        except msgspec.DecodeError:
            return [raw]
        return [line for line in raw.split(b"\n") if line.strip()]
    return [raw]


def _works(raw: bytes) -> list[Any]:
    if raw.lstrip()[:1] == b"[":
        return msgspec.json.decode(raw, type=list[msgspec.Raw])
    try:
        return msgspec.json.decode(raw, type=_Page).results
    except msgspec.ValidationError:
        return [raw]


def add(batch: ArticleBatch, position: int, raw: bytes) -> None:
    """The work of one line or array element, as an article or a reject."""
    try:
        work = _WORK.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        batch.reject(position, None, "not_json", raw)
        return
    if work.id.rpartition("/")[2][:1] != "W":
        batch.reject(position, None, "no_id", raw)
    elif work.is_authors_truncated:
        batch.reject(position, f"openalex:{work.id.rpartition('/')[2]}", "authors_truncated", raw)
    else:
        _add(batch, position, work)


def _add(batch: ArticleBatch, position: int, work: Work) -> None:
    authorships = work.authorships or ()
    topic = work.primary_topic
    names = [one.raw_author_name or _known(one) for one in authorships]
    _add_addresses(batch, authorships)
    texts = (
        f"openalex:{work.id.rpartition('/')[2]}",
        _type(work),
        str(work.publication_year or ""),
        "",
        _indexes(work),
        topic.field.display_name or "" if topic and topic.field else "",
        _issns(work),
    )
    date = _date(work.publication_date, work.publication_year)
    batch.end_linked(texts, position, date, names)


def _known(authorship: _Authorship) -> str:
    return (authorship.author.display_name if authorship.author else None) or ""


def _type(work: Work) -> str:
    name = _TYPES.get(work.type or "", work.type or "")
    return f"{name}; Retracted Publication" if work.is_retracted else name


def _source(work: Work) -> _Source | None:
    if work.primary_location is not None:
        return work.primary_location.source
    return work.host_venue


def _issns(work: Work) -> str:
    source = _source(work)
    if source is None:
        return ""
    if isinstance(source.issn, str):
        return f"{source.issn} {source.issn_l or ''}".rstrip()
    return " ".join((*(source.issn or ()), source.issn_l or "")).rstrip()


def _indexes(work: Work) -> str:
    """`SCIE-like`, `other`, or nothing where the work is of an age that does not say whether its journal is core."""
    source = _source(work)
    if work.is_paratext or work.is_xpac or source is None or (source.type or "journal") != "journal":
        return OTHER
    domain = work.primary_topic.domain if work.primary_topic else None
    if domain is not None and (domain.id or "").rpartition("/")[2] == SOCIAL_SCIENCES:
        return OTHER
    if source.is_core is None:
        return ""
    return LIKE_SCIE if source.is_core else OTHER


@lru_cache(maxsize=4096)
def _date(text: str | None, year: int | None) -> datetime.date | None:
    try:
        date = datetime.date.fromisoformat((text or "")[:10])
    except ValueError:
        return None
    return date if date.year == year else None


def strings_of(authorship: _Authorship) -> list[str]:
    """The affiliation strings of an author, empty ones left out; the single string of the older schema where no list is."""
    texts = authorship.raw_affiliation_strings
    if texts:
        many = [stripped for text in texts if text and (stripped := text.strip())]
        if many:
            return many
    single = (authorship.raw_affiliation_string or "").strip()
    return [single] if single else []


def _institution(authorship: _Authorship, text: str, strings: int) -> _Institution | None:
    """The institution that a string was matched with: by its own ids, else the only one of an author with one string."""
    known = authorship.institutions
    if not known:
        return None
    for entry in authorship.affiliations or ():
        if entry.institution_ids and (entry.raw_affiliation_string or "").strip() == text:
            wanted = entry.institution_ids[0]
            for one in known:
                if one.id == wanted:
                    return one
            return None
    return known[0] if len(known) == 1 and strings == 1 and not authorship.affiliations else None


def _parts_of_text(text: str) -> list[str]:
    """Several addresses joined by `;`, apart; but only where each ends in a country."""
    if ";" not in text:
        return [text]
    parts = [part.strip() for part in text.split(";") if part.strip()]
    if len(parts) > 1 and all(of_article(part).country is not None for part in parts):
        return parts
    return [text]


def _add_addresses(batch: ArticleBatch, authorships: Sequence[_Authorship]) -> None:
    """The distinct addresses of a work by text and institution, and its links: positions of an address and of its author."""
    where: dict[tuple[str, str | None], int] = {}
    links, of = batch.link_address, batch.link_name
    for author, authorship in enumerate(authorships):
        texts = authorship.raw_affiliation_strings
        if texts and len(texts) == 1 and (text := texts[0]) and ";" not in text and (text := text.strip()):
            links.append(_number(batch, where, text, _institution(authorship, text, 1)))
            of.append(author)
            continue
        begin = len(links)
        for text, institution in _places(authorship):
            at = _number(batch, where, text, institution)
            if at not in links[begin:]:
                links.append(at)
                of.append(author)


def _number(
    batch: ArticleBatch, where: dict[tuple[str, str | None], int], text: str, institution: _Institution | None
) -> int:
    """The number of an address within its work; a new one is put into the batch."""
    text = text.removesuffix(".")
    key = (text, institution.id if institution else None)
    at = where.get(key)
    if at is None:
        at = where[key] = len(where)
        batch.addresses.append(text)
        batch.parts.append(_parts(institution) if institution else None)
    return at


def _places(authorship: _Authorship) -> Sequence[tuple[str, _Institution | None]]:
    """The addresses of an author with the institution each was matched with."""
    strings, known = strings_of(authorship), authorship.institutions
    if not strings:
        return [(one.display_name, one) for one in known if one.display_name] if known else ()
    found: list[tuple[str, _Institution | None]] = []
    for text in strings:
        institution = _institution(authorship, text, len(strings))
        if ";" in text:
            found += [(part, institution) for part in _parts_of_text(text)]
        else:
            found.append((text, institution))
    return found


def _parts(institution: _Institution) -> Given:
    return Given(institution.display_name, None, None, None, institution.country_code, institution.ror)

"""Web of Science tagged text (`savedrecs.txt`, `.ciw`, `.isi`): two letters, a blank, a value; `ER` ends a record.

Careful and on bytes: fields are found by tag, never by position; a continuation line begins with three blanks.
Met in real files and read here: `EF` in the middle, no header, no `EF`, `nullnullPT J`, a tab or nothing after a
tag, three-letter lines inside a record, CR and CRLF, plain and bracketed addresses in one record, cited references
under C1, records without UT, a cut-off last record. Names in brackets equal an AF entry exactly, so links join on
AF, not on AU. Positions are line numbers from 1.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import BinaryIO

import pyarrow as pa

from extracts.encoding import line_blocks
from extracts.records import ARTICLES, rejects

VERSION = "1"
LONGEST = 64 << 20  # bytes without an end of record: no article is that long

_WANTED = frozenset(
    (b"PT", b"AU", b"AF", b"CA", b"C1", b"DT", b"PY", b"EA", b"WE", b"WC", b"SN", b"EI", b"UT", b"TI", b"SO")
)
#: columns that are one text, wrapped over lines in the file
_TEXT = (
    ("doc_type", b"DT"),
    ("issue_year", b"PY"),
    ("early_access", b"EA"),
    ("indexes", b"WE"),
    ("categories", b"WC"),
)
_AFTER_TAG = frozenset((b" ", b"\t", b"\x00", b""))
_SPARE_BLANKS = re.compile(rb"(?m)^ER[ \t]+$")
_GLUED = re.compile(rb"(?m)^(?:null)+PT(?=[ \t])")
_FIRST = re.compile(rb"(?m)^(?:null)*PT[ \t][A-Z]$")
_REFERENCE = re.compile(rb", (?:1[5-9]|20)\d\d, ")

Fields = dict[bytes, bytes]


def sniff(head: bytes) -> bool:
    """Whether a payload (its first bytes, as UTF-8 with LF) is tagged text."""
    if head[:3] in (b"FN ", b"FN\t"):
        return True
    return _FIRST.search(head[:4096]) is not None


def read(stream: BinaryIO) -> Iterator[pa.RecordBatch]:
    """Articles (records.ARTICLES) and rejects (records.REJECTS) of one payload, in its order, a batch per block."""
    line, rest = 1, b""
    for block in line_blocks(stream):
        text = _mended(rest + block if rest else block)
        cut = text.rfind(b"\nER\n")
        if cut < 0:
            rest = text
            if len(rest) > LONGEST:
                yield rejects([(line, "line", None, "too_long", rest[:800], True)])
                line += rest.count(b"\n")
                rest = b""
            continue
        batch = _Batch()
        for chunk in text[:cut].replace(b"\n   ", b"\x00").split(b"\nER\n"):
            batch.add(line, chunk)
            line += chunk.count(b"\n") + chunk.count(b"\x00") + 2
        rest = text[cut + 4 :]
        yield from batch.finish()
    batch = _Batch()
    batch.add(line, rest.rstrip(b"\n").replace(b"\n   ", b"\x00"), ended=False)
    yield from batch.finish()


def _mended(text: bytes) -> bytes:
    """Blanks after ER and glued words before PT taken away; a lone ER in the first line made findable."""
    if b"\nER " in text or b"\nER\t" in text or text.startswith((b"ER ", b"ER\t")):
        text = _SPARE_BLANKS.sub(b"ER", text)
    if b"nullPT" in text:
        text = _GLUED.sub(b"PT", text)
    return text


def _items(value: bytes) -> list[bytes]:
    return [item for part in value.split(b"\x00") if (item := part.strip())] if value else []


def _looks_like_references(items: list[bytes]) -> bool:
    """More than half of the lines have `, YYYY, ` and no final full stop."""
    open_ended = [item for item in items if not item.endswith(b".")]
    if 2 * len(open_ended) <= len(items):
        return False
    return 2 * sum(_REFERENCE.search(item) is not None for item in open_ended) > len(items)


class _Batch:
    """Columns of the articles of one block, filled record by record."""

    def __init__(self) -> None:
        self.position: list[int] = []
        self.text: dict[str, list[bytes]] = {name: [] for name in ("record_id", "issns", *dict(_TEXT))}
        self.authors: list[int] = []
        self.names: list[bytes] = []
        self.repeated: list[int] = []
        self.addresses: list[bytes] = []
        self.bracketed: list[bool] = []
        self.link_address: list[int] = []
        self.link_name: list[int] = []
        self.ends: list[list[int]] = [[0], [0], [0], [0]]  # names, repeated, addresses, links
        self.rejected: list[tuple[int, str, str | None, str, bytes, bool]] = []

    def add(self, line: int, chunk: bytes, ended: bool = True) -> None:
        """The record in `chunk`, whose first line is `line`; without its end it is a reject."""
        lines = chunk.split(b"\n")
        first = 0 if lines[0] else 1
        fields = {content[:2]: content[2:] for content in lines}
        if (
            ended
            and len(fields) == len(lines)
            and len(lines) > first
            and lines[first][:2] == b"PT"
            and all(fields[tag][:1] in _AFTER_TAG for tag in _WANTED & fields.keys())
        ):
            self._record(line + first, lines[first:], fields)
        else:
            self._careful(line, lines, ended)

    def _careful(self, line: int, lines: list[bytes], ended: bool) -> None:
        """The same, line by line: repeated and glued tags, lines that are no field, a record without its end."""
        fields: Fields = {}
        start, first = -1, 0
        for number, content in enumerate(lines):
            tag = content[:2]
            if tag not in _WANTED:
                continue
            if content[2:3] not in _AFTER_TAG:
                if content[3:4] in _AFTER_TAG or tag in fields:
                    continue  # a three-letter line is no field
                content = tag + b" " + content[2:]  # "AUGilles, H"
            if tag == b"PT" and start >= 0 and fields:
                self._truncated(start, lines[first:number], fields)
                fields, start = {}, -1
            if start < 0:
                first = number
                start = line + number + sum(before.count(b"\x00") for before in lines[:number])
            fields.setdefault(tag, content[2:])
        if not fields:
            return
        if ended:
            self._record(start, lines[first:], fields)
        else:
            self._truncated(start, lines[first:], fields)

    def _truncated(self, start: int, lines: list[bytes], fields: Fields) -> None:
        record_id = fields.get(b"UT", b"").strip().decode() or None
        self.rejected.append((start, "line", record_id, "truncated", b"\n".join(lines)[:800], True))

    def _record(self, start: int, lines: list[bytes], fields: Fields) -> None:
        get = fields.get
        record_id = get(b"UT", b"").strip()
        if not record_id:
            made = hashlib.blake2b(b"\n".join(lines), digest_size=8).hexdigest()
            record_id = b"wos-made:" + made.encode()
        self.position.append(start)
        self.text["record_id"].append(record_id)
        for name, tag in _TEXT:
            self.text[name].append(get(tag, b"").replace(b"\x00", b" ").strip())
        self.text["issns"].append((get(b"SN", b"") + b" " + get(b"EI", b"")).strip())
        names = _items(get(b"AF", b"")) or _items(get(b"AU", b"")) or _items(get(b"CA", b""))
        self.authors.append(len(names))
        self._addresses(start, record_id, _items(get(b"C1", b"")), names)
        self.ends[0].append(len(self.names))
        self.ends[1].append(len(self.repeated))
        self.ends[2].append(len(self.addresses))
        self.ends[3].append(len(self.link_name))

    def _addresses(self, start: int, record_id: bytes, items: list[bytes], names: list[bytes]) -> None:
        where = {name: number for number, name in enumerate(names)}
        if len(where) < len(names):
            where = {}
            for number, name in enumerate(names):
                if where.setdefault(name, number) != number:
                    self.repeated += (number, where[name])
        if items and _looks_like_references(items):
            self.rejected.append(
                (start, "line", record_id.decode(), "addresses_are_references", b"\x00".join(items), False)
            )
            items = []
        for number, item in enumerate(items):
            close = item.find(b"]") if item[0] == 91 else -1
            if close > 0:
                for part in item[1:close].split(b";"):
                    name = part.strip()
                    if not name:
                        continue
                    at = where.get(name)
                    if at is None:
                        at = where[name] = len(names)
                        names.append(name)
                    self.link_address.append(number)
                    self.link_name.append(at)
                item = item[close + 1 :].strip()
            self.addresses.append(item[:-1] if item.endswith(b".") else item)
            self.bracketed.append(close > 0)
        self.names += names

    def finish(self) -> Iterator[pa.RecordBatch]:
        """The batch of articles and the batch of rejects, each where there is one."""
        if self.position:
            yield self._articles()
        if self.rejected:
            yield rejects(self.rejected)

    def _articles(self) -> pa.RecordBatch:
        def text(values: list[bytes]) -> pa.Array:
            return pa.array(values, pa.binary()).cast(pa.string())

        def lists(ends: list[int], values: pa.Array) -> pa.Array:
            return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), values)

        names, repeated, addresses, links = self.ends
        columns = {name: text(values) for name, values in self.text.items()} | {
            "position": pa.array(self.position, pa.int64()),
            "authors": pa.array(self.authors, pa.int32()),
            "names": lists(names, text(self.names)),
            "repeated": lists(repeated, pa.array(self.repeated, pa.int32())),
            "addresses": lists(addresses, text(self.addresses)),
            "bracketed": lists(addresses, pa.array(self.bracketed, pa.bool_())),
            "link_address": lists(links, pa.array(self.link_address, pa.int32())),
            "link_name": lists(links, pa.array(self.link_name, pa.int32())),
        }
        return pa.RecordBatch.from_arrays([columns[name] for name in ARTICLES.names], schema=ARTICLES)

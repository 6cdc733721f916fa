"""Web of Science tagged text (`savedrecs.txt`, `.ciw`, `.isi`): two letters, a blank, a value; `ER` ends a record.

Two ways with one result. Blocks without any of the known traps are read as arrays of bytes; the others go line by
line: fields are found by tag, never by position; a continuation line begins with three blanks. Met in real files and
read here: `EF` in the middle, no header, no `EF`, `nullnullPT J`, a tab or nothing after a tag, three-letter lines
inside a record, CR and CRLF, plain and bracketed addresses in one record, cited references under C1, records without
UT, a cut-off last record. Names in brackets equal an AF entry exactly, so links join on AF, not on AU. Positions are
line numbers from 1.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import BinaryIO

import pyarrow as pa

from extracts.article_batch import Address, Article, ArticleBatch
from extracts.formats.wos_fields import looks_like_references
from extracts.formats.wos_tagged_block import WANTED, Blocks
from extracts.records import rejects
from extracts.text import Text

VERSION = "2"
BLOCK = 8 << 20
_END = b"\nER\n"
LONGEST = 64 << 20  # bytes without an end of record: no article is that long

_AFTER_TAG = frozenset((b" ", b"\t", b"\x00", b""))
_SPARE_BLANKS = re.compile(rb"(?m)^ER[ \t]+$")
_GLUED = re.compile(rb"(?m)^(?:null)+PT(?=[ \t])")
_FIRST = re.compile(rb"(?m)^(?:null)*PT[ \t][A-Z]$")

Fields = dict[bytes, bytes]


def sniff(head: bytes) -> bool:
    """Whether a payload (its first bytes, as UTF-8 with LF) is tagged text."""
    if head[:3] in (b"FN ", b"FN\t"):
        return True
    return _FIRST.search(head[:4096]) is not None


def read(stream: BinaryIO) -> Iterator[pa.RecordBatch]:
    """Articles (records.ARTICLES) and rejects (records.REJECTS) of one payload, in its order, a batch per block."""
    text = Text(stream, BLOCK)
    blocks = Blocks()
    line = 1
    while text.fill():
        cut = text.end_of(_END)
        if cut == 0:
            text.become(mended(text.content(text.size)))
            cut = text.end_of(_END)
        if cut == 0:
            if text.size > LONGEST:
                yield rejects([(line, "line", None, "too_long", text.content(800), True)])
                line += text.lines(text.size)
                text.drop(text.size)
            continue
        fast, lines = blocks.articles(text.array[:cut], line)
        if fast is not None:
            yield fast
        else:
            whole = text.content(cut)
            lines = whole.count(b"\n")
            yield from careful(line, whole)
        line += lines
        text.drop(cut)
    yield from _last(line, text.content(text.size))


def _last(line: int, rest: bytes) -> Iterator[pa.RecordBatch]:
    """What stands after the last plain ER: records that end in ER and blanks, and one without its end."""
    rest = mended(rest if rest.endswith(b"\n") else rest + b"\n")
    cut = rest.rfind(b"\nER\n")
    if cut >= 0:
        yield from careful(line, rest[: cut + 4])
        line += rest.count(b"\n", 0, cut + 4)
        rest = rest[cut + 4 :]
    batch = _Records()
    batch.chunk(line, rest.rstrip(b"\n").replace(b"\n   ", b"\x00"), ended=False)
    yield from batch.finish()


def careful(line: int, whole: bytes) -> Iterator[pa.RecordBatch]:
    """The records of a block that ends with ER, line by line; `line` is the number of its first line."""
    batch = _Records()
    whole = mended(whole)
    for chunk in whole[:-4].replace(b"\n   ", b"\x00").split(b"\nER\n"):
        batch.chunk(line, chunk)
        line += chunk.count(b"\n") + chunk.count(b"\x00") + 2
    yield from batch.finish()


def mended(text: bytes) -> bytes:
    """Blanks after ER and glued words before PT taken away; a lone ER in the first line made findable."""
    if b"\nER " in text or b"\nER\t" in text or text.startswith((b"ER ", b"ER\t")):
        text = _SPARE_BLANKS.sub(b"ER", text)
    if b"nullPT" in text:
        text = _GLUED.sub(b"PT", text)
    return text


def _items(value: bytes) -> list[bytes]:
    return [item for part in value.split(b"\x00") if (item := part.strip())] if value else []


class _Records(ArticleBatch):
    """The articles of one block, record by record."""

    def __init__(self, position_kind: str = "line") -> None:
        super().__init__(position_kind)

    def chunk(self, line: int, chunk: bytes, ended: bool = True) -> None:
        """The record in `chunk`, whose first line is `line`; without its end it is a reject."""
        lines = chunk.split(b"\n")
        first = 0 if lines[0] else 1
        fields = {content[:2]: content[2:] for content in lines}
        if (
            ended
            and len(fields) == len(lines)
            and len(lines) > first
            and lines[first][:2] == b"PT"
            and all(fields[tag][:1] in _AFTER_TAG for tag in WANTED & fields.keys())
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
            if tag not in WANTED:
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
        self.reject(start, record_id, "truncated", b"\n".join(lines))

    def _record(self, start: int, lines: list[bytes], fields: Fields) -> None:
        def text(tag: bytes) -> bytes:
            return fields.get(tag, b"").replace(b"\x00", b" ").strip()

        record_id = text(b"UT")
        if not record_id:
            made = hashlib.blake2b(b"\n".join(lines), digest_size=8).hexdigest()
            record_id = b"wos-made:" + made.encode()
        names = next((found for tag in (b"AF", b"AU", b"CA") if (found := _items(fields.get(tag, b"")))), [])
        items = _items(fields.get(b"C1", b""))
        if items and looks_like_references(items):
            self.reject(start, record_id.decode(), "addresses_are_references", b"\x00".join(items), False)
            items = []
        self.add(
            Article(
                position=start,
                record_id=record_id,
                doc_type=text(b"DT"),
                issue_year=text(b"PY"),
                early_access=text(b"EA"),
                indexes=text(b"WE"),
                categories=text(b"WC"),
                issns=(text(b"SN") + b" " + text(b"EI")).strip(),
                names=list(names),
                addresses=[_address(item) for item in items],
            )
        )


def _address(item: bytes) -> Address:
    close = item.find(b"]") if item[0] == 91 else -1
    names = [name for part in item[1:close].split(b";") if (name := part.strip())] if close > 0 else []
    text = item[close + 1 :].strip() if close > 0 else item
    return Address(text[:-1] if text.endswith(b".") else text, list(names), close > 0)

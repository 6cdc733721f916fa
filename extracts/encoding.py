"""Text as UTF-8, whatever it came as: byte order marks, UTF-16, and single bytes that are no UTF-8.

Readers work on bytes and decode only what they keep; this module makes sure that those bytes are UTF-8.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO

BLOCK = 4 << 20
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def encoding_of(head: bytes) -> tuple[str, int]:
    """Encoding of a text by its first bytes, and the length of its byte order mark."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name, len(mark)
    if len(head) >= 4 and head[1] == 0 and head[3] == 0:
        return "utf-16-le", 0
    return "utf-8", 0


def uncut(raw: bytes, final: bool) -> int:
    """Length of `raw` without a UTF-8 sequence that the end cuts in two."""
    if final:
        return len(raw)
    for back in range(1, min(4, len(raw)) + 1):
        byte = raw[-back]
        if byte < 0x80:
            return len(raw)
        if byte >= 0xC0:
            needed = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return len(raw) - back if needed > back else len(raw)
    return len(raw)


def repaired(raw: bytes) -> bytes:
    """`raw` if it is UTF-8; else its lines read as Windows-1252 where they are not."""
    return raw if is_utf8(raw) else b"\n".join(_line(line) for line in raw.split(b"\n"))


def is_utf8(raw: bytes | memoryview) -> bool:
    """Whether all of `raw` is UTF-8, without making a text of it."""
    import pyarrow as pa

    offsets = pa.py_buffer(b"\0\0\0\0" + len(raw).to_bytes(4, "little"))
    try:
        pa.StringArray.from_buffers(1, offsets, pa.py_buffer(raw)).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _line(line: bytes) -> bytes:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace").encode("utf-8")
    return line


def utf8_blocks(stream: BinaryIO, size: int = BLOCK) -> Iterator[bytes]:
    """The text of `stream` as UTF-8 in blocks, without byte order mark and NUL; line ends as they are."""
    head = stream.read(size)
    name, mark = encoding_of(head)
    head = head[mark:]
    if name != "utf-8":
        decoder = codecs.getincrementaldecoder(name)("replace")
        while head:
            yield decoder.decode(head).replace("\x00", "").encode("utf-8", "replace")
            head = stream.read(size)
        return
    rest = b""
    while head:
        following = stream.read(size)
        raw = rest + head if rest else head
        cut = uncut(raw, not following)
        rest = raw[cut:]
        block = repaired(raw[:cut] if rest else raw)
        yield block.replace(b"\x00", b"") if b"\x00" in block else block
        head = following


def text_blocks(stream: BinaryIO, size: int = BLOCK) -> Iterator[bytes]:
    """The text of `stream` with LF ends, from LF, CRLF or CR alone, in blocks that end anywhere."""
    held = b""
    for block in utf8_blocks(stream, size):
        text = held + block if held else block
        held = b""
        if text.endswith(b"\r"):  # may be the first half of CRLF
            text, held = text[:-1], b"\r"
        if b"\r" in text:
            text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        yield text
    if held:
        yield b"\n"


def line_blocks(stream: BinaryIO, size: int = BLOCK) -> Iterator[bytes]:
    """Blocks of whole lines that end in LF, from LF, CRLF or CR alone."""
    rest = b""
    for block in text_blocks(stream, size):
        text = rest + block if rest else block
        cut = text.rfind(b"\n") + 1
        rest = text[cut:]
        if cut:
            yield text[:cut] if rest else text
    if rest:
        yield rest + b"\n"


def utf8_head(head: bytes) -> bytes:
    """The first bytes of a payload as UTF-8 with LF, to recognise a format by."""
    return b"".join(utf8_blocks(io.BytesIO(head))).replace(b"\r\n", b"\n").replace(b"\r", b"\n")


class Utf8Stream:
    """A readable file whose bytes are UTF-8, for parsers that read by themselves."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._rest = b""
        self.closed = False

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes; empty at the end."""
        parts, have = [self._rest], len(self._rest)
        while size < 0 or have < size:
            block = next(self._blocks, b"")
            if not block:
                break
            parts.append(block)
            have += len(block)
        text = b"".join(parts)
        if size < 0:
            size = len(text)
        self._rest = text[size:]
        return text[:size]

    def line(self) -> bytes:
        """The next line, without its LF."""
        text = self.peek_line()
        self._rest = self._rest[len(text) + 1 :]
        return text

    def peek_line(self) -> bytes:
        """The next line, which is still to be read."""
        while b"\n" not in self._rest:
            block = next(self._blocks, b"")
            if not block:
                break
            self._rest += block
        return self._rest.split(b"\n", 1)[0]

    def readable(self) -> bool:
        """Always true."""
        return True

    def writable(self) -> bool:
        """Always false."""
        return False

    def seekable(self) -> bool:
        """Always false."""
        return False

    def close(self) -> None:
        """Nothing more is read."""
        self.closed = True

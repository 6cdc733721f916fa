"""The text of a stream as UTF-8 with LF ends, in one buffer that is used again and again.

A new block of memory for every block of text costs more than all searching in it, since the system clears each page
first. So bytes are read behind what is left of the block before, and arrays over the buffer are only valid until the
next `fill`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, cast

import numpy as np
import numpy.typing as npt

from extracts.encoding import encoding_of, is_utf8, repaired, text_blocks, uncut

SPARE = 16  # bytes of the buffer behind the text, at least
_PIECE = 1 << 16
_NEWLINE = 10


class Text:
    """Text at the front of `buffer`: its first `size` bytes, whole characters with LF ends.

    Parameters
    ----------
    stream : binary file
        Plain text in UTF-8 or UTF-16, or in single bytes (Windows-1252); with LF, CRLF or CR ends.
    block : int, bytes
        How much is read at a time.
    raw : bytes or None
        Given where the bytes are to stay as they are, whatever they mean: those that were read already.
    """

    def __init__(self, stream: BinaryIO, block: int, raw: bytes | None = None) -> None:
        self.block = block
        self.size = 0
        self.buffer = bytearray()
        self._raw = raw is not None
        self._room(2 * block)
        head = stream.read(4) if raw is None else raw
        name, mark = encoding_of(head) if raw is None else ("utf-8", 0)
        self._stream = stream
        self._held = head[mark:]  # bytes that were read and are not text yet
        self._others: Iterator[bytes] | None = None
        if name != "utf-8":
            self._others = text_blocks(cast(BinaryIO, Joined(head, stream)), block)

    def _room(self, size: int) -> None:
        """A buffer of at least `size` bytes; views of the old one stay valid."""
        old = self.buffer
        self.buffer = bytearray(size + size // 4)
        self.buffer[: self.size] = memoryview(old)[: self.size]
        self.view = memoryview(self.buffer)
        self.array: npt.NDArray[np.uint8] = np.frombuffer(self.buffer, np.uint8)

    def fill(self) -> bool:
        """Read more text behind what is there; false at the end of the stream."""
        need = self.size + self.block + len(self._held) + SPARE
        if need > len(self.buffer):
            self._room(need)
        if self._others is not None:
            return self.append(next(self._others, b""))
        start = self.size + len(self._held)
        self.view[self.size : start] = self._held
        got = _read_into(self._stream, self.view[start : start + self.block])
        if self._raw:
            self._held, self.size = b"", start + got
            return got > 0
        return self._accept(start + got, final=got == 0)

    def _accept(self, end: int, final: bool) -> bool:
        """Make text of the bytes up to `end`, but for a character or a line end that they cut in two."""
        tail = bytes(self.view[max(self.size, end - 4) : end])
        keep = uncut(tail, final)
        if not final and tail[:keep].endswith(b"\r"):
            keep -= 1
        stop = end - (len(tail) - keep)
        self._held = tail[keep:]
        piece = self.view[self.size : stop]
        plain = self.buffer.find(b"\r", self.size, stop) < 0 and self.buffer.find(b"\0", self.size, stop) < 0
        if plain and is_utf8(piece):
            grown = stop > self.size
            self.size = stop
            return grown or not final
        text = repaired(bytes(piece)).replace(b"\0", b"")
        self.append(text.replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
        return True

    def append(self, text: bytes) -> bool:
        """`text` behind what is there; whether it is any."""
        end = self.size + len(text)
        if end + SPARE > len(self.buffer):
            self._room(end + SPARE)
        self.view[self.size : end] = text
        self.size = end
        return bool(text)

    def drop(self, count: int) -> None:
        """Forget the first `count` bytes; what is left moves to the front."""
        rest = bytes(self.view[count : self.size])
        self.view[: len(rest)] = rest
        self.size = len(rest)

    def become(self, text: bytes) -> None:
        """`text` in place of what is there."""
        self.size = 0
        self.append(text)

    def end_of(self, mark: bytes) -> int:
        """Position behind the last `mark`; 0 when there is none."""
        at = self.buffer.rfind(mark, 0, self.size)
        return at + len(mark) if at >= 0 else 0

    def lines(self, stop: int) -> int:
        """How many line ends there are in the first `stop` bytes; counted in pieces that fit the processor's cache."""
        pieces = (self.array[at : min(at + _PIECE, stop)] for at in range(0, stop, _PIECE))
        return sum(int(np.count_nonzero(piece == _NEWLINE)) for piece in pieces)

    def first(self, mark: bytes) -> int:
        """Position behind the first `mark`; 0 when there is none."""
        at = self.buffer.find(mark, 0, self.size)
        return at + len(mark) if at >= 0 else 0

    def ends_with(self, mark: bytes) -> bool:
        """Whether the text ends in `mark`."""
        return self.end_of(mark) == self.size

    def content(self, stop: int) -> bytes:
        """The first `stop` bytes."""
        return bytes(self.view[:stop])


def _read_into(stream: BinaryIO, place: memoryview) -> int:
    """Bytes read into `place`: as many as it takes, fewer at the end."""
    if hasattr(stream, "readinto"):
        return int(stream.readinto(place))
    raw = stream.read(len(place))
    place[: len(raw)] = raw
    return len(raw)


class Joined:
    """A few bytes that were read already, then the rest of a stream."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        self._head, self._stream = head, stream

    def read(self, size: int) -> bytes:
        """Up to `size` bytes, or the few of the head."""
        head, self._head = self._head, b""
        return head + self._stream.read(size)

"""Arrays and many short texts on disk, written once and mapped for reading, so that processes share them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

REMEMBERED = 100_000  # texts kept once read


def save(folder: Path, name: str, values: object, kind: str) -> None:
    """`values` as an array of `kind` in `folder`."""
    np.save(folder / f"{name}.npy", np.asarray(values, dtype=kind), allow_pickle=False)


def save_texts(folder: Path, name: str, texts: list[str]) -> None:
    """`texts` as one array of UTF-8 bytes and one of offsets."""
    encoded = [text.encode("utf-8") for text in texts]
    save(folder, f"{name}_off", np.concatenate([[0], np.cumsum([len(text) for text in encoded])]), "u4")
    np.save(folder / f"{name}.npy", np.frombuffer(b"".join(encoded), dtype=np.uint8), allow_pickle=False)


def array(folder: Path, name: str) -> npt.NDArray[Any]:  # the file says which type
    """The array `name`, mapped."""
    mapped: npt.NDArray[Any] = np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
    return mapped.view(np.ndarray)  # a plain view: indexing a memmap object is ten times slower


class Texts:
    """Many short texts in one mapped array."""

    def __init__(self, folder: Path, name: str) -> None:
        self._offsets, self._bytes = array(folder, f"{name}_off"), array(folder, name)
        self._read: dict[int, str] = {}

    def __getitem__(self, number: int) -> str:
        text = self._read.get(number)
        if text is None:
            text = bytes(self._bytes[self._offsets[number] : self._offsets[number + 1]]).decode("utf-8")
            if len(self._read) < REMEMBERED:
                self._read[number] = text
        return text

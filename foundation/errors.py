"""Errors as sentences: what is wrong, what to do, where.

Every error that a user can cause or meet is one of these; anything else is a bug of ours and shows its traceback.
The exit code belongs to the class, so that the command line and Dagster agree on it.
"""

from __future__ import annotations


class StclustersError(Exception):
    """A sentence that names the thing, a sentence that says what to do, and the place it is about."""

    exit_code = 1

    def __init__(self, sentence: str, todo: str = "", where: str = "") -> None:
        self.sentence = sentence
        self.todo = todo
        self.where = where
        super().__init__(str(self))

    def __reduce__(self) -> tuple[type[StclustersError], tuple[str, str, str]]:
        return type(self), (self.sentence, self.todo, self.where)

    def __str__(self) -> str:
        place = f" [{self.where}]" if self.where else ""
        todo = f" {self.todo}" if self.todo else ""
        return f"{self.sentence}{place}{todo}"


class BadInput(StclustersError):
    """Files or arguments that cannot be used as they are; nothing was written."""

    exit_code = 2


class BadSettings(StclustersError):
    """Settings that are unknown, out of range or contradict each other; nothing was written."""

    exit_code = 2


class MissingData(StclustersError):
    """A stage needs a table, year or edition that is not there yet."""


class ContractBroken(StclustersError):
    """A table is not what its contract says: columns, types, key, order, ranges or sums."""


class Busy(StclustersError):
    """Somebody else holds the file; trying again later may work."""


class Transient(StclustersError):
    """A fault that may pass by itself; trying again may work."""


def is_full_disk(text: str) -> bool:
    """Whether a library's message says that the disk is full: SQLite, DuckDB and the system word it differently."""
    return any(
        words in text
        for words in ("disk is full", "No space left on device", "File too large", "disk I/O error")
    )


def disk_error(fault: OSError, doing: str) -> StclustersError:
    """The sentence for a failed write: a full disk, a folder that may not be written, or whatever the system said."""
    import errno

    where = str(fault.filename or "")
    said = fault.strerror or str(fault)
    # numpy reports a short write without a number: "643859 requested and 468464 written"
    full = fault.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) or "requested and" in said
    if full or is_full_disk(said):
        return StclustersError(
            f"The disk is full while {doing}.",
            "Free some space and run the same command again: it continues.",
            where,
        )
    if fault.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return BadInput(
            f"No permission while {doing}.",
            "Choose a folder that you may read and write (--home DIR).",
            where,
        )
    return StclustersError(
        f"The system refused while {doing}: {said}.",
        "Mend it and run the same command again.",
        where,
    )

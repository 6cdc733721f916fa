"""Progress says what, how much, how fast, how long; errors are sentences that survive a process border."""

import errno
import io
import os
import pickle

import pytest

from foundation.errors import BadInput, MissingData, StclustersError, disk_error
from foundation.measure import Stopwatch
from foundation.progress import Progress


def test_a_line_has_the_share_done_the_rate_and_the_time_left() -> None:
    lines: list[str] = []
    with Progress("reading pct.demo", 200, "records", lines.append) as progress:
        progress.done = 50
        progress._start -= 10
        assert progress.line() == "reading pct.demo: 50 of 200 (25 %) records, 5/s, 0:30 left"
        progress._last -= 60
        progress.add(1)
    assert len(lines) == 1


def test_without_a_terminal_nothing_is_drawn_over() -> None:
    stream = io.StringIO()
    with Progress("placing", None, "addresses", stream=stream) as progress:
        progress._last -= 60
        progress.add(3)
    assert "\r" not in stream.getvalue()
    assert stream.getvalue().startswith("placing: 3 addresses")


def test_errors_cross_process_borders_whole() -> None:
    fault = BadInput("No.", "Do.", "file")
    again = pickle.loads(pickle.dumps(fault))
    assert (type(again), str(again), again.exit_code) == (BadInput, "No. [file] Do.", 2)
    assert MissingData("x").exit_code == 1


def test_a_full_disk_and_a_forbidden_folder_are_said() -> None:
    full = disk_error(OSError(errno.ENOSPC, "no space", "/x"), "writing")
    assert isinstance(full, StclustersError)
    assert "disk is full" in str(full)
    assert full.exit_code == 1
    assert disk_error(PermissionError(errno.EACCES, "denied", "/x"), "writing").exit_code == 2


def test_a_report_has_the_same_keys_everywhere() -> None:
    report = Stopwatch("merge", "2019").report(7, {"a": 1}, ("w",), {"t": "v"})
    assert (report.stage, report.partition, report.rows, report.counts, report.versions) == (
        "merge", "2019", 7, {"a": 1}, {"t": "v"},
    )  # fmt: skip
    assert report.peak_mb > 0


@pytest.mark.skipif(
    not os.access("/proc/self/clear_refs", os.W_OK), reason="the peak cannot be measured anew here"
)
def test_each_stage_is_told_its_own_peak_and_a_part_of_it_counts_for_the_whole() -> None:
    """Stages of a run share a process; without this, all after the largest would be told its memory."""
    outer = Stopwatch("outer")
    large = bytearray(200_000_000)
    large[:] = b"\1" * len(large)
    del large
    inner = Stopwatch("inner")
    small = inner.report(0).peak_mb
    again = Stopwatch("after").report(0).peak_mb
    assert small < outer.report(0).peak_mb - 150
    assert small == pytest.approx(again, abs=50)

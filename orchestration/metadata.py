"""Between reports and Dagster: metadata under the same keys everywhere, progress into the log, errors into failures."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
from dagster._core.errors import DagsterExecutionInterruptedError

from foundation.contracts import Contract, contract, names
from foundation.errors import Busy, StclustersError, Transient, disk_error
from foundation.home import Home
from foundation.measure import StageReport
from orchestration.history import INTERRUPTED

#: where `stclusters ui` serves the pages unless another port was chosen
PAGES = "http://127.0.0.1:3010"


def as_metadata(report: StageReport) -> dict[str, Any]:
    """A report as asset metadata: rows, seconds, rates, memory, counts, warnings."""
    found: dict[str, Any] = {
        "rows": report.rows,
        "seconds": report.seconds,
        "rows_per_second": round(report.rows_per_second, 1),
        "peak_mb": report.peak_mb,
    }
    found |= {key: _shown(value) for key, value in report.counts.items()}
    if report.warnings:
        found["warnings"] = dg.MetadataValue.md("\n".join(f"- {warning}" for warning in report.warnings))
    return found


def pages_link(home: Home, report: StageReport) -> dict[str, Any]:
    """Where a stage's page lies: its path, and the address at which `stclusters ui` or a server's proxy serves it.

    A browser follows no link from the interface to a file, so the address is HTTP; `STCLUSTERS_PAGES` names another one.
    """
    index = report.counts.get("index")
    if not isinstance(index, str):
        return {}
    address = os.environ.get("STCLUSTERS_PAGES", PAGES).rstrip("/")
    there = Path(index).relative_to(home.sites()).as_posix()
    return {"index": dg.MetadataValue.path(index), "open": dg.MetadataValue.url(f"{address}/{there}")}


def _shown(value: Any) -> Any:
    """A count as Dagster shows it: rows of plain values as a table, anything else nested as JSON."""
    if isinstance(value, bool | int | float | str):
        return value
    rows = value if isinstance(value, list) and value else [None]
    if all(isinstance(row, dict) and _plain(list(row.values())) for row in rows):
        return dg.MetadataValue.table([dg.TableRecord(row) for row in rows])
    return dg.MetadataValue.json(value)


def _plain(values: list[Any]) -> bool:
    return all(isinstance(value, bool | int | float | str) for value in values)


def column_metadata(table: str) -> dict[str, Any]:
    """The column table of a table with a contract, for the asset's page."""
    if table not in names():
        return {}
    found: Contract = contract(table)
    columns = [
        dg.TableColumn(
            name=column.name,
            type=str(column.type),
            description=column.description + (f" ({column.unit})" if column.unit else ""),
            constraints=dg.TableColumnConstraints(
                nullable=column.nullable, unique=found.key == (column.name,)
            ),
        )
        for column in found.columns
    ]
    return {"dagster/column_schema": dg.TableSchema(columns=columns), "key": ", ".join(found.key)}


def describe(table: str, more: str = "") -> str:
    """Description of a table's asset: its grain, then what a reader of the UI wants to know."""
    return f"{contract(table).grain} {more}".strip()


def emitter(context: dg.AssetExecutionContext) -> Callable[[str], None]:
    """Where a stage's progress lines go: the run's log."""
    return lambda line: context.log.info(line)


def warn(context: dg.AssetExecutionContext, report: StageReport) -> StageReport:
    """`report`, after its warnings went to the run's log."""
    for warning in report.warnings:
        context.log.warning(warning)
    return report


def one_version(report: StageReport) -> dg.DataVersion:
    """One data version for all that a stage wrote: equal again when every part is."""
    text = json.dumps(report.versions, sort_keys=True)
    return dg.DataVersion(hashlib.sha256(text.encode()).hexdigest()[:16])


def results(
    report: StageReport,
    assets: Sequence[str],
    more: dict[str, dict[str, Any]] | None = None,
) -> Iterator[dg.MaterializeResult[Any]]:
    """One materialisation for each asset of a stage, with its own rows and data version where the report has them.

    `more` is metadata that one asset alone has.
    """
    rows = report.counts.get("table_rows", {})
    for asset in assets:
        metadata = as_metadata(report) | (more or {}).get(asset, {})
        if asset in rows:
            metadata["rows"] = rows[asset]
        version = report.versions.get(asset)
        yield dg.MaterializeResult(
            asset_key=asset, metadata=metadata, data_version=dg.DataVersion(version) if version else None
        )


@contextmanager
def failures_as_sentences() -> Iterator[None]:
    """Turn our errors into Dagster failures that say what to do; only passing faults may be retried."""
    try:
        yield
    except (KeyboardInterrupt, DagsterExecutionInterruptedError) as stop:
        # Dagster retries an interrupted step that has a retry policy: the gazetteer began anew three times after SIGTERM
        todo = {"todo": "Nothing is wrong with its input: run it again."}
        raise dg.Failure(description=INTERRUPTED, metadata=todo, allow_retries=False) from stop
    except StclustersError as fault:
        raise _failure(fault) from fault
    except OSError as fault:
        sentence = disk_error(fault, "a stage wrote its tables")
        raise _failure(sentence) from sentence
    except Exception as fault:  # a fault of ours: trying it again would only fail again
        raise dg.Failure(description=f"{type(fault).__name__}: {fault}", allow_retries=False) from fault


def _failure(fault: StclustersError) -> dg.Failure:
    return dg.Failure(
        description=str(fault),
        metadata={"sentence": fault.sentence, "todo": fault.todo or "-", "where": fault.where or "-"},
        allow_retries=isinstance(fault, Transient | Busy),
    )


RETRY = dg.RetryPolicy(max_retries=3, delay=2, backoff=dg.Backoff.EXPONENTIAL)

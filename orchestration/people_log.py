"""A run's log for people at a terminal: what stages say, without the engine's own events."""

import logging
import sys

import dagster as dg

#: lines that dagster-dbt writes about its own calls
_DBT_CALLS = ("A dbt subsetted", "Running dbt command", "Finished dbt command", "Copying `")


class _OnlyStages(logging.Filter):
    """Lets through what our stages say, and failures; keeps the engine's bookkeeping out."""

    def filter(self, record: logging.LogRecord) -> bool:
        meta = getattr(record, "dagster_meta", None) or {}
        said = str(meta.get("orig_message") or record.getMessage())
        return meta.get("dagster_event") is None and not said.startswith(_DBT_CALLS)


class _Sentence(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        meta = getattr(record, "dagster_meta", None) or {}
        text = str(meta.get("orig_message") or record.getMessage())
        return f"warning: {text}" if record.levelno >= logging.WARNING else f"  {text}"


@dg.logger(config_schema={}, description="What stages say, one line each, on standard error.")
def people_log(_: dg.InitLoggerContext) -> logging.Logger:
    """Logger that prints stages' own lines to standard error."""
    logger = logging.Logger("stclusters.people", level=logging.INFO)
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_OnlyStages())
    handler.setFormatter(_Sentence())
    logger.addHandler(handler)
    return logger

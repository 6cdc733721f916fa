"""The dbt models run in DuckDB without dbt: the same SQL, rendered by Jinja, a few milliseconds a model.

dbt itself costs seconds per call. Tests that try many settings render the models here; one test shows that dbt's own
run gives the same tables.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import jinja2
import pandas as pd
import yaml

from foundation.home import Home, dbt_project_folder, seed_file

PROJECT = dbt_project_folder()


@cache
def _macros() -> str:
    return "".join(file.read_text("utf-8") for file in sorted((PROJECT / "macros" / "rules").glob("*.sql")))


@cache
def _sources() -> dict[tuple[str, str], str]:
    text = (PROJECT / "models" / "staging" / "_sources.yml").read_text("utf-8")
    return {
        (source["name"], table["name"]): source["config"]["meta"]["external_location"].replace(
            "{name}", table["name"]
        )
        for source in yaml.safe_load(text)["sources"]
        for table in source["tables"]
    }


@cache
def _seed_types() -> dict[str, dict[str, str]]:
    seeds = yaml.safe_load((PROJECT / "seeds" / "seeds.yml").read_text("utf-8"))["seeds"]
    return {seed["name"]: seed["config"].get("column_types", {}) for seed in seeds}


@cache
def _template(text: str) -> jinja2.Template:
    return jinja2.Environment(undefined=jinja2.StrictUndefined).from_string(text)


class ModelRunner:
    """Tables of one edition, each made when it is first asked for, together with what it reads."""

    def __init__(self, home: Home, edition: str) -> None:
        self._files = {file.stem: file for file in (PROJECT / "models").rglob("*.sql")}
        self._sources, self._seeds = _sources(), _seed_types()
        self._folder = home.warehouse(edition)
        self._made: set[str] = set()
        self.connection = duckdb.connect(config={"threads": 2})

    def _rendered(self, text: str) -> str:
        return _template(text).render(
            ref=self.make,
            source=self._source,
            config=lambda **_: "",
            in_edition_years=self._in_edition_years,
        )

    def _in_edition_years(self) -> str:
        """What the macro of this name makes of the edition's windows."""
        table = self._source("edition", "edition_settings")
        query = f"select distinct unnest(pct_years || sci_years) as year from {table} order by year"
        years = ", ".join(str(year) for (year,) in self.connection.execute(query).fetchall())
        return f"publication_year in ({years})"

    def _source(self, source: str, table: str) -> str:
        return self._sources[source, table].replace("read_parquet('", f"read_parquet('{self._folder}/")

    def give(self, name: str, table: Any) -> None:
        """Use `table` (pandas or Arrow) instead of the model `name`."""
        self.connection.register("given", table)
        self.connection.execute(f'create table "{name}" as select * from given')
        self.connection.unregister("given")
        self._made.add(name)

    def make(self, name: str) -> str:
        """The name of the model's or seed's table, which exists afterwards."""
        if name in self._made:
            return f'"{name}"'
        if name in self._seeds:
            query = f"select * from read_csv('{seed_file(name)}', header=true, types={self._seeds[name]!r}, nullstr='')"
        else:
            raw = self._files[name].read_text("utf-8")
            query = self._rendered(_macros() + raw)
        self.connection.execute(f'create table "{name}" as\n{query}')
        self._made.add(name)
        return f'"{name}"'

    def table(self, name: str) -> pd.DataFrame:
        """The rows of a model."""
        self.make(name)
        return self.connection.sql(f'select * from "{name}"').df()

    def write(self, name: str, path: Path) -> None:
        """The rows of a model as a Parquet file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.make(name)
        self.connection.execute(f"copy \"{name}\" to '{path}' (format parquet)")

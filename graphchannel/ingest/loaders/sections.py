"""The SELECTs of a loader, run in a sandbox where there is nothing but what is handed over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from graphchannel.errors import LoaderError, did_you_mean
from graphchannel.ingest.sandbox import Refused, open_sandbox
from graphchannel.ingest.source import RECORD, fresh_name, listed
from graphchannel.schema import table as canonical
from graphchannel.text import quoted
from graphchannel.workspace import SQL_TYPES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphchannel.ingest.loaders.header import Loader, LoaderSection
    from graphchannel.ingest.sandbox import Sandbox

_SHOWN = 300  # characters of what the database says of a failure


@dataclass(frozen=True, slots=True)
class LoaderRun:
    """A loader at work on a source of so many records, which people know as `label`."""

    connection: duckdb.DuckDBPyConnection
    loader: Loader
    label: str
    records: int

    @property
    def seconds(self) -> float:
        """How long a SELECT may take; generous, against a runaway alone."""
        return 30 + self.records / 1_000

    @property
    def most(self) -> int:
        """How many rows a SELECT may make."""
        return 10_000 + 100 * self.records

    def sections(self, source_select: str) -> list[tuple[str, tuple[str, ...]]]:
        """Run all sections in a sandbox; return for each its relation and canonical columns."""
        with open_sandbox() as sandbox:
            sandbox.hand_over(self.connection, source_select, "source")
            for name in self.loader.reads_tables:
                sandbox.hand_over(self.connection, _table_select(self.connection, name), name)
            return [self._rows(sandbox, section) for section in self.loader.sections]

    def _rows(self, sandbox: Sandbox, section: LoaderSection) -> tuple[str, tuple[str, ...]]:
        relation, made, loader = fresh_name("rows"), fresh_name("made"), self.loader
        where = f"{loader.path}:{section.line}: the SELECT into {section.table}"
        try:
            sandbox.inspect(section.select, ("source", *loader.reads_tables))
            with sandbox.rows(section.select, seconds=self.seconds, most=self.most) as rows:
                self.connection.register(made, rows)
                self.connection.execute(f"CREATE TEMP TABLE {relation} AS FROM {made}")
        except Refused as error:
            raise LoaderError(f"{where} is refused: {error}.") from error
        except duckdb.Error as error:
            raise LoaderError(f"{where} fails on {self.label}: {_first_lines(error)}") from error
        finally:
            self.connection.unregister(made)
        described = self.connection.execute(f"DESCRIBE {relation}").fetchall()
        return relation, _canonical_columns(loader, section, [row[0] for row in described])


def _first_lines(error: duckdb.Error) -> str:
    return str(error).split("\n\n", maxsplit=1)[0].replace("\n", " ")[:_SHOWN]


def _table_select(connection: duckdb.DuckDBPyConnection, name: str) -> str:
    """Return SQL for the rows of a canonical table: none where there is no workspace."""
    found = connection.execute(
        "SELECT 1 FROM duckdb_tables() WHERE schema_name = 'main' AND table_name = $1", [name]
    ).fetchall()
    columns = canonical(name).columns
    if found:
        return f"SELECT {', '.join(quoted(each.name) for each in columns)} FROM main.{name}"
    nulls = (f"NULL::{SQL_TYPES[each.kind]} AS {quoted(each.name)}" for each in columns)
    return f"SELECT {', '.join(nulls)} WHERE false"


def source_select(
    loader: Loader, relation: str, found: Mapping[str, str], *, lacking: str = "NULL"
) -> str:
    """Return SQL for what the loader sees: its columns under its names, as text.

    `lacking` is the value of the columns that are not there.
    """
    columns = []
    for name in loader.columns + loader.optional:
        own = quoted(found[name]) if name in found else lacking
        value = f"CAST({own} AS VARCHAR)"
        columns.append(f"{value} AS {quoted(name)}")
    return f"SELECT {RECORD}, {', '.join(columns)} FROM {relation}"


def named_columns(names: list[str]) -> str:
    """Name columns in a sentence."""
    return f"column{'s' if len(names) > 1 else ''} {', '.join(repr(name) for name in names)}"


def _canonical_columns(loader: Loader, section: LoaderSection, names: list[str]) -> tuple[str, ...]:
    table = canonical(section.table)
    where = f"{loader.path}:{section.line}: the SELECT into {section.table}"
    if RECORD not in names:
        raise LoaderError(f"{where} does not return {RECORD}; add it as the first column.")
    columns = tuple(name for name in names if name != RECORD)
    for name in columns:
        if name not in table.column_names:
            raise LoaderError(
                f"{where} returns column '{name[:_SHOWN]}', which the table does not have (it has "
                f"{listed(table.column_names)}).{did_you_mean(name, table.column_names)}"
            )
    missing = [each.name for each in table.columns if each.required and each.name not in columns]
    if missing:
        raise LoaderError(
            f"{where} does not return {named_columns(missing)}, which the table requires."
        )
    return columns

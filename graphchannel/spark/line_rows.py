"""What tasks of a load hand to each other: typed rows of lines and of units, as Arrow.

A task works in a database of its own, in a folder that goes with it, on one core.
"""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from graphchannel.ingest.conform import raw
from graphchannel.ingest.values.read import REASONS, WHY
from graphchannel.schema import Kind, table
from graphchannel.workspace import SQL_TYPES
from graphchannel.workspace_file import connect

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import duckdb

    from graphchannel.ingest.load_history import LoadedFile
    from graphchannel.ingest.staged import Staged
    from graphchannel.schema import Table

__all__ = [
    "BATCH",
    "LINES",
    "LINE_TABLES",
    "LineSource",
    "ReadFile",
    "arrived",
    "batches",
    "empty_rows",
    "of_table",
    "on_one_core",
    "row_schema",
    "scratch",
]

BATCH = 10_000  # rows that are handed on at a time
LINE_TABLES = (table("shipments"), table("serials"))
LINES = frozenset(each.name for each in LINE_TABLES)


@dataclass(frozen=True, slots=True)
class LineSource:
    """A source of lines or units that was read: its `code` orders all of a load."""

    code: int
    staged: Staged
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What a task says of a file; `sources` are those of lines and units in it.

    `refused` says why it cannot be read, `brief` so where nobody knows what it holds.
    """

    number: int
    content: LoadedFile | None = None
    sources: tuple[LineSource, ...] = ()
    refused: str | None = None
    brief: str | None = None


@cache
def row_schema() -> pa.Schema:
    """Return the Arrow schema of typed rows."""
    with scratch() as folder, on_one_core(folder / "empty.duckdb") as connection:
        return connection.sql(empty_rows()).to_arrow_table().schema


def empty_rows() -> str:
    """Select no row of all columns: of both tables' rows, and of what is said of a file."""
    columns = ", ".join(f'NULL::{type_} AS "{name}"' for name, type_ in _columns())
    return f"SELECT {columns} WHERE false"


def _columns() -> Iterator[tuple[str, str]]:
    """List the columns of a row: `_part` is what rows that may meet have in common.

    `_place` counts the rows of a source, `_came` is the record as it came, as JSON. `_about` is
    what is said of a file, as JSON, in a row of its own.
    """
    yield from (("_part", "VARCHAR"), ("_table", "VARCHAR"), ("_code", "BIGINT"))
    yield from (("_place", "BIGINT"), ("_record", "BIGINT"), ("_delivered", "VARCHAR[]"))
    yield from ((WHY, REASONS), ("_alone", "BOOLEAN"), ("_came", "VARCHAR"))
    for each in LINE_TABLES:
        yield from ((name, type_) for name, type_ in typed_columns(each))
    yield "_about", "VARCHAR"


def typed_columns(one: Table) -> Iterator[tuple[str, str]]:
    """List the columns that a typed row of a table has, beside those that say where it is from."""
    for column in one.columns:
        yield column.name, SQL_TYPES[column.kind]
        if column.kind is not Kind.STRING:
            yield raw(column), "VARCHAR"


@contextmanager
def scratch() -> Iterator[Path]:
    """Make a folder for the time of a task."""
    with tempfile.TemporaryDirectory(prefix="graphchannel-") as folder:
        yield Path(folder)


@contextmanager
def on_one_core(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database for a task, which has one core of its worker."""
    connection = connect(file, write=True)
    try:
        connection.execute("SET threads = 1")
        yield connection
    finally:
        connection.close()


def arrived(rows: Iterable[pa.RecordBatch]) -> pa.RecordBatchReader | None:
    """Return the rows of other tasks, as DuckDB reads them; None if there are none."""
    given = iter(rows)
    first = next(given, None)
    if first is None:
        return None

    def all_of_them() -> Iterator[pa.RecordBatch]:
        yield first
        yield from given

    return pa.RecordBatchReader.from_batches(first.schema, all_of_them())


def of_table(sources: Iterable[LineSource], one: Table) -> list[LineSource]:
    """Return the sources of a table, in their order."""
    return [source for source in sources if source.staged.table == one.name]


def batches(
    connection: duckdb.DuckDBPyConnection, select: str, schema: pa.Schema
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a query in the types of a schema."""
    for batch in connection.sql(select).to_arrow_reader(BATCH):
        yield from pa.Table.from_batches([batch]).cast(schema).to_batches()

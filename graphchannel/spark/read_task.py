"""The task that reads a file of a load: by the readers and the values of every other load.

What a file says is told from the whole of it, such as the order of its days; so a file is read by
one task.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from graphchannel.errors import GraphChannelError, InputError
from graphchannel.ingest.conform import typed_select
from graphchannel.ingest.keep import raw_select
from graphchannel.ingest.load_history import content_hash
from graphchannel.ingest.readers import Unrecognised, stage
from graphchannel.ingest.references import bare
from graphchannel.ingest.source_values import read_source
from graphchannel.schema import table
from graphchannel.spark.line_rows import (
    LINES,
    LineSource,
    ReadFile,
    batches,
    empty_rows,
    on_one_core,
    scratch,
)
from graphchannel.spark.read_file_codec import encoded
from graphchannel.text import listed, literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import duckdb

    from graphchannel.ingest.readers import ReadOptions
    from graphchannel.ingest.staged import Staged
    from graphchannel.ingest.values.read import Values

__all__ = ["read_files"]

_MOST = 100_000  # sources of a file: no workbook has so many sheets
_KEYS = {"shipments": "id", "serials": "shipment_id"}


def read_files(
    numbers: Iterable[pa.RecordBatch],
    files: Sequence[Path],
    options: ReadOptions,
    schema: pa.Schema,
) -> Iterator[pa.RecordBatch]:
    """Read the files of some numbers: yield the typed rows of lines, and what is said of each file.

    `schema` is that of `row_schema`. What is wrong with a file is said, not raised: it would be as
    wrong if it were tried again.
    """
    for batch in numbers:
        for number in batch.column(0).to_pylist():
            try:
                yield from _read(number, files[number], options, schema)
            except Unrecognised as error:
                yield _about(ReadFile(number, refused=str(error), brief=error.brief), schema)
            except (GraphChannelError, OSError) as error:
                yield _about(ReadFile(number, refused=str(error)), schema)


def _read(
    number: int, file: Path, options: ReadOptions, schema: pa.Schema
) -> Iterator[pa.RecordBatch]:
    with scratch() as folder, on_one_core(folder / "read.duckdb") as connection:
        content = content_hash(file)
        staged = stage(connection, file, options.of(file))
        _refuse_mixed(file, staged)
        sources = []
        for at, one in enumerate(staged):
            if one.table in LINES:
                values = read_source(connection, table(one.table), one)
                source = LineSource(number * _MOST + at, one, values.remarks)
                yield from batches(connection, _rows(connection, source, values), schema)
                sources.append(source)
        yield _about(ReadFile(number, content, tuple(sources)), schema)


def _refuse_mixed(file: Path, staged: Sequence[Staged]) -> None:
    """Raise InputError for a file of lines that brings other tables as well.

    Lines are read where the parties are not known yet, who are loaded from files of their own.
    """
    others = sorted({one.table for one in staged} - LINES)
    lines = sorted({one.table for one in staged} & LINES)
    if others and lines:
        raise InputError(
            f"{file}: the file brings {listed(lines)} and {listed(others)}; with --into, lines and "
            "serial numbers come in files that bring nothing else. Load it into a workspace, and "
            "export that."
        )


def _rows(connection: duckdb.DuckDBPyConnection, source: LineSource, values: Values) -> str:
    """Select the typed rows of a source."""
    one, staged = table(source.staged.table), source.staged
    typed = typed_select(one, staged, source.code, values.relation)
    came = raw_select(connection, staged)
    return f"""{empty_rows()} UNION ALL BY NAME
        SELECT {bare(f"t.{_KEYS[one.name]}")} AS _part, {literal(one.name)} AS _table,
            t._source AS _code, row_number() OVER () AS _place, r.raw AS _came,
            t.* EXCLUDE (_source)
        FROM ({typed}) AS t LEFT JOIN ({came}) AS r USING (_record)"""


def _about(file: ReadFile, schema: pa.Schema) -> pa.RecordBatch:
    """Say what became of a file, in a row of its own."""
    said = [pa.nulls(1, field.type) for field in schema]
    said[schema.get_field_index("_about")] = pa.array([encoded(file)], pa.string())
    return pa.RecordBatch.from_arrays(said, schema=schema)

"""Stage a CSV file record by record, for the files that DuckDB does not read in full."""

from __future__ import annotations

import io
from itertools import islice
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.csv as pa_csv

from graphchannel.errors import InputError
from graphchannel.ingest.readers.csv_exact import (
    field_count,
    fields_of,
    read_records,
    readable,
    undecodable,
)
from graphchannel.ingest.readers.files import stem_of
from graphchannel.ingest.source import RECORD, Source, fresh_name, quoted, size
from graphchannel.ingest.staged import SourceReject

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from graphchannel.ingest.readers.csv_exact import Record
    from graphchannel.ingest.readers.csv_layout import Layout

_BATCH = 50_000
_ASCII_STAND_IN = ","  # the parser of sound records takes no other delimiter
_FIRST_LINE = "-\n"  # skipped again: a byte-order mark would be dropped from the first line


def read_carefully(connection: duckdb.DuckDBPyConnection, layout: Layout) -> Source:
    """Stage every record that the exact reader takes, and reject every other."""
    relation, batch_name = fresh_name("source"), fresh_name("batch")
    columns = "".join(f", {quoted(name)} VARCHAR" for name in layout.columns)
    connection.execute(f"CREATE TEMP TABLE {relation} ({RECORD} BIGINT{columns})")
    rejects: list[SourceReject] = []
    records = 0
    with layout.open_text() as stream:
        numbered = enumerate(islice(read_records(stream, layout.delimiter), 1, None), start=1)
        while batch := list(islice(numbered, _BATCH)):
            records += len(batch)
            connection.register(batch_name, _to_arrow(batch, layout, rejects))
            connection.execute(f"INSERT INTO {relation} FROM {batch_name}")
            connection.unregister(batch_name)
    staged = size(connection, relation)
    if staged + len(rejects) != records:
        raise InputError(
            f"{layout.path}: {records} records were read, but {staged} staged and {len(rejects)} "
            "rejected. This is a fault of graphchannel; please report it."
        )
    return as_source(layout, relation, records, rejects)


def ragged(number: int, raw: str, layout: Layout) -> SourceReject:
    """Return the reject for a record of too few or too many fields.

    Raises ValueError if quotes within the record do not fit.
    """
    raw = raw.strip("\r\n")  # DuckDB's text of a record begins with the blank lines before it
    seen, expected = field_count(raw, layout.delimiter), len(layout.columns)
    reason = f"The record has {seen} field{'s' * (seen != 1)}, but the header has {expected}."
    return SourceReject(number, reason, raw)


def as_source(
    layout: Layout, relation: str, records: int, rejects: Sequence[SourceReject]
) -> Source:
    """Return what was read, under the names of the file."""
    path = layout.path
    return Source(path.name, (stem_of(path),), relation, layout.columns, records, tuple(rejects))


def _to_arrow(
    batch: list[tuple[int, Record]], layout: Layout, rejects: list[SourceReject]
) -> pa.Table:
    """Return the good records of a batch in columns; append the others to `rejects`."""
    numbers: list[int] = []
    lines: list[str] = []
    delimiters = len(layout.columns) - 1
    for number, record in batch:
        raw = record.raw
        sound = record.plain and raw.isascii() and layout.delimiter.isascii()
        if sound and raw.count(layout.delimiter) == delimiters:
            numbers.append(number)
            lines.append(raw)
        elif reject := _problem(number, record, layout):
            rejects.append(reject)
        else:
            numbers.append(number)
            lines.append(_rewritten(record, layout))
    return _parse(lines, layout).add_column(0, RECORD, [pa.array(numbers, pa.int64())])


def _parse(lines: list[str], layout: Layout) -> pa.Table:
    """Parse records that are known to be sound, far faster than Python could."""
    if not lines:
        return pa.table({name: pa.array([], pa.string()) for name in layout.columns})
    data = (_FIRST_LINE + "\n".join(lines)).encode()
    return pa_csv.read_csv(
        io.BytesIO(data),
        pa_csv.ReadOptions(
            column_names=layout.columns, skip_rows=1, block_size=len(data) + 1, use_threads=False
        ),
        pa_csv.ParseOptions(
            delimiter=_inner_delimiter(layout), newlines_in_values=True, ignore_empty_lines=False
        ),
        pa_csv.ConvertOptions(
            column_types=dict.fromkeys(layout.columns, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
        ),
    )


def _rewritten(record: Record, layout: Layout) -> str:
    """Return a record with every filled field in quotes, and without empty fields too many."""
    fields = fields_of(record, layout.delimiter)[: len(layout.columns)]
    doubled = (field.replace('"', '""') for field in fields)
    return _inner_delimiter(layout).join(f'"{field}"' if field else "" for field in doubled)


def _inner_delimiter(layout: Layout) -> str:
    return layout.delimiter if layout.delimiter.isascii() else _ASCII_STAND_IN


def _problem(number: int, record: Record, layout: Layout) -> SourceReject | None:
    reason = undecodable(record.raw, layout.codec) or record.problem
    if reason:
        return SourceReject(number, reason, readable(record.raw))
    fields, width = fields_of(record, layout.delimiter), len(layout.columns)
    if len(fields) == width or (len(fields) > width and not any(fields[width:])):
        return None
    return ragged(number, record.raw, layout)

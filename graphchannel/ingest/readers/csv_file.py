"""Read CSV so that every record is accounted for.

DuckDB reads the file with explicit columns and skips nothing. What it took and what it refused
must add up to a count of its own; where they do not, or a refusal cannot be placed, the exact
reader reads the file again. DuckDB's detection of headers is not used: it skips rows silently. Nor
are the line numbers of its refusals: they count blank lines.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from graphchannel.errors import InputError
from graphchannel.ingest.readers.csv_count import count_records
from graphchannel.ingest.readers.csv_exact import field_count, read_records, readable, undecodable
from graphchannel.ingest.readers.csv_layout import read_layout
from graphchannel.ingest.readers.files import stem_of
from graphchannel.ingest.source import (
    RECORD,
    Source,
    exact_path,
    fresh_name,
    literal,
    quoted,
    size,
)
from graphchannel.ingest.staged import SourceReject

if TYPE_CHECKING:
    from pathlib import Path

    from graphchannel.ingest.readers.csv_exact import Record
    from graphchannel.ingest.readers.csv_layout import Layout
    from graphchannel.ingest.source import ReadOptions

_BATCH = 10_000
_NATIVE = {"utf-8": "utf-8", "iso8859-1": "latin-1", "ascii": "utf-8"}  # DuckDB's own encodings
_PLACEABLE = {"MISSING COLUMNS", "TOO MANY COLUMNS"}  # refusals that end where the line ends


def read_csv(
    connection: duckdb.DuckDBPyConnection, path: Path, options: ReadOptions
) -> list[Source]:
    """Stage a CSV file; raises InputError if it has no header or is in another encoding."""
    layout = read_layout(path, options)
    return [_read_fast(connection, layout) or _read_exactly(connection, layout)]


def _read_fast(connection: duckdb.DuckDBPyConnection, layout: Layout) -> Source | None:
    """Let DuckDB read; return None if the result is not provably the whole file."""
    if not layout.at_top or len(layout.columns) == 1 or layout.codec not in _NATIVE:
        return None  # DuckDB takes a blank line for a header, and for a record of one column
    with layout.open_bytes() as stream:
        count = count_records(stream)
    if not count.uniform:
        return None
    relation, errors = fresh_name("source"), fresh_name("errors")
    records = count.records - 1
    try:
        _copy(connection, layout, relation, errors)
        rejects = _place(connection, layout, errors)
        staged = size(connection, relation)
    except duckdb.InvalidInputException:
        return None  # odd line ends around quotes make DuckDB give up on the file
    finally:
        for name in (errors, f"{errors}_scans"):
            connection.execute(f"DROP TABLE IF EXISTS {name}")
    if rejects is None or staged + len(rejects) != records:
        connection.execute(f"DROP TABLE {relation}")
        return None
    if rejects:
        relation = _renumber(connection, relation, [reject.record for reject in rejects])
    return _source(layout, relation, records, rejects)


def _copy(
    connection: duckdb.DuckDBPyConnection, layout: Layout, relation: str, errors: str
) -> None:
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in layout.columns)
    compression = "gzip" if layout.compressed else "none"
    connection.execute(
        f"""CREATE TEMP TABLE {relation} AS
        SELECT row_number() OVER () AS {RECORD}, * FROM read_csv(
            {literal(exact_path(layout.path))}, columns = {{{columns}}},
            auto_detect = false, header = true,
            delim = {literal(layout.delimiter)}, quote = '"', escape = '"', nullstr = '',
            encoding = '{_NATIVE[layout.codec]}', compression = '{compression}',
            strict_mode = true, store_rejects = true, rejects_limit = 0,
            rejects_table = '{errors}', rejects_scan = '{errors}_scans')"""
    )


def _place(
    connection: duckdb.DuckDBPyConnection, layout: Layout, errors: str
) -> list[SourceReject] | None:
    """Return DuckDB's refusals with their record numbers; None if they cannot be placed."""
    refused = connection.execute(
        f"""SELECT line_byte_position - 1, any_value(csv_line), list(DISTINCT error_type)
        FROM {errors} GROUP BY 1 ORDER BY 1"""
    ).fetchall()
    if not refused:
        return []
    if layout.compressed or layout.codec != "utf-8":
        return None  # positions are not those of the file
    if not all(_PLACEABLE.issuperset(types) for _, _, types in refused):
        return None
    with layout.open_bytes() as stream:
        for offset, raw, _ in refused:
            stream.seek(offset - 1)
            text = raw.encode()
            if stream.read(len(text) + 1) != b"\n" + text or stream.read(1) not in b"\r\n":
                return None
        stream.seek(0)
        before = count_records(stream, [offset for offset, _, _ in refused]).before
    try:
        return [_ragged(at, raw, layout) for at, (_, raw, _) in zip(before, refused, strict=True)]
    except ValueError:
        return None  # a quote is open to the end of the file


def _renumber(connection: duckdb.DuckDBPyConnection, relation: str, rejected: list[int]) -> str:
    """Make room in `_record` for the rejected records, which DuckDB did not number."""
    renumbered, gaps = fresh_name("source"), fresh_name("gaps")
    # Accepted row n stands behind the k-th rejected record from n = record - k + 1 on.
    starts = {record - k: k + 1 for k, record in enumerate(rejected)}
    connection.register(gaps, pa.table({"first_row": list(starts), "shift": list(starts.values())}))
    connection.execute(
        f"""CREATE TEMP TABLE {renumbered} AS
        SELECT * EXCLUDE (first_row, shift) REPLACE ({RECORD} + coalesce(shift, 0) AS {RECORD})
        FROM {relation} ASOF LEFT JOIN {gaps} ON {RECORD} >= first_row"""
    )
    connection.unregister(gaps)
    connection.execute(f"DROP TABLE {relation}")
    return renumbered


def _read_exactly(connection: duckdb.DuckDBPyConnection, layout: Layout) -> Source:
    relation, batch_name = fresh_name("source"), fresh_name("batch")
    names = [quoted(name) for name in layout.columns]
    connection.execute(
        f"CREATE TEMP TABLE {relation} ({RECORD} BIGINT, "
        f"{', '.join(f'{name} VARCHAR' for name in names)})"
    )
    filled = ", ".join(f"nullif({name}, '')" for name in names)
    rejects: list[SourceReject] = []
    records = 0
    with layout.open_text() as stream:
        numbered = enumerate(islice(read_records(stream, layout.delimiter), 1, None), start=1)
        while batch := list(islice(numbered, _BATCH)):
            records += len(batch)
            table = _to_arrow(batch, layout, rejects)
            connection.register(batch_name, table)
            connection.execute(
                f"INSERT INTO {relation} SELECT {RECORD}, {filled} FROM {batch_name}"
            )
            connection.unregister(batch_name)
    staged = size(connection, relation)
    if staged + len(rejects) != records:
        raise InputError(
            f"{layout.path}: {records} records were read, but {staged} staged and {len(rejects)} "
            "rejected. This is a fault of graphchannel; please report it."
        )
    return _source(layout, relation, records, rejects)


def _to_arrow(
    batch: list[tuple[int, Record]], layout: Layout, rejects: list[SourceReject]
) -> pa.Table:
    """Return the good records of a batch in columns; append the others to `rejects`."""
    numbers: list[int] = []
    rows: list[list[str]] = []
    width = len(layout.columns)
    for number, record in batch:
        fields = record.fields
        if fields is not None and len(fields) == width and record.raw.isascii():
            numbers.append(number)
            rows.append(fields)
        elif reject := _problem(number, record, layout):
            rejects.append(reject)
        else:
            numbers.append(number)
            rows.append((fields or [])[:width])
    columns = list(zip(*rows, strict=True)) or [()] * width
    arrays = [pa.array(numbers, pa.int64()), *(pa.array(each, pa.string()) for each in columns)]
    return pa.Table.from_arrays(arrays, names=[RECORD, *layout.columns])


def _problem(number: int, record: Record, layout: Layout) -> SourceReject | None:
    reason = undecodable(record.raw, layout.codec) or record.problem
    if reason:
        return SourceReject(number, reason, readable(record.raw))
    fields, width = record.fields or [], len(layout.columns)
    if len(fields) == width or (len(fields) > width and not any(fields[width:])):
        return None
    return _ragged(number, record.raw, layout)


def _ragged(number: int, raw: str, layout: Layout) -> SourceReject:
    raw = raw.strip("\r\n")  # DuckDB's text of a record begins with the blank lines before it
    seen, expected = field_count(raw, layout.delimiter), len(layout.columns)
    reason = f"The record has {seen} field{'s' * (seen != 1)}, but the header has {expected}."
    return SourceReject(number, reason, raw)


def _source(layout: Layout, relation: str, records: int, rejects: list[SourceReject]) -> Source:
    return Source(
        layout.path.name, (stem_of(layout.path),), relation, layout.columns, records, tuple(rejects)
    )

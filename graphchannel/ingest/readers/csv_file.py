"""Read CSV so that every record is accounted for.

DuckDB reads the file with explicit columns and skips nothing. What it took and what it refused
must add up to a count of its own; where they do not, or a refusal cannot be placed, the file is
read again record by record. DuckDB's detection of headers is not used: it skips rows silently. Nor
are the line numbers of its refusals: they count blank lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from graphchannel.ingest.readers.csv_careful import as_source, ragged, read_carefully
from graphchannel.ingest.readers.csv_count import count_records
from graphchannel.ingest.readers.csv_layout import read_layout
from graphchannel.ingest.source import (
    RECORD,
    Source,
    exact_path,
    fresh_name,
    literal,
    size,
)

if TYPE_CHECKING:
    from pathlib import Path

    from graphchannel.ingest.readers.csv_layout import Layout
    from graphchannel.ingest.source import ReadOptions
    from graphchannel.ingest.staged import SourceReject

_BATCH = 10_000
_NATIVE = {"utf-8": "utf-8", "iso8859-1": "latin-1", "ascii": "utf-8"}  # DuckDB's own encodings
_MOST_PLACED = 10_000
_PAST_ALL = 1 << 62
_PLACEABLE = {"MISSING COLUMNS", "TOO MANY COLUMNS"}  # refusals that end where the line ends


def read_csv(
    connection: duckdb.DuckDBPyConnection, path: Path, options: ReadOptions
) -> list[Source]:
    """Stage a CSV file; raises InputError if it has no header or is in another encoding."""
    layout = read_layout(path, options)
    return [_read_fast(connection, layout) or read_carefully(connection, layout)]


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
        _renumber(connection, relation, [reject.record for reject in rejects])
    return as_source(layout, relation, records, rejects)


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
        FROM {errors} GROUP BY 1 ORDER BY 1 LIMIT {_MOST_PLACED + 1}"""
    ).fetchall()
    if not refused:
        return []
    if layout.compressed or layout.codec != "utf-8" or len(refused) > _MOST_PLACED:
        return None  # positions are not those of the file, or reading it again costs less
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
        return [ragged(at, raw, layout) for at, (_, raw, _) in zip(before, refused, strict=True)]
    except ValueError:
        return None  # a quote is open to the end of the file


def _renumber(connection: duckdb.DuckDBPyConnection, relation: str, rejected: list[int]) -> None:
    """Make room in `_record` for the rejected records, which DuckDB did not number."""
    # The accepted row behind k rejected records has its number less k.
    shifts = {record - k: k + 1 for k, record in enumerate(rejected)}
    starts = list(shifts)
    gaps = fresh_name("gaps")
    columns = {"first": starts, "next": [*starts[1:], None], "shift": list(shifts.values())}
    connection.register(gaps, pa.table(columns))
    connection.execute(
        f"""UPDATE {relation} SET {RECORD} = {RECORD} + shift FROM {gaps}
        WHERE {RECORD} >= first AND {RECORD} < coalesce(next, {_PAST_ALL})"""
    )
    connection.unregister(gaps)

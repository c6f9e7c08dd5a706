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
    COPIED,
    RECORD,
    Source,
    exact_path,
    fresh_name,
    literal,
    quoted,
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
    copied = f"{relation}{COPIED}"
    records = count.records - 1
    try:
        _copy(connection, layout, copied, errors)
        rejects = _place(connection, layout, errors)
        staged = size(connection, copied)
    except duckdb.InvalidInputException:
        return None  # odd line ends around quotes make DuckDB give up on the file
    finally:
        for name in (errors, f"{errors}_scans"):
            connection.execute(f"DROP TABLE IF EXISTS {name}")
    if rejects is None or staged + len(rejects) != records:
        connection.execute(f"DROP TABLE {copied}")
        return None
    number = "rowid + 1"
    if rejects:
        _number(connection, copied, [reject.record for reject in rejects])
        number = RECORD
    named = "".join(f", _{at} AS {quoted(name)}" for at, name in enumerate(layout.columns))
    connection.execute(
        f"CREATE TEMP VIEW {relation} AS SELECT {number} AS {RECORD}{named} FROM {copied}"
    )
    return as_source(layout, relation, records, rejects)


def _copy(connection: duckdb.DuckDBPyConnection, layout: Layout, copied: str, errors: str) -> None:
    """Copy the file into a table whose columns are `_0`, `_1`, …, and whose `rowid` counts records.

    To number the records in the statement would read the file with one thread. Columns have no
    names of the file, since one of them might be `rowid`.
    """
    columns = ", ".join(f"'_{at}': 'VARCHAR'" for at in range(len(layout.columns)))
    compression = "gzip" if layout.compressed else "none"
    connection.execute(
        f"""CREATE TEMP TABLE {copied} AS
        SELECT * FROM read_csv(
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


def _number(connection: duckdb.DuckDBPyConnection, copied: str, rejected: list[int]) -> None:
    """Give the copied rows a column `_record`, which counts the rejected records, too."""
    # The accepted row behind k rejected records has its number less k.
    shifts = {1: 0} | {record - k: k + 1 for k, record in enumerate(rejected)}
    starts = list(shifts)
    gaps = fresh_name("gaps")
    columns = {"first": starts, "next": [*starts[1:], None], "shift": list(shifts.values())}
    connection.register(gaps, pa.table(columns))
    connection.execute(f"ALTER TABLE {copied} ADD COLUMN {RECORD} BIGINT")
    connection.execute(
        f"""UPDATE {copied} SET {RECORD} = {copied}.rowid + 1 + shift FROM {gaps}
        WHERE {copied}.rowid + 1 >= first AND {copied}.rowid + 1 < coalesce(next, {_PAST_ALL})"""
    )
    connection.unregister(gaps)

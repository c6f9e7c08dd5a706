"""Read CSV so that every record is accounted for.

DuckDB reads the file with explicit columns and skips nothing. What it took and what it refused
must add up to a count of its own, of records and of delimiters (it silently cuts off empty fields
too many at the end of a record, though another may be the one too many). Where they do not, or a
refusal cannot be placed, the file is read again record by record. DuckDB's detection of headers is
not used: it skips rows silently. Nor are the line numbers of its refusals: they count blank lines.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from graphchannel.ingest.readers.csv_careful import as_source, read_carefully
from graphchannel.ingest.readers.csv_count import count_records
from graphchannel.ingest.readers.csv_exact import split_record
from graphchannel.ingest.readers.csv_fit import fit
from graphchannel.ingest.readers.csv_layout import head_of, read_layout
from graphchannel.ingest.readers.csv_tidy import no_records
from graphchannel.ingest.source import (
    COPIED,
    RECORD,
    Source,
    exact_path,
    fresh_name,
    size,
)
from graphchannel.ingest.staged import SourceReject
from graphchannel.text import literal, quoted

if TYPE_CHECKING:
    from pathlib import Path

    from graphchannel.ingest.readers.csv_count import Count
    from graphchannel.ingest.readers.csv_layout import Layout
    from graphchannel.ingest.source import Reading

_CHUNK = 1 << 22
_NATIVE = {"utf-8": "utf-8", "iso8859-1": "latin-1", "ascii": "utf-8"}  # DuckDB's own encodings
_MOST_PLACED = 10_000
_PAST_ALL = 1 << 62
_CTRL_Z = "\x1a"  # ends the files of old programs
_CONTROLS = bytes(range(0x80, 0xA0))
_PLACEABLE = {"MISSING COLUMNS", "TOO MANY COLUMNS"}  # refusals that end where the line ends


@dataclass(frozen=True, slots=True)
class _RefusedRecord:
    """A record that DuckDB refused: its fields as they fit the columns, or why they do not.

    No fields at all stand for what is no record.
    """

    record: int
    raw: str
    fields: int
    fitted: list[str] | str


def read_csv(connection: duckdb.DuckDBPyConnection, path: Path, reading: Reading) -> list[Source]:
    """Stage a CSV file; raises InputError if it has no header or is in another encoding."""
    layout = read_layout(path, reading)
    source = _read_fast(connection, layout) or read_carefully(connection, layout)
    return [replace(source, head=head_of(layout))]


def _read_fast(connection: duckdb.DuckDBPyConnection, layout: Layout) -> Source | None:
    """Let DuckDB read; return None if the result is not provably the whole file."""
    if not layout.at_top or layout.footer or len(layout.columns) == 1:
        return None  # DuckDB takes a blank line for a header, and for a record of one column
    if layout.codec not in _NATIVE or _has_controls(layout):
        return None
    with layout.open_bytes() as stream:
        count = count_records(stream, delimiter=layout.delimiter.encode(layout.codec))
    if not count.uniform:
        return None
    relation, errors = fresh_name("source"), fresh_name("errors")
    copied = f"{relation}{COPIED}"
    try:
        _copy(connection, layout, copied, errors)
        refused = _place(connection, layout, errors)
        staged = size(connection, copied)
    except duckdb.InvalidInputException:
        return None  # odd line ends around quotes make DuckDB give up on the file
    finally:
        for name in (errors, f"{errors}_scans"):
            connection.execute(f"DROP TABLE IF EXISTS {name}")
    if refused is None or not _adds_up(layout, count, staged, refused):
        connection.execute(f"DROP TABLE IF EXISTS {copied}")
        return None
    number = "rowid + 1"
    if refused:
        _number(connection, copied, [each.record for each in refused])
        _insert(connection, copied, refused)
        number = RECORD
    named = "".join(f", _{at} AS {quoted(name)}" for at, name in enumerate(layout.columns))
    columns = [f"_{at}" for at in range(len(layout.columns))]
    none = no_records(connection, copied, columns, layout.header)
    kept = f" WHERE {none.kept}" if none.blank or none.repeated else ""
    connection.execute(
        f"CREATE TEMP VIEW {relation} AS SELECT {number} AS {RECORD}{named} FROM {copied}{kept}"
    )
    rejects = [
        SourceReject(each.record, each.fitted, each.raw)
        for each in refused
        if isinstance(each.fitted, str)
    ]
    blank = sum(each.raw == _CTRL_Z for each in refused)
    return as_source(layout, relation, count.records - 1 - blank, rejects, none)


def _has_controls(layout: Layout) -> bool:
    """Tell whether a Latin-1 file has bytes that are no letters there: it is something else."""
    if layout.codec != "iso8859-1":
        return False
    with layout.open_bytes() as stream:
        while chunk := stream.read(_CHUNK):
            if len(chunk.translate(None, _CONTROLS)) < len(chunk):
                return True
    return False


def _adds_up(layout: Layout, count: Count, staged: int, refused: list[_RefusedRecord]) -> bool:
    """Tell whether DuckDB took or refused each record, and cut no field off."""
    if staged + len(refused) != count.records - 1:
        return False
    fields = (staged + 1) * len(layout.columns) + sum(each.fields for each in refused)
    return count.delimiters == fields - count.records


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
) -> list[_RefusedRecord] | None:
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
    ended = []
    with layout.open_bytes() as stream:
        for offset, raw, _ in refused:
            stream.seek(offset - 1)
            text = raw.encode()
            if stream.read(len(text) + 1) != b"\n" + text or (end := stream.read(1)) not in b"\r\n":
                return None
            ended.append(bool(end) or raw.endswith("\n"))
        stream.seek(0)
        before = count_records(stream, [offset for offset, _, _ in refused]).before
    try:
        return [
            _refused(at, raw, layout, ended=ends)
            for at, (_, raw, _), ends in zip(before, refused, ended, strict=True)
        ]
    except ValueError:
        return None  # a quote is open to the end of the file


def _refused(record: int, raw: str, layout: Layout, *, ended: bool) -> _RefusedRecord:
    """Say what becomes of a record that DuckDB refused; raise ValueError if quotes do not fit."""
    raw = raw.strip("\r\n")  # DuckDB's text of a record begins with the blank lines before it
    fields = split_record(raw, layout.delimiter)
    fitted = fit(fields, len(layout.columns), ended=ended)
    return _RefusedRecord(record, raw, len(fields), [] if raw == _CTRL_Z else fitted)


def _insert(
    connection: duckdb.DuckDBPyConnection, copied: str, refused: list[_RefusedRecord]
) -> None:
    """Add the records that DuckDB refused and that fit nevertheless."""
    rows = [
        [*(text or None for text in each.fitted), each.record]
        for each in refused
        if each.fitted and not isinstance(each.fitted, str)
    ]
    if rows:
        batch = fresh_name("batch")
        columns = [pa.array(column) for column in zip(*rows, strict=True)]
        names = [f"_{at}" for at in range(len(columns))]
        connection.register(batch, pa.Table.from_arrays(columns, names=names))
        connection.execute(f"INSERT INTO {copied} FROM {batch}")
        connection.unregister(batch)


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

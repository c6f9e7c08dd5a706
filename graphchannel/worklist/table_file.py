"""A file with a header that went out and came back: its rows as texts, from CSV or a workbook.

Spreadsheets save what they were given in forms of their own, so it is read as source files are. An
apostrophe that was put before a text so that no spreadsheet runs it is taken off again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.errors import InputError
from graphchannel.ingest.readers import Reading, read_file
from graphchannel.ingest.source import drop
from graphchannel.text import folded, joined, quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    import duckdb

    from graphchannel.ingest.source import Source

__all__ = ["TableFile", "read_table_file", "table_in"]

_GUARDED = ("=", "+", "-", "@", "\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}",
            "\N{FULLWIDTH HYPHEN-MINUS}", "\N{FULLWIDTH COMMERCIAL AT}", "\\")  # fmt: skip


@dataclass(frozen=True, slots=True)
class TableFile:
    """Rows by their number below the header, from 1, cells by column, empty ones left out.

    `refused` says of rows that could not be read why not, by their number.
    """

    rows: tuple[tuple[int, Mapping[str, str]], ...]
    refused: Mapping[int, str]


def read_table_file(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    needed: Collection[str],
    optional: Collection[str] = (),
) -> TableFile:
    """Read the sheet of a file that has the columns needed, in whatever case.

    Raises InputError if none has, and what `read_file` raises.
    """
    found = table_in(connection, path, needed, optional)
    if found is None:
        raise InputError(
            f"{path}: no sheet has the columns {joined(sorted(needed))}; they are needed."
        )
    return found


def table_in(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    needed: Collection[str],
    optional: Collection[str] = (),
) -> TableFile | None:
    """Read the first sheet of a file that has the columns needed; None if none has."""
    _, sources = read_file(connection, path, Reading())
    try:
        for source in sources:
            names = {folded(name): name for name in source.columns}
            columns = {
                name: names[folded(name)] for name in (*needed, *optional) if folded(name) in names
            }
            if not source.problem and set(needed) <= set(columns):
                return _read(connection, source, columns)
        return None
    finally:
        names_ = {source.relation for source in sources}
        drop(connection, names_ | {source.flaws for source in sources if source.flaws})


def _read(
    connection: duckdb.DuckDBPyConnection, source: Source, columns: Mapping[str, str]
) -> TableFile:
    select = ", ".join(f"{quoted(name)}::VARCHAR" for name in columns.values())
    rows = connection.execute(
        f"SELECT _record, {select} FROM {source.relation} ORDER BY _record"
    ).fetchall()
    unread = {reject.record: reject.reason for reject in source.rejects}
    if source.flaws:
        flawed = connection.execute(f"SELECT _record, name, flaw FROM {source.flaws}").fetchall()
        used = set(columns.values())
        unread |= {record: f"{name}: {flaw}" for record, name, flaw in flawed if name in used}
    records = sorted({*unread, *(record for record, *_ in rows)})
    place = {record: number for number, record in enumerate(records, 1)}
    return TableFile(
        tuple(
            (
                place[record],
                {
                    name: _unguarded(value)
                    for name, value in zip(columns, cells, strict=True)
                    if value is not None and value.strip()
                },
            )
            for record, *cells in rows
            if record not in unread
        ),
        {place[record]: why for record, why in unread.items()},
    )


def _unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(_GUARDED) else text

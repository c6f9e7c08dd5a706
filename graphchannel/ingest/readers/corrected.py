"""A corrected export of rejects: each record goes back to the table or the loader it came by.

A spreadsheet may have changed what nobody corrected: leading zeros, dates, long numbers. A cell
that says the same as the rejected record, in a spreadsheet's way, is read as it came. Of a row that
brought some columns alone, the others count where somebody has filled them in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from graphchannel.errors import InputError
from graphchannel.ingest.keep import numbers_in
from graphchannel.ingest.readers.respelt import respelt
from graphchannel.ingest.reject_export import unguarded
from graphchannel.ingest.senders.model import SENDER
from graphchannel.ingest.source import RECORD, Source, fresh_name
from graphchannel.ingest.staged import SourceReject, Staged
from graphchannel.schema import TABLES
from graphchannel.text import literal, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import duckdb

    from graphchannel.ingest.values import Forms
    from graphchannel.schema import Table

    Reread = Callable[[Source, str], list[Staged]]

__all__ = ["is_export", "stage_corrected"]

REJECT, TABLE, LOADER = "_reject", "_table", "_loader"  # columns of an export of rejects
_OWN = (REJECT, TABLE, LOADER, "_code", "_reason")
_OF_TABLE = f"{LOADER} IS NULL AND r_loader IS NULL AND NOT r_strange"
_NO_REJECTS = """SELECT NULL::BIGINT AS id, NULL AS raw, NULL::JSON AS delivered,
    NULL AS "table", NULL AS "column", NULL AS loader LIMIT 0"""


@dataclass(frozen=True, slots=True)
class _Export:
    """An export as it came back: `cells` has its columns, and `r_…`, what the reject says."""

    connection: duckdb.DuckDBPyConnection
    source: Source
    cells: str
    columns: dict[str, str]
    forms: Forms


def is_export(columns: Sequence[str]) -> bool:
    """Tell whether a source of these columns is an export of rejects."""
    return REJECT in columns and TABLE in columns


def stage_corrected(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    find: Callable[[str], Reread],
    forms: Forms,
) -> list[Staged]:
    """Stage an export; `find` returns what reads records again, by the name of loader or sender.

    `forms` says how the export is written.

    Raise InputError if no row names a table; LoaderError or SenderError if that is gone.
    """
    export = _open(connection, source, forms)
    rejects = (*source.rejects, *_strays(export))
    staged = [one for table in TABLES for one in _of_table(export, table)]
    for name, keys in _by_loader(export):
        staged += _of_loader(export, name, find(name), keys)
    if not staged and not rejects:
        staged = [Staged(source.label, "shipments", export.cells, export.cells, (), 0)]
    if not staged:
        raise InputError(
            f"{source.label}: column '{TABLE}' names no table in any row that can be loaded "
            f"({rejects[0].reason.rstrip('.')}); export the rejects again."
        )
    first = staged[0]
    staged[0] = replace(
        first,
        records=first.records + len(rejects),
        rejects=tuple(sorted((*first.rejects, *rejects), key=lambda reject: reject.record)),
        warnings=source.warnings,
    )
    return staged


def _open(connection: duckdb.DuckDBPyConnection, source: Source, forms: Forms) -> _Export:
    """Take the apostrophes away, and find the rejects that rows correct."""
    columns = {_plain(name): name for name in source.columns}
    found = connection.execute(
        "SELECT 1 FROM duckdb_tables() WHERE schema_name = 'admin' AND table_name = 'rejects'"
    ).fetchall()
    rejects = "admin.rejects" if found else f"({_NO_REJECTS})"
    listed = ", ".join(
        f"{unguarded(f'{quoted(own)}::VARCHAR')} AS {quoted(name)}" for name, own in columns.items()
    )
    cells = fresh_name("corrected")
    old = LOADER not in columns  # of a version that did not say what had read a record
    loader = f", NULL::VARCHAR AS {LOADER}" if old else ""
    strange = "r.id IS NULL" if old and found else "false"
    connection.execute(
        f"""CREATE TEMP TABLE {cells} AS
            SELECT c.*, r.raw AS r_raw, r.delivered AS r_delivered, r.loader AS r_loader,
                r.delivered->>r."column" AS r_wrong, {strange} AS r_strange
            FROM (SELECT {RECORD}, {listed}{loader} FROM {source.relation}) AS c
            LEFT JOIN {rejects} AS r ON r.id = {numbers_in(REJECT)}[1]
                AND (r.loader IS NOT NULL OR r."table" = {TABLE})"""
    )
    return _Export(connection, source, cells, columns, forms)


def _plain(name: str) -> str:
    return name[1:] if name.startswith("'") and name.lstrip("'")[:1] in tuple("=+-@\t\r") else name


def _of_table(export: _Export, table: Table) -> list[Staged]:
    """Stage the rows of a table that no loader read."""
    folded = {name.casefold(): name for name in export.columns if name not in _OWN}
    own = {
        name: folded[name.casefold()] for name in table.column_names if name.casefold() in folded
    }
    values = {
        name: _as_it_came(quoted(cell), f"(r_delivered->>{literal(name)})")
        for name, cell in own.items()
    }
    filled = ", ".join(f"if({quoted(cell)} IS NULL, NULL, {literal(n)})" for n, cell in own.items())
    rows = fresh_name("rows")
    export.connection.execute(
        f"""CREATE TEMP VIEW {rows} AS SELECT {RECORD}, if(r_delivered IS NULL, NULL,
                list_distinct(json_keys(r_delivered) || list_filter([{filled or "NULL"}],
                    lambda name: name IS NOT NULL))) AS _delivered
                {"".join(f", {value} AS {quoted(name)}" for name, value in values.items())}
            FROM {export.cells} WHERE {TABLE} = {literal(table.name)} AND {_OF_TABLE}"""
    )
    count = _size(export, rows)
    if not count:
        return []
    because = f"Columns {REJECT} and {TABLE} make it an export of rejects."
    label = export.source.label
    columns = tuple(own)
    staged = Staged(label, table.name, export.cells, rows, columns, count, (), None, because)
    return [replace(staged, by_row=True, forms=export.forms)]


def _by_loader(export: _Export) -> list[tuple[str, list[str] | None]]:
    """List the loaders of the rows, and the columns that their records had; None if unknown."""
    return export.connection.execute(
        f"""SELECT DISTINCT {LOADER}, if(json_valid(r_raw), json_keys(r_raw), NULL)
            FROM {export.cells} WHERE {LOADER} IS NOT NULL ORDER BY ALL"""
    ).fetchall()


def _of_loader(
    export: _Export, loader: str, reread: Reread, keys: Sequence[str] | None
) -> list[Staged]:
    """Let a loader or sender read the records again that had these columns."""
    folded = {name.casefold(): name for name in export.columns if name not in _OWN}
    names = list(folded.values() if keys is None else keys)
    values = {
        name: _as_it_came(quoted(folded[name.casefold()]), f"(r_raw->>{literal(name)})")
        for name in names
        if name.casefold() in folded
    }
    had = "r_raw IS NULL OR NOT json_valid(r_raw)" if keys is None else _has_keys(keys)
    relation = fresh_name("records")
    export.connection.execute(
        f"""CREATE TEMP TABLE {relation} AS SELECT {RECORD}, {REJECT}, {TABLE}, {LOADER}
                {"".join(f", {value} AS {quoted(name)}" for name, value in values.items())}
            FROM {export.cells} WHERE {LOADER} = {literal(loader)} AND ({had})"""
    )
    label = export.source.label
    source = Source(label, (), relation, tuple(values), _size(export, relation))
    staged = reread(source, f"Column {LOADER} names what had read the records.")
    return [replace(one, warnings=()) for one in staged]


def _has_keys(keys: Sequence[str]) -> str:
    listed = ", ".join(literal(key) for key in keys)
    return f"json_valid(r_raw) AND json_keys(r_raw) = [{listed}]"


def _as_it_came(cell: str, before: str) -> str:
    """Read a cell: as it was in the rejected record, where a spreadsheet alone has changed it.

    The value that was wrong is left to the person.
    """
    return (
        f"CASE WHEN {before} IS DISTINCT FROM r_wrong AND {respelt(cell, before)} THEN {before}"
        f" ELSE {cell} END"
    )


def _strays(export: _Export) -> list[SourceReject]:
    """Reject rows of no table, rows without the columns of their loader, and strange rows.

    Those name a reject that nobody knows, in an export that does not say what had read the record:
    an amount may be a unit price.
    """
    known = ", ".join(literal(table.name) for table in TABLES)
    no_table = f"({TABLE} IS NULL OR {TABLE} NOT IN ({known}))"
    found = export.connection.execute(
        f"""SELECT {RECORD}, {TABLE}, r_loader, {no_table}, {REJECT}, to_json(row)::VARCHAR
            FROM {export.cells} AS row
            WHERE {LOADER} IS NULL AND (r_loader IS NOT NULL OR {no_table} OR r_strange)"""
    ).fetchall()
    return [
        SourceReject(record, _stray(table, loader, reject, known=not lost), raw, column=TABLE)
        for record, table, loader, lost, reject, raw in found
    ]


def _stray(table: str | None, loader: str | None, reject: str | None, *, known: bool) -> str:
    again = "export the rejects again and correct those."
    if loader is not None:
        own = "but has not the record's own columns"
        return f"The row corrects a record that {_named(loader)} read, {own}; {again}"
    if known:
        return f"Reject {reject} is none of this workspace; {again}"
    return f"'{table or ''}' is no table."


def _named(loader: str) -> str:
    return loader if loader.startswith(SENDER) else f"loader '{loader}'"


def _size(export: _Export, relation: str) -> int:
    row = export.connection.execute(f"SELECT count(*) FROM {relation}").fetchall()
    return int(row[0][0])

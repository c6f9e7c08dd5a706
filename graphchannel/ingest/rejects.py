"""Rows that were not accepted: kept, listed, tried again, exported to be corrected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from graphchannel.ingest.casts import when
from graphchannel.ingest.conform import raw
from graphchannel.ingest.judge import SUPERSEDED
from graphchannel.ingest.staged import Staged
from graphchannel.schema import TABLES, Kind, Table
from graphchannel.text import literal, quoted
from graphchannel.workspace import first_row, one_number

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from graphchannel.ingest.batch import Batch
    from graphchannel.workspace import Workspace

__all__ = ["Reject", "count_rejects", "export_rejects", "rejects"]

_RETRIED = "code = 'unknown_reference' AND closed IS NULL"
_ASKED = 'closed IS NULL AND coalesce(load = $load, true) AND coalesce("table" = $table, true)'
_ORDER = "load, file, record, id"


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was not accepted; `raw` is the row as it came, JSON where it had columns."""

    id: int
    load: int
    file: str
    record: int
    table: str
    column: str | None
    code: str
    reason: str
    raw: str


def rejects(
    workspace: Workspace,
    *,
    load: int | None = None,
    table: str | None = None,
    limit: int | None = None,
) -> tuple[Reject, ...]:
    """List open rejects in the order in which they came, of one load or table if given."""
    rows = workspace.connection.execute(
        f"""SELECT id, load, file, record, "table", "column", code, reason, raw FROM admin.rejects
            WHERE {_ASKED} ORDER BY {_ORDER} {"" if limit is None else f"LIMIT {int(limit)}"}""",
        {"load": load, "table": table},
    ).fetchall()
    return tuple(Reject(*row) for row in rows)


def count_rejects(
    workspace: Workspace, *, load: int | None = None, table: str | None = None
) -> int:
    """Count what `rejects` would list without a limit."""
    sql = f"SELECT count(*) FROM admin.rejects WHERE {_ASKED}"
    row = first_row(workspace.connection, sql, {"load": load, "table": table})
    return 0 if row is None else int(row[0])


def export_rejects(workspace: Workspace, path: Path) -> int:
    """Write open rejects as one CSV that can be corrected and loaded as it is; return how many.

    Columns: `_reject`, `_table`, `_code`, `_reason`, then all canonical columns of their tables,
    with the values as they were delivered. A record that had no columns says in `_reason` how it
    read.
    """
    found = workspace.connection.execute(
        'SELECT DISTINCT "table" FROM admin.rejects WHERE closed IS NULL'
    ).fetchall()
    tables = [table for table in TABLES if (table.name,) in found]
    names = dict.fromkeys(name for table in tables for name in table.column_names)
    columns = "".join(f", delivered->>{literal(name)} AS {quoted(name)}" for name in names)
    select = f"""SELECT id AS _reject, "table" AS _table, code AS _code,
            reason || CASE WHEN delivered IS NULL THEN ' The record was: ' || raw ELSE '' END
                AS _reason{columns}
        FROM admin.rejects WHERE closed IS NULL ORDER BY {_ORDER}"""
    workspace.connection.execute(f"COPY ({select}) TO {literal(path)} (FORMAT csv, HEADER true)")
    return one_number(
        workspace.connection, "SELECT count(*) FROM admin.rejects WHERE closed IS NULL"
    )


def keep_rejects(batch: Batch) -> None:
    """Write what is in `_bad` as rejects, and close the earlier ones that are settled now."""
    for index, staged in enumerate(batch.sources):
        delivered = _delivered(batch.connection, batch.table, staged)
        if batch.number(
            f"SELECT count(*) FROM _bad JOIN _left USING (_row) WHERE _source = {index}"
        ):
            batch.run(
                f"""INSERT INTO admin.rejects
                    SELECT {_next_id(batch.connection)} + row_number() OVER (ORDER BY _record),
                        {batch.load}, {literal(staged.file)}, _record, '{batch.table.name}', b.col,
                        b.code, b.reason, r.raw, {delivered}, {_loader(staged)}, [], NULL, NULL
                    FROM _bad AS b JOIN _left AS t USING (_row)
                    LEFT JOIN ({_raw_select(batch.connection, staged)}) AS r USING (_record)
                    WHERE _source = {index}"""
            )
    if batch.retried:
        retried = len(batch.sources)
        for status, rows in (
            (
                SUPERSEDED,
                f"SELECT -_record FROM _bad JOIN _left USING (_row) WHERE code = '{SUPERSEDED}'",
            ),
            ("retried", f"SELECT -_record FROM _final WHERE _source = {retried}"),
        ):
            batch.run(
                f"UPDATE admin.rejects SET closed = {batch.load}, closed_as = '{status}'"
                f" WHERE id IN ({rows})"
            )


def keep_source_rejects(connection: duckdb.DuckDBPyConnection, staged: Staged, load: int) -> None:
    """Write the records of a source that could not even be staged."""
    if not staged.rejects:
        return
    rows = pa.table(
        {
            "number": pa.array(range(1, len(staged.rejects) + 1), pa.int64()),
            "record": pa.array([reject.record for reject in staged.rejects], pa.int64()),
            **{
                name: pa.array([getattr(reject, name) for reject in staged.rejects], pa.string())
                for name in ("column", "code", "reason", "raw")
            },
        }
    )
    connection.register("_source_rejects", rows)
    connection.execute(
        f"""INSERT INTO admin.rejects
            SELECT {_next_id(connection)} + number, {load}, {literal(staged.file)}, record,
                '{staged.table}', "column", code, reason, raw, NULL, {_loader(staged)}, [],
                NULL, NULL
            FROM _source_rejects"""
    )
    connection.unregister("_source_rejects")


def close_corrected(connection: duckdb.DuckDBPyConnection, staged: Staged, load: int) -> None:
    """Close the rejects that a corrected export names; its rows stand for them from now on."""
    if "_reject" in _column_names(connection, staged.source):
        connection.execute(
            f"""UPDATE admin.rejects SET closed = {load}, closed_as = 'corrected'
                WHERE closed IS NULL AND (id, "table") IN
                    (SELECT TRY_CAST(_reject AS BIGINT), _table FROM {staged.source})"""
        )


def close_replaced(connection: duckdb.DuckDBPyConnection, table: str, load: int) -> None:
    """Close rejects that wait for a reference: a full snapshot of their table speaks for them."""
    connection.execute(
        f"""UPDATE admin.rejects SET closed = {load}, closed_as = '{SUPERSEDED}'
            WHERE "table" = $table AND {_RETRIED}""",
        {"table": table},
    )


def count_retried(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Count, by table, the open rejects that failed on a reference."""
    rows = connection.execute(
        f'SELECT "table", count(*) FROM admin.rejects WHERE {_RETRIED} GROUP BY ALL'
    ).fetchall()
    return dict(rows)


def stage_retried(connection: duckdb.DuckDBPyConnection, table: Table, count: int) -> Staged:
    """Stage the open rejects of a table that failed on a reference, `count` of them.

    `_record` is the negated number of the reject, so that of two with one key the later is first.
    """
    columns = ", ".join(
        f"delivered->>{literal(name)} AS {quoted(name)}" for name in table.column_names
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE _retried AS"
        f" SELECT -id AS _record, {columns} FROM admin.rejects"
        f" WHERE \"table\" = '{table.name}' AND {_RETRIED}"
    )
    return Staged("rejects", table.name, "_retried", "_retried", table.column_names, count)


def _delivered(connection: duckdb.DuckDBPyConnection, table: Table, staged: Staged) -> str:
    """Select what was delivered for each canonical column of a typed row `t`, as JSON.

    It is read as text again, when it is tried again or comes back corrected. So a value of a typed
    source that fits its column is written as text would have it: a moment of midnight as the day.
    """
    described = connection.execute(f"DESCRIBE SELECT * FROM {staged.rows}").fetchall()
    typed = {name for name, type_, *_ in described if type_ not in {"VARCHAR", "JSON"}}
    items = []
    for column in table.columns:
        text, value = f"t.{quoted(raw(column))}", f"t.{quoted(column.name)}::VARCHAR"
        if column.name in typed and column.kind is not Kind.STRING:
            text = when(f"{text} IS NOT NULL", f"coalesce({value}, {text})")
        items.append(f"{literal(column.name)}, {text}")
    return f"json_object({', '.join(items)})"


def _raw_select(connection: duckdb.DuckDBPyConnection, staged: Staged) -> str:
    """Select `_record` and the whole record of a source as JSON, as it came."""
    names = [name for name in _column_names(connection, staged.source) if name != "_record"]
    items = ", ".join(f"{literal(name)}, {quoted(name)}::VARCHAR" for name in names)
    return f"SELECT _record, json_object({items})::VARCHAR AS raw FROM {staged.source}"


def _loader(staged: Staged) -> str:
    return "NULL" if staged.loader is None else literal(staged.loader)


def _column_names(connection: duckdb.DuckDBPyConnection, relation: str) -> list[str]:
    return [row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()]


def _next_id(connection: duckdb.DuckDBPyConnection) -> int:
    return one_number(connection, "SELECT coalesce(max(id), 0) FROM admin.rejects")

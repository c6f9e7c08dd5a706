"""Rows that were not accepted, as loading deals with them: kept, tried again, closed.

A reject stays open until it is corrected (`closed_as`: `corrected`, `accepted`), tried again with
success (`retried`), overtaken by what came later (`superseded`), `dismissed` by a person, or its
load taken back (`unloaded`). A row that was rejected before, and still is open or dismissed, is not
written a second time: `repeated` lists the loads that brought it again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from graphchannel.ingest.conform import open_end, raw
from graphchannel.ingest.special_rows import REVIEW, SUPERSEDED
from graphchannel.ingest.staged import Staged
from graphchannel.ingest.values.columns import is_plain, plain_value
from graphchannel.ingest.values.reading import need, when
from graphchannel.schema import Kind, Table
from graphchannel.text import literal, quoted

if TYPE_CHECKING:
    import duckdb

    from graphchannel.ingest.batch import Batch

RETRIED = "code = 'unknown_reference' AND closed IS NULL"
_EXPORTED = ("_record", "_reject", "_table", "_loader")  # no part of a record as it came


def keep_rejects(batch: Batch) -> None:
    """Write what is in `_bad` as rejects, and close the earlier ones that are settled now."""
    for index, staged in enumerate(batch.sources):
        if batch.number(
            f"SELECT count(*) FROM _bad JOIN _left USING (_row) WHERE _source = {index}"
        ):
            delivered = _delivered(batch.table, staged)
            batch.run(
                f"""CREATE OR REPLACE TEMP TABLE _rejected AS
                    SELECT row_number() OVER (ORDER BY _record) AS number, _record AS record,
                        b.col AS "column", b.code, b.reason, r.raw, {delivered} AS delivered
                    FROM _bad AS b JOIN _left AS t USING (_row)
                    LEFT JOIN ({raw_select(batch.connection, staged)}) AS r USING (_record)
                    WHERE _source = {index}"""
            )
            _write(batch.connection, staged, batch.load)
    if batch.retried:
        retried = len(batch.sources)
        _close(
            batch,
            SUPERSEDED,
            f"""SELECT -_record FROM _bad JOIN _left USING (_row) WHERE code = '{SUPERSEDED}'
            EXCEPT SELECT id FROM admin.rejects WHERE list_contains(repeated, {batch.load})""",
        )
        _close(batch, "retried", f"SELECT -_record FROM _final WHERE _source = {retried}")


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
        "CREATE OR REPLACE TEMP TABLE _rejected AS"
        " SELECT *, NULL::JSON AS delivered FROM _source_rejects"
    )
    connection.unregister("_source_rejects")
    _write(connection, staged, load)


def close_corrected(connection: duckdb.DuckDBPyConnection, staged: Staged, load: int) -> None:
    """Close the rejects that a corrected export names; its rows stand for them from now on.

    Of a record that a loader read, an export holds the record: rows of its tables close nothing.
    """
    names = _column_names(connection, staged.source)
    if not {"_reject", "_table"}.issubset(names):
        return
    by_loader = "_loader" if "_loader" in names else "NULL"
    same = 'r.loader IS NOT DISTINCT FROM s.loader AND (s.loader IS NOT NULL OR r."table" = s.name)'
    connection.execute(
        f"""UPDATE admin.rejects AS r SET closed = {load},
                closed_as = '{"accepted" if staged.confirmed else "corrected"}'
            FROM (SELECT unnest({numbers_in("_reject")}) AS number, _table AS name,
                    {by_loader} AS loader FROM {staged.source}) AS s
            WHERE r.closed IS NULL AND r.id = s.number AND {"true" if staged.confirmed else same}"""
    )


def numbers_in(column: str) -> str:
    """Read the numbers of rejects that a cell of an export names, such as `#3 #4`."""
    return f"TRY_CAST(regexp_extract_all({column}::VARCHAR, '[0-9]+') AS BIGINT[])"


def close_replaced(connection: duckdb.DuckDBPyConnection, table: str, load: int) -> None:
    """Close rejects that wait for a reference: a full snapshot of their table speaks for them."""
    connection.execute(
        f"""UPDATE admin.rejects SET closed = {load}, closed_as = '{SUPERSEDED}'
            WHERE "table" = $table AND {RETRIED}""",
        {"table": table},
    )


def close_arrived(batch: Batch, *, judged: bool) -> None:
    """Close earlier rejects under whose key a row was accepted now.

    A correction that is held is closed by another correction alone: that the stored row came once
    more decides nothing. `judged` tells that there are `_left`, `_bad` and `_final`.
    """
    waiting = f"""closed IS NULL AND "table" = '{batch.table.name}' AND load < {batch.load}
        AND delivered IS NOT NULL"""
    if not batch.number(f"SELECT count(*) FROM admin.rejects WHERE {waiting}"):
        return
    accepted, corrected = "true", "false"
    if judged:
        same = batch.same_key("o", "t")
        accepted = f"""NOT EXISTS (SELECT 1 FROM _bad JOIN _left AS o USING (_row)
            WHERE o._source = t._source AND o._record = t._record AND {same})"""
        corrected = f"EXISTS (SELECT 1 FROM _final AS o WHERE o._status = 'corrected' AND {same})"
    keys = ", ".join(
        f"{_delivered_key(batch.table, name)} AS {quoted(name)}" for name in batch.table.key
    )
    _close(
        batch,
        SUPERSEDED,
        f"""SELECT w._reject FROM _typed AS t
            JOIN (SELECT id AS _reject, code AS _code, {keys} FROM admin.rejects WHERE {waiting})
                AS w ON {batch.same_key("w", "t")}
            WHERE t._source < {len(batch.sources)} AND {accepted}
                AND (w._code <> '{REVIEW}' OR {corrected})""",
    )


def count_retried(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Count, by table, the open rejects that failed on a reference."""
    rows = connection.execute(
        f'SELECT "table", count(*) FROM admin.rejects WHERE {RETRIED} GROUP BY ALL'
    ).fetchall()
    return dict(rows)


def stage_retried(connection: duckdb.DuckDBPyConnection, table: Table, count: int) -> Staged:
    """Stage the open rejects of a table that failed on a reference, `count` of them.

    `_record` is the negated number of the reject, so that of two with one key the later is first.
    """
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE _retried AS SELECT -id AS _record, {delivered_again(table)}"
        f" FROM admin.rejects WHERE \"table\" = '{table.name}' AND {RETRIED}"
    )
    return Staged(
        "rejects", table.name, "_retried", "_retried", table.column_names, count, by_row=True
    )


def delivered_again(table: Table) -> str:
    """Select, of rejects, the canonical columns of a table as they were delivered."""
    columns = (f"delivered->>{literal(name)} AS {quoted(name)}" for name in table.column_names)
    return f"json_keys(delivered) AS _delivered, {', '.join(columns)}"


def _write(connection: duckdb.DuckDBPyConnection, staged: Staged, load: int) -> None:
    """Write the rows of `_rejected`, but for those that were rejected before and not settled."""
    loader = "NULL" if staged.loader is None else literal(staged.loader)
    known = f"""o.load < {load} AND o."table" = '{staged.table}'
        AND (o.closed IS NULL OR o.closed_as = 'dismissed')
        AND o.raw = n.raw AND o.code = n.code AND o."column" IS NOT DISTINCT FROM n."column\""""
    connection.execute(
        f"""UPDATE admin.rejects AS o SET repeated = list_append(o.repeated, {load})
            FROM (SELECT DISTINCT raw, code, "column" FROM _rejected) AS n WHERE {known};
        INSERT INTO admin.rejects
            SELECT (SELECT coalesce(max(id), 0) FROM admin.rejects)
                    + row_number() OVER (ORDER BY number),
                {load}, {literal(staged.file)}, record, '{staged.table}', "column", code, reason,
                raw, delivered, {loader}, [], NULL, NULL
            FROM _rejected AS n
            WHERE NOT EXISTS (SELECT 1 FROM admin.rejects AS o WHERE {known});
        DROP TABLE _rejected"""
    )


def _close(batch: Batch, status: str, numbers: str) -> None:
    batch.run(
        f"UPDATE admin.rejects SET closed = {batch.load}, closed_as = '{status}'"
        f" WHERE closed IS NULL AND id IN ({numbers})"
    )


def _delivered_key(table: Table, name: str) -> str:
    """Read a part of the key from what was delivered; what cannot be read is null, as no key is."""
    text, column = f"(delivered->>{literal(name)})", table.column(name)
    value = plain_value(need(column), text)
    if column.kind is not Kind.STRING:
        value = when(is_plain(need(column), text), value)
    closed = open_end(table, name)
    return value if closed is None else when(f"{text} IS NULL", closed, value)


def _delivered(table: Table, staged: Staged) -> str:
    """Select what was delivered for each canonical column of a typed row `t`, as JSON.

    It is read as text again, when it is tried again or comes back corrected, and then without the
    other values of its column. So a value that could be read is written in the one form that needs
    none of them, unless it came so: a midnight timestamp as the day, a decimal comma as a point.
    """
    items = []
    for column in table.columns:
        if column.name not in staged.columns:
            continue
        text, value = f"t.{quoted(raw(column))}", f"t.{quoted(column.name)}::VARCHAR"
        if column.kind is not Kind.STRING:
            other = f"{text} IS NOT NULL AND ({is_plain(need(column), text)}) IS NOT TRUE"
            text = when(other, f"coalesce({value}, {text})", text)
        items.append((literal(column.name), text))
    if not staged.by_row:
        return f"json_object({', '.join(f'{name}, {text}' for name, text in items)})"
    pairs = ", ".join(f"{{'name': {name}, 'text': {text}}}" for name, text in items)
    brought = "t._delivered IS NULL OR list_contains(t._delivered, pair.name)"
    return f"map_from_entries(list_filter([{pairs}], lambda pair: {brought}))::JSON"


def raw_select(connection: duckdb.DuckDBPyConnection, staged: Staged) -> str:
    """Select `_record` and the whole record of a source as JSON, `raw`, as it came."""
    if staged.raw is not None:
        return f"SELECT _record, raw FROM {staged.raw}"
    names = [name for name in _column_names(connection, staged.source) if name not in _EXPORTED]
    items = ", ".join(f"{literal(name)}, {quoted(name)}::VARCHAR" for name in names)
    return f"SELECT _record, json_object({items})::VARCHAR AS raw FROM {staged.source}"


def _column_names(connection: duckdb.DuckDBPyConnection, relation: str) -> list[str]:
    return [row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()]

"""Full snapshots: rows that a snapshot no longer has are withdrawn into history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.errors import InputError
from graphchannel.ingest.batch import same_key
from graphchannel.ingest.references import dangling
from graphchannel.schema import table
from graphchannel.text import quoted
from graphchannel.workspace import first_row, one_number

if TYPE_CHECKING:
    from collections.abc import Iterable

    import duckdb

    from graphchannel.ingest.batch import Batch
    from graphchannel.ingest.staged import Staged


def withdraw(batch: Batch) -> int:
    """Withdraw stored rows whose key is in none of the load's rows; return how many.

    A key whose new row was rejected keeps its stored row: a mistake in a file deletes nothing.
    """
    gone = f"NOT EXISTS (SELECT 1 FROM _typed AS t WHERE {batch.same_key('t', 'm')})"
    return withdraw_rows(batch.connection, batch.table.name, batch.load, gone)


def withdraw_rows(
    connection: duckdb.DuckDBPyConnection, name: str, load: int, condition: str
) -> int:
    """Move the stored rows `m` of a table for which a condition holds to history; return how many.

    The condition is looked at once, since it may depend on the rows that go.
    """
    columns = ", ".join(quoted(column) for column in table(name).column_names)
    key = ", ".join(quoted(column) for column in table(name).key)
    same = same_key(table(name), "m", "g")
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE _going AS
            SELECT {key} FROM main.{name} AS m WHERE {condition};
        INSERT INTO history.{name} SELECT {columns}, _load, {load} FROM main.{name} AS m
            SEMI JOIN _going AS g ON {same}"""
    )
    count = one_number(connection, f"DELETE FROM main.{name} AS m USING _going AS g WHERE {same}")
    connection.execute("DROP TABLE _going")
    return count


def refuse_unread(batch: Batch) -> None:
    """Raise InputError if a record cannot be told from any other: it may stand for any row."""
    for staged in batch.sources:
        if staged.rejects:
            first = staged.rejects[0]
            raise InputError(_unread(batch, staged, first.record, f"({first.reason.rstrip('.')})"))
    needed = [column.name for column in batch.table.columns if column.required]
    needed = [name for name in needed if name in {*batch.table.key, *batch.table.days}]
    empty = " OR ".join(f"{quoted(name)} IS NULL" for name in needed) or "false"
    row = first_row(
        batch.connection,
        f"""SELECT _source, _record FROM _typed WHERE ({empty}) AND _source < {len(batch.sources)}
            ORDER BY ALL LIMIT 1""",
    )
    if row is not None:
        why = f"(it has no {' and '.join(needed)} that can be read)"
        raise InputError(_unread(batch, batch.sources[row[0]], row[1], why))


def _unread(batch: Batch, staged: Staged, record: int, why: str) -> str:
    return (
        f"{staged.file}: record {record} cannot be read {why} and may be any row of "
        f"{batch.table.name}, so that nobody can tell which rows the file lacks. Nothing is "
        "loaded; correct the file, or load it without --replace and --period."
    )


def refuse_dangling(connection: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> None:
    """Raise InputError if a stored row refers to one of `tables` without finding its row there."""
    sentences = dangling(connection, tables)
    if sentences:
        raise InputError(
            f"The snapshot lacks rows that others still refer to: {'; '.join(sentences)}. Nothing "
            "is loaded; replace the referring tables in the same load, or keep the rows."
        )

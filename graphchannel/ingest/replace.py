"""Full snapshots: rows that a snapshot no longer has are withdrawn into history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.errors import InputError
from graphchannel.ingest.conform import quoted
from graphchannel.ingest.references import singular
from graphchannel.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable

    import duckdb

    from graphchannel.ingest.batch import Batch


def withdraw(batch: Batch) -> int:
    """Withdraw stored rows whose key is in none of the load's rows; return how many.

    A key whose new row was rejected keeps its stored row: a mistake in a file deletes nothing.
    """
    name = batch.table.name
    gone = f"NOT EXISTS (SELECT 1 FROM _typed AS t WHERE {batch.same_key('t', 'm')})"
    batch.run(
        f"INSERT INTO history.{name} SELECT {batch.columns}, _load, {batch.load}"
        f" FROM main.{name} AS m WHERE {gone}"
    )
    return batch.number(f"DELETE FROM main.{name} AS m WHERE {gone}")


def refuse_dangling(connection: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> None:
    """Raise InputError if a stored row refers to one of `tables` without finding its row there."""
    sentences = dangling(connection, tables)
    if sentences:
        raise InputError(
            f"The snapshot lacks rows that others still refer to: {'; '.join(sentences)}. Nothing "
            "is loaded; replace the referring tables in the same load, or keep the rows."
        )


def dangling(connection: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> list[str]:
    """Describe the references into `tables` that find no row, one phrase a column."""
    wanted = set(tables)
    sentences = []
    for table in TABLES:
        for column in table.columns:
            if not wanted & set(column.references):
                continue
            ids = " UNION ALL ".join(f"SELECT id FROM main.{name}" for name in column.references)
            value = quoted(column.name)
            row = connection.execute(
                f"""SELECT count(*), count(DISTINCT {value}), min({value}) FROM main.{table.name}
                    WHERE {value} IS NOT NULL AND {value} NOT IN ({ids})"""
            ).fetchone()
            if row is not None and row[0]:
                kind = " or ".join(singular(name) for name in column.references)
                rows = "row" if row[0] == 1 else "rows"
                more = f" and {row[1] - 1} more" if row[1] > 1 else ""
                sentences.append(
                    f"{row[0]} {rows} of {table.name} name {kind} '{row[2]}'{more} in {column.name}"
                )
    return sentences

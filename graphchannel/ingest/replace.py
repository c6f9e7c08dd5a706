"""Full snapshots: rows that a snapshot no longer has are withdrawn into history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.errors import InputError
from graphchannel.ingest.references import dangling

if TYPE_CHECKING:
    from collections.abc import Iterable

    import duckdb

    from graphchannel.ingest.batch import Batch
    from graphchannel.ingest.staged import Staged


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


def refuse_unread(sources: Iterable[Staged]) -> None:
    """Raise InputError if a record of a snapshot could not be read: it may stand for any row."""
    for staged in sources:
        if staged.rejects:
            first = staged.rejects[0]
            why = first.reason.rstrip(".")
            raise InputError(
                f"{staged.file}: record {first.record} cannot be read ({why}) and may be "
                f"any row of {staged.table}, so that nobody can tell which rows the snapshot "
                "lacks. Nothing is loaded; correct the file, or load it without --replace."
            )


def refuse_dangling(connection: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> None:
    """Raise InputError if a stored row refers to one of `tables` without finding its row there."""
    sentences = dangling(connection, tables)
    if sentences:
        raise InputError(
            f"The snapshot lacks rows that others still refer to: {'; '.join(sentences)}. Nothing "
            "is loaded; replace the referring tables in the same load, or keep the rows."
        )

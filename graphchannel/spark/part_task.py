"""The task that works on some parts of a query's rows, in a DuckDB of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.spark.line_rows import arrived, on_one_core, scratch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import duckdb
    import pyarrow as pa

__all__ = ["worked_part"]

_ROWS = "row_of_part"  # a table of the task's database


def worked_part(
    rows: Iterable[pa.RecordBatch],
    *,
    work: Callable[[duckdb.DuckDBPyConnection, str], pa.Table],
    given: pa.Schema,
    made: pa.Schema,
) -> Iterator[pa.RecordBatch]:
    """Yield what work makes of the rows of a task, in the types of `made`.

    It finds the rows in the types of `given`, as any other engine gives them.
    """
    reader = arrived(batch.cast(given) for batch in rows)
    if reader is None:
        return
    with scratch() as folder, on_one_core(folder / "part.duckdb") as connection:
        connection.register("_given_rows", reader)
        connection.execute(f"CREATE TEMP TABLE {_ROWS} AS FROM _given_rows")
        connection.unregister("_given_rows")
        yield from work(connection, _ROWS).cast(made).to_batches()

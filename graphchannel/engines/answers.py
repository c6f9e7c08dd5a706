"""Answers: put where the work on them goes on, and what is said where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.engines.base import SelectableRows
from graphchannel.errors import QueryTimeout, TooManyRows
from graphchannel.text import quoted

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from graphchannel.engines.base import Query

__all__ = ["put_rows", "too_many_rows", "too_slow"]

_HANDED = "engine_answer"  # what Arrow rows are called on their way into a temporary table


def put_rows(
    connection: duckdb.DuckDBPyConnection, query: Query, answer: pa.Table
) -> SelectableRows:
    """Put an answer into a temporary table, under the query's name until it is run again."""
    table = quoted(f"answer to {query.name}")
    # A caller may have fetched one row of a result that DuckDB still holds open for the rest.
    connection.execute("SELECT NULL").fetchall()
    connection.register(_HANDED, answer)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS FROM {_HANDED}")
    connection.unregister(_HANDED)
    return SelectableRows(table, {})


def too_many_rows(name: str, most: int) -> TooManyRows:
    """Say that a query returns more rows than it may."""
    return TooManyRows(
        f"{name}: the query returns more than {most} rows; narrow it with WHERE or LIMIT, or raise "
        "--max-rows."
    )


def too_slow(name: str, seconds: float) -> QueryTimeout:
    """Say that a query was stopped after its time."""
    return QueryTimeout(
        f"{name}: the query ran longer than {seconds:g} seconds and was stopped; narrow it, or "
        "raise --timeout."
    )

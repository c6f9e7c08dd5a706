"""Answers that come from elsewhere, put where the work on them goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.engines.base import SelectableRows

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from graphchannel.engines.base import Query

__all__ = ["put_rows"]

_HANDED = "engine_answer"  # what Arrow rows are called on their way into a temporary table


def put_rows(
    connection: duckdb.DuckDBPyConnection, query: Query, answer: pa.Table
) -> SelectableRows:
    """Put an answer into a temporary table, under the query's name until it is run again."""
    quoted = '"' + f"answer to {query.name}".replace('"', '""') + '"'
    # A caller may have fetched one row of a result that DuckDB still holds open for the rest.
    connection.execute("SELECT NULL").fetchall()
    connection.register(_HANDED, answer)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {quoted} AS FROM {_HANDED}")
    connection.unregister(_HANDED)
    return SelectableRows(quoted, {})

"""The Neo4j engine: a rule's own text, in a read transaction on a published graph.

Where the text leaves types or labels open, the declared ones are written into it: the published
graph holds more than that, for people's eyes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

from graphchannel.compiler import spelled_out, without_escapes
from graphchannel.engines.answers import put_rows, too_many_rows
from graphchannel.engines.duckdb import bound
from graphchannel.errors import EngineError
from graphchannel.neo4j.values import to_arrow
from graphchannel.schema import CHANNEL

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import duckdb
    import neo4j
    import pyarrow as pa

    from graphchannel.engines.base import Query, SelectableRows
    from graphchannel.neo4j.link import Link

__all__ = ["Neo4jEngine", "as_sent", "names_as_sent"]


@dataclass(frozen=True, slots=True)
class Neo4jEngine:
    """Queries on the server that `link` leads to.

    `connection` leads to the workspace: rows that a scan goes on to work with are put there.
    `timeout` is in seconds, kept by the server; None means the server's own limit.
    """

    link: Link
    connection: duckdb.DuckDBPyConnection
    timeout: float | None = None
    max_rows: int | None = None
    name: str = "neo4j"

    def run(self, query: Query, parameters: Mapping[str, object]) -> pa.Table:
        """Return all rows as Arrow, in the types that the compiler gave the columns."""
        from neo4j import unit_of_work  # noqa: PLC0415 - an extra

        given = bound(query.compiled.parameters, parameters)
        asked = replace(query, text=as_sent(query))
        reader = unit_of_work(timeout=self.timeout)(_ReadAttempt(asked, given, self.max_rows))
        with self.link.translated_errors(query.name), self.link.session() as session:
            rows = session.execute_read(reader)
        return to_arrow(rows, query.compiled.columns)

    def source(self, query: Query, parameters: Mapping[str, object]) -> SelectableRows:
        """Put the rows into a temporary table, under the query's name until it is run again."""
        return put_rows(self.connection, query, self.run(query, parameters))

    def on(self, connection: duckdb.DuckDBPyConnection) -> Self:
        """Return the same engine, which puts rows on another connection."""
        return replace(self, connection=connection)

    def close(self) -> None:
        """Close the connection to the server."""
        self.link.close()


def as_sent(query: Query) -> str:
    """Return the text for a server: it means the declared graph, and hides nothing."""
    return without_escapes(spelled_out(query.text, CHANNEL))


def names_as_sent(query: Query, keys: Collection[str]) -> list[str]:
    """Return what a server calls the columns: one without an alias as its text was sent."""
    names = (column.name for column in query.compiled.columns)
    return [name if name in keys else without_escapes(name) for name in names]


@dataclass(frozen=True, slots=True)
class _ReadAttempt:
    """One attempt at a query; the driver calls it again after a fault that may pass."""

    query: Query
    parameters: Mapping[str, object]
    max_rows: int | None

    def __call__(self, transaction: neo4j.ManagedTransaction) -> list[tuple[object, ...]]:
        result = transaction.run(self.query.text, dict(self.parameters))
        expected = names_as_sent(self.query, result.keys())
        if sorted(result.keys()) != sorted(expected):
            raise EngineError(
                f"{self.query.name}: Neo4j returns the columns {', '.join(result.keys())}; "
                f"expected {', '.join(expected)}."
            )
        rows: list[tuple[object, ...]] = []
        for record in result:
            rows.append(tuple(record[name] for name in expected))
            if self.max_rows is not None and len(rows) > self.max_rows:
                raise too_many_rows(self.query.name, self.max_rows)
        return rows

"""For teams that hold a `py2neo.Graph`: rules on it, and findings as its subgraphs.

py2neo is unmaintained since 2023; its last version is 2021.2.4. It still works with the servers
that the tests run on; new code uses the neo4j driver (`graphchannel.neo4j.engine`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

import duckdb
import py2neo
from interchange.time import Date
from py2neo.errors import ConnectionUnavailable, Neo4jError

from graphchannel.engines.answers import put_rows
from graphchannel.engines.duckdb import bound
from graphchannel.errors import EngineError
from graphchannel.neo4j.engine import as_sent, names_as_sent
from graphchannel.neo4j.parts import main_label
from graphchannel.neo4j.values import key_of, to_arrow
from graphchannel.neo4j.views import finding_query
from graphchannel.schema import CHANNEL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pyarrow as pa

    from graphchannel.engines.base import Query, SelectableRows
    from graphchannel.findings import Finding, Ref
    from graphchannel.workspace import Workspace

__all__ = ["Py2neoEngine", "engine_from", "subgraph"]


def engine_from(graph: py2neo.Graph, workspace: Workspace | None = None) -> Py2neoEngine:
    """Return an engine that runs rules and queries on a graph, reading only.

    `workspace` is the one that was published there; a scan needs it. The graph stays its owner's:
    closing the engine leaves it open.
    """
    return Py2neoEngine(graph, workspace.connection if workspace else duckdb.connect(":memory:"))


@dataclass(frozen=True, slots=True)
class Py2neoEngine:
    """An engine on a `py2neo.Graph`; rows that a scan works with are put on `connection`."""

    graph: py2neo.Graph
    connection: duckdb.DuckDBPyConnection
    name: str = "neo4j"

    def run(self, query: Query, parameters: Mapping[str, object]) -> pa.Table:
        """Return all rows as Arrow, in the types that the compiler gave the columns.

        Raises EngineError where the server cannot run the query.
        """
        given = bound(query.compiled.parameters, parameters)
        try:
            records = self.graph.query(as_sent(query), given)
            names = names_as_sent(query, records.keys())
            rows = [[record[name] for name in names] for record in records]
        except (Neo4jError, ConnectionUnavailable, OSError) as error:
            raise EngineError(f"{query.name}: Neo4j could not run the query: {error}") from error
        return to_arrow(rows, query.compiled.columns, plain=_plain)

    def source(self, query: Query, parameters: Mapping[str, object]) -> SelectableRows:
        """Put the rows into a temporary table, under the query's name until it is run again."""
        return put_rows(self.connection, query, self.run(query, parameters))

    def on(self, connection: duckdb.DuckDBPyConnection) -> Self:
        """Return the same engine, which puts rows on another connection."""
        return replace(self, connection=connection)

    def close(self) -> None:
        """Do nothing: the graph is somebody else's."""


def subgraph(finding: Finding, graph: py2neo.Graph | None = None) -> py2neo.Subgraph:
    """Return a finding as a subgraph.

    Without a graph: the finding and what it concerns, as new nodes with the labels and keys that
    `publish` writes. With the published graph: what its link into Neo4j Browser shows, bound to the
    graph.
    """
    if graph is not None:
        return _united(_entities(graph.query(finding_query(finding))))
    node = py2neo.Node(
        "Finding",
        fingerprint=finding.fingerprint,
        rule=finding.rule,
        severity=finding.severity,
        section=finding.section,
        message=finding.message,
        status=finding.status,
        lines=finding.lines,
        quantity=finding.quantity,
    )
    known = {table.name for table in CHANNEL.nodes}
    ends = [("subject", finding.subject), ("object", finding.object)]
    return _united(
        [
            node,
            *(
                py2neo.Relationship(node, "CONCERNS", _concerned(ref), **{"as": as_})
                for as_, ref in ends
                if ref is not None and ref.kind in known
            ),
        ]
    )


def _concerned(ref: Ref) -> py2neo.Node:
    return py2neo.Node(main_label(CHANNEL.node(ref.kind)), id=ref.id, name=ref.name)


def _entities(records: Any) -> Iterator[Any]:
    """Yield the nodes, relationships and paths of an answer, also those in lists."""
    for record in records:
        pending = list(record.values())
        while pending:
            value = pending.pop()
            if isinstance(value, list):
                pending += value
            elif isinstance(value, py2neo.Subgraph):
                yield value


def _united(parts: Any) -> py2neo.Subgraph:
    nodes: set[Any] = set()
    relationships: set[Any] = set()
    for part in parts:
        nodes.update(part.nodes)
        relationships.update(part.relationships)
    return py2neo.Subgraph(nodes, relationships)


def _plain(value: Any) -> Any:
    """Turn a value of py2neo into one of Python's own."""
    match value:
        case py2neo.Node() | py2neo.Relationship():
            return key_of(value)
        case py2neo.Path():
            return {
                "nodes": [key_of(node) for node in value.nodes],
                "relationships": [key_of(one) for one in value.relationships],
            }
        case list():
            return [_plain(item) for item in value]
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case Date():
            return value.to_native()
        case _:
            return value

"""What the slow, obvious interpreter finds in the cases of a rule, row by row."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from graphchannel.compiler import parse
from graphchannel.engines.parameters import policy_parameters
from graphchannel.schema import CHANNEL
from tests.compiler.reference.graph import Graph, Node, Relationship
from tests.compiler.reference.queries import run
from tests.rules.cases import is_prefixed, prefix

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import duckdb

    from graphchannel.rules.catalogue import Rule
    from graphchannel.schema import Endpoint, Filter, Property
    from tests.rules.cases import Batch

Record = dict[str, Any]


def interpreted(rule: Rule, batch: Batch, columns: Sequence[str]) -> Counter[tuple[Any, ...]]:
    """Return how often each row of these columns is an answer, each case by itself."""
    tree = parse(rule.text, rule.id)
    parameters: Any = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in policy_parameters(batch.catalogue.policy).items()
    } | {"as_of": batch.as_of}
    wanted: Counter[tuple[Any, ...]] = Counter()
    for graph in graphs(batch):
        answer = run(tree, graph, parameters)
        places = [answer.columns.index(name) for name in columns]
        wanted.update(hashable(row[place] for place in places) for row in answer.rows)
    return wanted


def hashable(row: Iterable[Any]) -> tuple[Any, ...]:
    """Return a row in which lists are tuples."""
    return tuple(tuple(value) if isinstance(value, list) else value for value in row)


def graphs(batch: Batch) -> list[Graph]:
    """Return the graph of each case: what has its prefix, and what has none."""
    connection = batch.workspace.connection
    nodes = {table.name: records(connection, table.relation) for table in CHANNEL.nodes}
    edges = [records(connection, table.relation) for table in CHANNEL.edges]
    return [_graph(prefix(number), nodes, edges) for number in range(len(batch.cases))]


def records(connection: duckdb.DuckDBPyConnection, relation: str) -> list[Record]:
    """Return the rows of a relation by column."""
    result = connection.execute(f"SELECT * FROM {relation}")
    columns = [column[0] for column in result.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]


def _graph(mine: str, nodes: dict[str, list[Record]], edges: list[list[Record]]) -> Graph:
    made: dict[tuple[str, str], Node] = {}
    for table in CHANNEL.nodes:
        for row in nodes[table.name]:
            if _belongs(row[table.key], mine):
                labels = {label for label, only in table.labels.items() if _passes(row, only)}
                values = _values(row, table.properties)
                made[table.name, row[table.key]] = Node(len(made), frozenset(labels), values)
    relationships: list[Relationship] = []
    for edge, rows in zip(CHANNEL.edges, edges, strict=True):
        for row in rows:
            source, target = _end(row, edge.source, made), _end(row, edge.target, made)
            if source is not None and target is not None:
                values = _values(row, edge.properties)
                made_edge = Relationship(len(relationships), edge.type, source, target, values)
                relationships.append(made_edge)
    return Graph(tuple(made.values()), tuple(relationships))


def _end(row: Record, end: Endpoint, made: dict[tuple[str, str], Node]) -> int | None:
    node = made.get((end.node, row[end.column]))
    return node.id if node else None


def _belongs(id_: str, mine: str) -> bool:
    return id_.startswith(mine) or not is_prefixed(id_)


def _passes(row: Record, only: Filter | None) -> bool:
    return only is None or (row[only.column] in only.values) is not only.negated


def _values(row: Record, properties: Mapping[str, Property]) -> Record:
    return {
        name: row[column.column]
        for name, column in properties.items()
        if row[column.column] is not None
    }

"""An in-memory graph as SQL tables, and the schema that describes them to the compiler.

One node table with a boolean column per label, one edge table per relationship type: the layout of
a user who knows nothing about the graph; or, the other extreme, a table per set of labels. Names
that only the query mentions are declared as well (a label no node carries, a type without
relationships, a property that is always null), as a schema would; otherwise every scenario about
missing things would be refused for a typo.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.schema.model import (
    EdgeTable,
    Endpoint,
    Filter,
    GraphSchema,
    Kind,
    NodeTable,
    Property,
)
from tests.compiler.agree.sql import Layout, SqlTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tests.compiler.reference.graph import Graph, Node, Relationship, Value

SQL_TYPES = {
    Kind.STRING: "VARCHAR",
    Kind.INTEGER: "BIGINT",
    Kind.FLOAT: "DOUBLE",
    Kind.BOOLEAN: "BOOLEAN",
    Kind.DATE: "DATE",
}
KINDS: Mapping[type, Kind] = {
    bool: Kind.BOOLEAN,
    int: Kind.INTEGER,
    float: Kind.FLOAT,
    str: Kind.STRING,
    dt.date: Kind.DATE,
}


class CannotLayOut(ValueError):
    """A graph holds what a table cannot; the message names it in a few words."""


@dataclass(frozen=True, slots=True)
class Names:
    """Labels, relationship types and properties that a query mentions."""

    labels: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    properties: frozenset[str] = frozenset()


def lay_out(graph: Graph, mentioned: Names, *, by_labels: bool = False) -> Layout:
    """Return the tables of `graph`; raise CannotLayOut for values that no column can hold.

    `by_labels` makes a node table for each set of labels instead of one with a column a label, and
    an edge table for each pair of node tables that a type connects.
    """
    groups = [*node_groups(graph, mentioned)] if by_labels else [Group("nodes", None, graph.nodes)]
    absent = mentioned.properties - {key for node in graph.nodes for key in node.properties}
    made = [lay_out_nodes(group, mentioned, absent) for group in groups]
    group_of = {node.id: group.name for group in groups for node in group.nodes}
    edges = [
        lay_out_edges(number, part, graph, mentioned)
        for number, part in enumerate(edge_parts(graph, mentioned, group_of, groups[0].name))
    ]
    schema = GraphSchema(tuple(t for t, _ in made), tuple(table for table, _ in edges))
    return Layout(schema, tuple(rows for _, rows in [*made, *edges]), keys_are_ids=True)


@dataclass(frozen=True, slots=True)
class Group:
    """The nodes of one table; `labels` are what all of them carry, None if labels are columns."""

    name: str
    labels: frozenset[str] | None
    nodes: Sequence[Node]


@dataclass(frozen=True, slots=True)
class Part:
    """The relationships of one table: one type, between two node tables."""

    type: str
    source: str
    target: str
    relationships: Sequence[Relationship]


def node_groups(graph: Graph, mentioned: Names) -> Iterator[Group]:
    """Yield a group for each set of labels, and an empty one for labels that no node carries."""
    sets = sorted({node.labels for node in graph.nodes}, key=sorted)
    carried = {label for labels in sets for label in labels}
    for number, labels in enumerate(sets):
        nodes = [node for node in graph.nodes if node.labels == labels]
        yield Group(f"nodes_{number}", labels, nodes)
    if not sets or mentioned.labels - carried:
        yield Group("nodes_absent", mentioned.labels - carried, ())


def edge_parts(
    graph: Graph, mentioned: Names, group_of: Mapping[int, str], first: str
) -> Iterator[Part]:
    """Yield the relationships of each type between each pair of node tables."""
    for name in sorted({r.type for r in graph.relationships} | mentioned.types):
        of_type = [r for r in graph.relationships if r.type == name]
        ends = sorted({(group_of[r.source], group_of[r.target]) for r in of_type})
        for source, target in ends or [(first, first)]:
            between = [
                r for r in of_type if (group_of[r.source], group_of[r.target]) == (source, target)
            ]
            yield Part(name, source, target, between)


def lay_out_nodes(
    group: Group, mentioned: Names, absent: frozenset[str]
) -> tuple[NodeTable, SqlTable]:
    """Return one node table."""
    labels = sorted({label for node in group.nodes for label in node.labels} | mentioned.labels)
    columns_of = {label: f"is_{number}" for number, label in enumerate(labels)}
    declared: dict[str, Filter | None] = {
        label: Filter(column, (True,)) for label, column in columns_of.items()
    }
    if group.labels is not None:
        declared = dict.fromkeys(sorted(group.labels))
        columns_of = {}
    properties = declare(group.nodes, absent)
    columns = (
        ("node_id", "BIGINT"),
        *((column, "BOOLEAN") for column in columns_of.values()),
        *((p.column, sql_type(p)) for p in properties.values()),
    )
    rows = tuple(
        (
            node.id,
            *(label in node.labels for label in columns_of),
            *(node.properties.get(key) for key in properties),
        )
        for node in group.nodes
    )
    relation = f"tck_{group.name}"
    table = NodeTable(group.name, relation, "node_id", properties, declared, Kind.INTEGER)
    return table, SqlTable(relation, columns, rows)


def lay_out_edges(
    number: int, part: Part, graph: Graph, mentioned: Names
) -> tuple[EdgeTable, SqlTable]:
    """Return one edge table, and the labels that all its ends carry."""
    relation = f"tck_edges_{number}"
    known = {key for r in graph.relationships for key in r.properties}
    properties = declare(part.relationships, mentioned.properties - known)
    columns = (
        ("edge_id", "BIGINT"),
        ("source_id", "BIGINT"),
        ("target_id", "BIGINT"),
        *((p.column, sql_type(p)) for p in properties.values()),
    )
    rows = tuple(
        (r.id, r.source, r.target, *(r.properties.get(key) for key in properties))
        for r in part.relationships
    )
    sources = [graph.node_by_id[r.source] for r in part.relationships]
    targets = [graph.node_by_id[r.target] for r in part.relationships]
    table = EdgeTable(
        type=part.type,
        relation=relation,
        key="edge_id",
        source=endpoint("source_id", part.source, sources),
        target=endpoint("target_id", part.target, targets),
        properties=properties,
        key_kind=Kind.INTEGER,
    )
    return table, SqlTable(relation, columns, rows)


def endpoint(column: str, table: str, nodes: Sequence[Node]) -> Endpoint:
    """Return one end, promising the labels that every node at this end carries."""
    always = frozenset.intersection(*(node.labels for node in nodes)) if nodes else frozenset()
    return Endpoint(column, table, dict.fromkeys(sorted(always)))


def declare(
    entities: Iterable[Node | Relationship], mentioned: frozenset[str]
) -> dict[str, Property]:
    """Return a property for each key that an entity has or the query mentions."""
    values: dict[str, list[Value]] = {key: [] for key in sorted(mentioned)}
    for entity in entities:
        for key, value in entity.properties.items():
            values.setdefault(key, []).append(value)
    return {
        key: Property(f"p_{number}", *kind_of(key, of_key))
        for number, (key, of_key) in enumerate(sorted(values.items()))
    }


def kind_of(key: str, values: Sequence[Value]) -> tuple[Kind, bool, bool]:
    """Return a property's kind, that it is nullable, and whether it holds lists."""
    lists = [value for value in values if isinstance(value, list)]
    if lists and len(lists) < len(values):
        raise CannotLayOut("mixed-type property")
    scalars = [item for value in lists for item in value] if lists else values
    seen = {type(value) for value in scalars}
    if len(seen) > 1:
        raise CannotLayOut("mixed-type property")
    if int in seen and any(abs(item) >= 2**63 for item in scalars if isinstance(item, int)):
        raise CannotLayOut("an integer beyond 64 bits")
    if seen and not seen <= KINDS.keys():
        raise CannotLayOut(f"property '{key}' of type {seen.pop().__name__}")
    return KINDS[seen.pop() if seen else str], True, bool(lists)


def sql_type(declared: Property) -> str:
    """Return the DuckDB type of a property's column."""
    return SQL_TYPES[declared.kind] + ("[]" if declared.list_of else "")

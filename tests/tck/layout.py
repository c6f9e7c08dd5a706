"""An in-memory graph as SQL tables, and the schema that describes them to the compiler.

One node table with a boolean column per label, one edge table per relationship type: the layout of
a user who knows nothing about the graph. Names that only the query mentions are declared as well
(a label no node carries, a type without relationships, a property that is always null), as a
schema would; otherwise every scenario about missing things would be refused for a typo.
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
    from collections.abc import Iterable, Mapping, Sequence

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


def lay_out(graph: Graph, mentioned: Names) -> Layout:
    """Return the tables of `graph`; raise CannotLayOut for values that no column can hold."""
    types = sorted({r.type for r in graph.relationships} | mentioned.types)
    edge_keys = {key for r in graph.relationships for key in r.properties}
    absent_on_edges = mentioned.properties - edge_keys
    node_table, node_rows = lay_out_nodes(graph, mentioned)
    edges = [
        lay_out_edges(
            number, name, [r for r in graph.relationships if r.type == name], graph, absent_on_edges
        )
        for number, name in enumerate(types)
    ]
    schema = GraphSchema((node_table,), tuple(table for table, _ in edges))
    return Layout(schema, (node_rows, *(rows for _, rows in edges)))


def lay_out_nodes(graph: Graph, mentioned: Names) -> tuple[NodeTable, SqlTable]:
    """Return the one node table."""
    labels = sorted({label for node in graph.nodes for label in node.labels} | mentioned.labels)
    properties = declare(graph.nodes, mentioned.properties)
    label_columns = {label: f"is_{number}" for number, label in enumerate(labels)}
    columns = (
        ("node_id", "BIGINT"),
        *((column, "BOOLEAN") for column in label_columns.values()),
        *((p.column, sql_type(p)) for p in properties.values()),
    )
    rows = tuple(
        (
            node.id,
            *(label in node.labels for label in labels),
            *(node.properties.get(key) for key in properties),
        )
        for node in graph.nodes
    )
    table = NodeTable(
        name="nodes",
        relation="tck_nodes",
        key="node_id",
        properties=properties,
        labels={label: Filter(column, (True,)) for label, column in label_columns.items()},
        key_kind=Kind.INTEGER,
    )
    return table, SqlTable("tck_nodes", columns, rows)


def lay_out_edges(
    number: int,
    name: str,
    relationships: Sequence[Relationship],
    graph: Graph,
    absent: frozenset[str],
) -> tuple[EdgeTable, SqlTable]:
    """Return the table of one relationship type, and the labels that all its ends carry."""
    relation = f"tck_edges_{number}"
    properties = declare(relationships, absent)
    columns = (
        ("edge_id", "BIGINT"),
        ("source_id", "BIGINT"),
        ("target_id", "BIGINT"),
        *((p.column, sql_type(p)) for p in properties.values()),
    )
    rows = tuple(
        (r.id, r.source, r.target, *(r.properties.get(key) for key in properties))
        for r in relationships
    )
    table = EdgeTable(
        type=name,
        relation=relation,
        key="edge_id",
        source=endpoint("source_id", [graph.node_by_id[r.source] for r in relationships]),
        target=endpoint("target_id", [graph.node_by_id[r.target] for r in relationships]),
        properties=properties,
        key_kind=Kind.INTEGER,
    )
    return table, SqlTable(relation, columns, rows)


def endpoint(column: str, nodes: Sequence[Node]) -> Endpoint:
    """Return one end, promising the labels that every node at this end carries."""
    always = frozenset.intersection(*(node.labels for node in nodes)) if nodes else frozenset()
    return Endpoint(column, "nodes", dict.fromkeys(sorted(always)))


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
    if seen and not seen <= KINDS.keys():
        raise CannotLayOut(f"property '{key}' of type {seen.pop().__name__}")
    return KINDS[seen.pop() if seen else str], True, bool(lists)


def sql_type(declared: Property) -> str:
    """Return the DuckDB type of a property's column."""
    return SQL_TYPES[declared.kind] + ("[]" if declared.list_of else "")

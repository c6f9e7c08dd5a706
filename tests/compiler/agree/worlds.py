"""Random graphs that fit a schema, as graph values and as the SQL rows that say the same.

Keys are unique where the schema promises it and nowhere else: in a node table, and among the tables
of a relationship type.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from types import MappingProxyType
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
from tests.compiler.reference.graph import Graph, Node, Relationship

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from random import Random

    from tests.compiler.reference.graph import Value

SQL_TYPES = MappingProxyType(
    {
        Kind.STRING: "VARCHAR",
        Kind.INTEGER: "BIGINT",
        Kind.FLOAT: "DOUBLE",
        Kind.BOOLEAN: "BOOLEAN",
        Kind.DATE: "DATE",
    }
)


WORDS = (
    *("a", "b", "ab", "abc", "Ab", "B c", "", "b1", "12", "-3", "7.5", "zeta", " x ", "Zeta"),
    *("a%", "_b", "a_b", "o'b", "x\\y", "\u00e9", "\u0416", "\U0001f600"),
)
DAYS = (
    dt.date(2023, 12, 31),
    dt.date(2024, 1, 31),
    dt.date(2024, 2, 29),
    dt.date(2024, 3, 1),
    dt.date(2025, 1, 1),
    dt.date(2021, 1, 3),
)
NULL_SHARES = (0.2, 0.2, 0.2, 0.7)  # some graphs hold hardly anything
LOOP_SHARES = (0.1, 0.1, 0.6)


def random_value(rng: Random, kind: Kind) -> Value:
    """Return a value of a kind out of a small range, so that values meet."""
    match kind:
        case Kind.INTEGER:
            return rng.randint(-3, 9)
        case Kind.FLOAT:
            # Quarters add up without rounding, whatever the order.
            return rng.randint(-8, 24) / 4
        case Kind.BOOLEAN:
            return rng.random() < 0.5
        case Kind.DATE:
            return rng.choice(DAYS)
        case _:
            return rng.choice(WORDS)


def random_property(rng: Random, declared: Property, key: int, nulls: float) -> Value:
    """Return a value for a property of the entity with this key, null in that share of cases."""
    if not declared.nullable:
        return key
    if rng.random() < nulls:
        return None
    if declared.list_of:
        return [random_value(rng, declared.kind) for _ in range(rng.randint(0, 4))]
    return random_value(rng, declared.kind)


Record = dict[str, "Value"]


class Growing:
    """A random graph while it is made: graph values and the SQL rows that say the same."""

    def __init__(self, rng: Random, schema: GraphSchema) -> None:
        self.rng = rng
        self.schema = schema
        self.nodes: list[Node] = []
        self.relationships: list[Relationship] = []
        self.node_rows: dict[str, list[Record]] = {table.name: [] for table in schema.nodes}
        self.edge_rows: dict[str, list[Record]] = {table.relation: [] for table in schema.edges}
        self.labels: dict[tuple[str, int], frozenset[str]] = {}
        self.node_ids: dict[tuple[str, int], int] = {}
        self.last_key: Counter[str] = Counter()
        self.nulls = rng.choice(NULL_SHARES)

    def key(self, among: str) -> int:
        """Return a key that nothing else among these has."""
        self.last_key[among] += 1
        return self.last_key[among]

    def add_node(self, table: NodeTable) -> None:
        """Add a node with random labels and properties."""
        key = self.key(table.name)
        row: Record = {"id": key}
        for condition in table.labels.values():
            if condition is not None and condition.column not in row:
                row[condition.column] = self.rng.choice(possible(table, condition.column))
        values = {
            n: random_property(self.rng, p, key, self.nulls) for n, p in table.properties.items()
        }
        row |= {p.column: values[name] for name, p in table.properties.items()}
        labels = frozenset(
            label for label, condition in table.labels.items() if passes(row, condition)
        )
        self.labels[table.name, key] = labels
        self.node_ids[table.name, key] = len(self.nodes)
        self.node_rows[table.name].append(row)
        self.nodes.append(Node(len(self.nodes), labels, without_nulls(values)))

    def ends(self, end: Endpoint) -> list[Record]:
        """Return the nodes that may stand at an end: those with the labels it promises."""
        promised = {label for label, condition in end.labels.items() if condition is None}
        rows = self.node_rows[end.node]
        return [row for row in rows if promised <= self.labels[end.node, key_of(row)]]

    def add_edge(self, table: EdgeTable, source: Record, target: Record) -> None:
        """Add a relationship with random properties between two nodes."""
        key = self.key(table.type)
        values = {
            n: random_property(self.rng, p, key, self.nulls) for n, p in table.properties.items()
        }
        row: Record = {
            "id": key,
            table.source.column: source["id"],
            table.target.column: target["id"],
            **{condition.column: self.rng.choice(condition.values) for condition in table.where},
            **{p.column: values[name] for name, p in table.properties.items()},
        }
        for prefix, end, node in (
            ("source_", table.source, source),
            ("target_", table.target, target),
        ):
            for condition in end.labels.values():
                if condition is not None:
                    row[condition.column] = node[condition.column.removeprefix(prefix)]
        self.edge_rows[table.relation].append(row)
        ends = (
            self.node_ids[table.source.node, key_of(source)],
            self.node_ids[table.target.node, key_of(target)],
        )
        number = len(self.relationships)
        self.relationships.append(Relationship(number, table.type, *ends, without_nulls(values)))

    def finish(self) -> tuple[Graph, Layout]:
        """Return the graph and its tables."""
        tables = [
            sql_table(table.relation, self.node_rows[table.name], node_columns(table))
            for table in self.schema.nodes
        ]
        for relation, rows in self.edge_rows.items():
            columns: dict[str, str] = {}
            for table in self.schema.edges:
                if table.relation == relation:
                    columns |= edge_columns(table)
            tables.append(sql_table(relation, rows, columns))
        graph = Graph(tuple(self.nodes), tuple(self.relationships))
        return graph, Layout(self.schema, tuple(tables))


def key_of(row: Record) -> int:
    """Return a row's key."""
    key = row["id"]
    return key if isinstance(key, int) else 0


def possible(table: NodeTable, column: str) -> list[str | bool]:
    """Return what a label's column can hold: the values of all its filters, and one more."""
    conditions = [c for c in table.labels.values() if c is not None and c.column == column]
    values = [value for condition in conditions for value in condition.values]
    return [True, False] if isinstance(values[0], bool) else [*values, "neither"]


def passes(row: Record, condition: Filter | None) -> bool:
    """Say whether a row passes a label's filter."""
    if condition is None:
        return True
    return (row[condition.column] in condition.values) is not condition.negated


def without_nulls(values: Record) -> Record:
    """Drop nulls: a property that is null does not exist."""
    return {name: value for name, value in values.items() if value is not None}


def node_columns(table: NodeTable) -> dict[str, str]:
    """Return a node table's columns with their SQL types."""
    columns = {"id": "BIGINT"}
    for condition in table.labels.values():
        columns |= filter_column(condition)
    return columns | property_columns(table.properties)


def edge_columns(table: EdgeTable) -> dict[str, str]:
    """Return the columns that an edge table needs of its relation."""
    columns = {"id": "BIGINT", table.source.column: "BIGINT", table.target.column: "BIGINT"}
    for condition in (
        *table.where,
        *table.source.labels.values(),
        *table.target.labels.values(),
    ):
        columns |= filter_column(condition)
    return columns | property_columns(table.properties)


def filter_column(condition: Filter | None) -> dict[str, str]:
    """Return the column of a filter."""
    if condition is None:
        return {}
    boolean = isinstance(condition.values[0], bool)
    return {condition.column: "BOOLEAN" if boolean else "VARCHAR"}


def property_columns(held: Mapping[str, Property]) -> dict[str, str]:
    """Return the columns of properties."""
    return {p.column: SQL_TYPES[p.kind] + ("[]" if p.list_of else "") for p in held.values()}


def sql_table(name: str, rows: Sequence[Record], columns: Mapping[str, str]) -> SqlTable:
    """Return a table with its rows in column order."""
    values = tuple(tuple(row.get(column) for column in columns) for row in rows)
    return SqlTable(name, tuple(columns.items()), values)


def random_graph(rng: Random, schema: GraphSchema, *, hub: int = 0) -> tuple[Graph, Layout]:
    """Return a small graph with nulls, self-loops, parallel edges, now and then empty tables.

    `hub` adds that many parallel relationships between one pair of nodes.
    """
    growing = Growing(rng, schema)
    for table in schema.nodes:
        for _ in range(0 if rng.random() < 0.03 else rng.randint(2, 6)):
            growing.add_node(table)
    loop_share = rng.choice(LOOP_SHARES)
    for edges in schema.edges:
        sources, targets = growing.ends(edges.source), growing.ends(edges.target)
        empty = rng.random() < 0.05 or not sources or not targets
        for _ in range(0 if empty else rng.randint(4, 12)):
            source = rng.choice(sources)
            loops = rng.random() < loop_share and source in targets
            growing.add_edge(edges, source, source if loops else rng.choice(targets))
    first = schema.edges[0]
    sources, targets = growing.ends(first.source), growing.ends(first.target)
    if hub and sources and targets:
        pair = rng.choice(sources), rng.choice(targets)
        for _ in range(hub):
            growing.add_edge(first, *pair)
    return growing.finish()

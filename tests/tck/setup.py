"""A small interpreter of the statements that set a scenario's graph up.

It understands what the TCK's `having executed` steps use: CREATE, and simple forms of MATCH, WHERE,
UNWIND, WITH and DELETE. Everything else raises NotationError, and the scenario is refused.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.compiler.reference.graph import Graph, Node, Relationship
from tests.tck.notation import NotationError, Tokens, read_labels, read_scalar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.compiler.reference.graph import Value

Row = dict[str, "Value"]


@dataclass(slots=True)
class Building:
    """A graph under construction."""

    nodes: dict[int, Node] = field(default_factory=dict)
    relationships: dict[int, Relationship] = field(default_factory=dict)
    next_id: int = 0

    def add_node(self, labels: frozenset[str], properties: Mapping[str, Value]) -> Node:
        """Create a node; properties that are null are not stored."""
        node = Node(self.next_id, labels, stored(properties))
        self.nodes[node.id] = node
        self.next_id += 1
        return node

    def add_relationship(
        self, name: str, source: Node, target: Node, properties: Mapping[str, Value]
    ) -> Relationship:
        """Create a relationship; properties that are null are not stored."""
        made = Relationship(self.next_id, name, source.id, target.id, stored(properties))
        self.relationships[made.id] = made
        self.next_id += 1
        return made

    def graph(self) -> Graph:
        """Return the finished graph."""
        return Graph(tuple(self.nodes.values()), tuple(self.relationships.values()))


def stored(properties: Mapping[str, Value]) -> dict[str, Value]:
    """Drop nulls: Cypher does not store them."""
    return {key: value for key, value in properties.items() if value is not None}


def execute(text: str, building: Building) -> None:
    """Apply the statements of `text` (separated by semicolons) to the graph being built."""
    tokens = Tokens(text)
    while tokens.peek().kind != "end":
        rows: list[Row] = [{}]
        while tokens.peek().kind != "end" and not tokens.takes(";"):
            rows = clause(tokens, rows, building)


def clause(tokens: Tokens, rows: list[Row], building: Building) -> list[Row]:
    """Run one clause over the rows so far."""
    word = tokens.take("name").text.upper()
    if word == "CREATE":
        return create(tokens, rows, building)
    if word == "MATCH":
        return match(tokens, rows, building)
    if word == "UNWIND":
        return unwind(tokens, rows)
    if word == "WITH":
        names = list(separated_names(tokens))
        return [{name: row[name] for name in names} for row in rows]
    if word == "DELETE":
        for name in separated_names(tokens):
            for row in rows:
                building.relationships.pop(relationship_id(row[name]), None)
        return rows
    raise NotationError(f"The setup clause {word} is not understood.")


def relationship_id(value: Value) -> int:
    """Return the id of a relationship; deleting anything else is not understood."""
    if not isinstance(value, Relationship):
        raise NotationError("Only relationships can be deleted here.")
    return value.id


def separated_names(tokens: Tokens) -> Iterator[str]:
    """Read `a, b, c`."""
    yield tokens.name()
    while tokens.takes(","):
        yield tokens.name()


def unwind(tokens: Tokens, rows: list[Row]) -> list[Row]:
    """Read `list AS name` and make one row an element."""
    start = tokens.position
    result: list[Row] = []
    for row in rows:
        tokens.position = start
        values = expression(tokens, row)
        keyword(tokens, "AS")
        name = tokens.name()
        if not isinstance(values, list):
            raise NotationError("UNWIND needs a list.")
        result += [{**row, name: value} for value in values]
    return result


def keyword(tokens: Tokens, word: str) -> None:
    """Take a keyword in any case."""
    if tokens.take("name").text.upper() != word:
        raise NotationError(f"Expected {word}.")


def sees_keyword(tokens: Tokens, word: str) -> bool:
    """Say whether a keyword comes next."""
    return tokens.peek().kind == "name" and tokens.peek().text.upper() == word


def create(tokens: Tokens, rows: list[Row], building: Building) -> list[Row]:
    """Read patterns and create, for each row, what they name and no row has bound yet."""
    start = tokens.position
    for row in rows:
        tokens.position = start
        create_pattern(tokens, row, building)
        while tokens.takes(","):
            create_pattern(tokens, row, building)
    return rows


def create_pattern(tokens: Tokens, row: Row, building: Building) -> None:
    """Create one chain of nodes and relationships."""
    here = create_node(tokens, row, building)
    while tokens.sees("-") or tokens.sees("<"):
        backward = tokens.takes("<")
        tokens.take(text="-")
        tokens.take(text="[")
        name = tokens.name() if tokens.peek().kind == "name" else None
        tokens.take(text=":")
        type_name = tokens.name()
        properties = read_properties(tokens, row)
        tokens.take(text="]")
        tokens.take(text="-")
        if not backward:
            tokens.take(text=">")
        there = create_node(tokens, row, building)
        ends = (there, here) if backward else (here, there)
        made = building.add_relationship(type_name, *ends, properties)
        if name:
            row[name] = made
        here = there


def create_node(tokens: Tokens, row: Row, building: Building) -> Node:
    """Create one node, or return the one that its variable is bound to."""
    tokens.take(text="(")
    name = tokens.name() if tokens.peek().kind == "name" else None
    labels = read_labels(tokens)
    properties = read_properties(tokens, row)
    tokens.take(text=")")
    bound = row.get(name) if name else None
    if isinstance(bound, Node):
        return bound
    node = building.add_node(labels, properties)
    if name:
        row[name] = node
    return node


def read_properties(tokens: Tokens, row: Row) -> dict[str, Value]:
    """Read a property map of expressions, or nothing."""
    properties: dict[str, Value] = {}
    if not tokens.takes("{"):
        return properties
    while not tokens.takes("}"):
        if properties:
            tokens.take(text=",")
        key = tokens.name()
        tokens.take(text=":")
        properties[key] = expression(tokens, row)
    return properties


def match(tokens: Tokens, rows: list[Row], building: Building) -> list[Row]:
    """Extend every row by each way in which the patterns match."""
    start = tokens.position
    result: list[Row] = []
    # Without rows the clause still has to be read, hence a round that is thrown away.
    for row in rows or [{}]:
        tokens.position = start
        found = match_pattern(tokens, row, building)
        while tokens.takes(","):
            at = tokens.position
            further: list[Row] = []
            for one in found or [{}]:
                tokens.position = at
                extended = match_pattern(tokens, one, building)
                further += extended if found else []
            found = further
        found = where(tokens, found)
        result += found if rows else []
    return result


def where(tokens: Tokens, rows: list[Row]) -> list[Row]:
    """Read `WHERE [NOT] name:Label`, if it is there, and keep the rows for which it holds."""
    if not sees_keyword(tokens, "WHERE"):
        return rows
    tokens.take()
    negated = sees_keyword(tokens, "NOT")
    if negated:
        tokens.take()
    name = tokens.name()
    labels = read_labels(tokens)
    if not labels:
        raise NotationError("Only label predicates are understood in a setup's WHERE.")
    return [row for row in rows if (labels <= node_of(row, name).labels) is not negated]


def node_of(row: Row, name: str) -> Node:
    """Return the node a variable is bound to."""
    node = row.get(name)
    if not isinstance(node, Node):
        raise NotationError(f"'{name}' is no node.")
    return node


def match_pattern(tokens: Tokens, row: Row, building: Building) -> list[Row]:
    """Match `(a:A)` or `(a:A)-[r:T]->(b)`: at most one hop, without properties."""
    first, first_labels = read_end(tokens)
    if not tokens.takes("-"):
        return [
            {**row, first: node}
            for node in building.nodes.values()
            if first_labels <= node.labels and row.get(first, node) is node
        ]
    tokens.take(text="[")
    name = tokens.name() if tokens.peek().kind == "name" else "  relationship"
    types = read_labels(tokens)
    for text in ("]", "-", ">"):
        tokens.take(text=text)
    last, last_labels = read_end(tokens)
    return [
        {**row, first: building.nodes[r.source], name: r, last: building.nodes[r.target]}
        for r in building.relationships.values()
        if (not types or r.type in types)
        and first_labels <= building.nodes[r.source].labels
        and last_labels <= building.nodes[r.target].labels
    ]


def read_end(tokens: Tokens) -> tuple[str, frozenset[str]]:
    """Read `(name:Label)`."""
    tokens.take(text="(")
    name = tokens.name() if tokens.peek().kind == "name" else f"  node {tokens.position}"
    labels = read_labels(tokens)
    tokens.take(text=")")
    return name, labels


def expression(tokens: Tokens, row: Row) -> Value:
    """Read and evaluate `term + term …`: all the arithmetic that setups do."""
    value = term(tokens, row)
    while tokens.takes("+"):
        other = term(tokens, row)
        value = added(value, other)
    return value


def added(a: Value, b: Value) -> Value:
    """Join two strings or add two integers."""
    if isinstance(a, str) and isinstance(b, str):
        return a + b
    if isinstance(a, int) and isinstance(b, int):
        return a + b
    raise NotationError("Only two strings or two integers are added here.")


def term(tokens: Tokens, row: Row) -> Value:
    """Read and evaluate a literal, list, map, variable, property or function call."""
    token = tokens.peek()
    if token.text == "[":
        return list(read_arguments(tokens, row, "[", "]"))
    if token.text == "{":
        return read_properties(tokens, row)
    if token.kind == "name" and tokens.peek(1).text == "(":
        return call(tokens.name().lower(), list(read_arguments(tokens, row, "(", ")")))
    if token.kind == "name" and token.text in row:
        value = row[tokens.name()]
        while tokens.takes("."):
            value = property_of(value, tokens.name())
        return value
    return read_scalar(tokens)


def property_of(value: Value, key: str) -> Value:
    """Return a property of a node, relationship or map; null if there is none."""
    if isinstance(value, Node | Relationship):
        return value.properties.get(key)
    if isinstance(value, dict):
        return value.get(key)
    raise NotationError(f"There is no '{key}' in {value!r}.")


def read_arguments(tokens: Tokens, row: Row, opening: str, closing: str) -> Iterator[Value]:
    """Read comma-separated expressions between two signs."""
    tokens.take(text=opening)
    first = True
    while not tokens.takes(closing):
        if not first:
            tokens.take(text=",")
        yield expression(tokens, row)
        first = False


def call(name: str, arguments: list[Value]) -> Value:
    """Evaluate the few functions that setups call on values this project can store."""
    match name, arguments:
        case "range", [int() as first, int() as last]:
            return list(range(first, last + 1))
        case "date", [str() as text]:
            return dt.date.fromisoformat(text)
        case "date", [{"year": int() as year, "month": int() as month, "day": int() as day}]:
            return dt.date(year, month, day)
        case _:
            raise NotationError(f"The function {name}() is not understood in a setup.")

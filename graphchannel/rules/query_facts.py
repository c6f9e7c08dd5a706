"""What a rule's syntax tree tells beyond its compiled form."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING

from graphchannel.compiler.syntax import (
    CountStar,
    FunctionCall,
    Item,
    LabelName,
    Match,
    NodePattern,
    PropertyAccess,
    RelationshipPattern,
    Return,
    Variable,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphchannel.compiler.syntax import Position, RegularQuery
    from graphchannel.schema import GraphSchema

__all__ = [
    "line_variable",
    "node_kinds",
    "returning_also",
    "returns_a_line_once",
    "untyped",
    "walk",
]


def node_kinds(query: RegularQuery, schema: GraphSchema) -> dict[str, str]:
    """Return, for each result column written as `x.id`, the node table of `x`.

    A column is left out where `x` has no single label in sight, or the parts of a UNION differ.
    """
    tables = {label: table.name for table in schema.nodes for label in table.labels}
    found: dict[str, set[str | None]] = {}
    for part in query.parts:
        labels = _labels(part)
        last = part.clauses[-1]
        if not isinstance(last, Return):
            continue
        for item in last.projection.items:
            expression = item.expression
            table = None
            if (
                isinstance(expression, PropertyAccess)
                and expression.name == "id"
                and isinstance(expression.subject, Variable)
            ):
                table = tables.get(labels.get(expression.subject.name, ""))
            found.setdefault(item.alias or item.text, set()).add(table)
    return {
        column: table
        for column, kinds in found.items()
        if len(kinds) == 1 and (table := next(iter(kinds))) is not None
    }


def returns_a_line_once(query: RegularQuery) -> bool:
    """Tell whether each relationship appears in at most one row: one MATCH of a single hop."""
    if len(query.parts) != 1 or len(query.parts[0].clauses) != 2:
        return False
    match = query.parts[0].clauses[0]
    if not isinstance(match, Match) or match.optional or len(match.patterns) != 1:
        return False
    hops = match.patterns[0].relationships
    return len(hops) == 1 and hops[0].hops is None and hops[0].direction != "both"


def untyped(query: RegularQuery) -> Position | None:
    """Return where the first relationship stands that names no type; None without one."""
    for node in walk(query):
        if isinstance(node, RelationshipPattern) and node.types is None:
            return node.at
    return None


def line_variable(query: RegularQuery) -> str | None:
    """Return the variable whose id is the column `shipment`, if RETURN could name more of it.

    None unless the query ends in a plain list of items, and the variable is that of one shipment.
    """
    last = query.parts[-1].clauses[-1]
    if len(query.parts) != 1 or not isinstance(last, Return):
        return None
    items = last.projection
    if items.star or items.distinct or items.order or items.skip or items.limit:
        return None
    if any(isinstance(node, FunctionCall | CountStar) for node in walk(items.items)):
        return None  # an aggregate would group by what is added
    for item in items.items:
        match item.expression:
            case PropertyAccess(subject=Variable(name=name), name="id"):
                if item.alias == "shipment" and name in _shipments(query.parts[0]):
                    return name
            case _:
                pass
    return None


def returning_also(
    query: RegularQuery, variable: str, properties: Mapping[str, str]
) -> RegularQuery:
    """Return the query with further columns, properties of a variable by the column's name.

    It is to end in a plain list of items (see `line_variable`).
    """
    part = query.parts[-1]
    last = part.clauses[-1]
    if not isinstance(last, Return):
        message = "a query without RETURN returns no columns"
        raise TypeError(message)
    at = last.at
    more = tuple(
        Item(at, PropertyAccess(at, Variable(at, variable), name), column, f"{variable}.{name}")
        for column, name in properties.items()
    )
    body = replace(last.projection, items=last.projection.items + more)
    clauses = (*part.clauses[:-1], replace(last, projection=body))
    return replace(query, parts=(*query.parts[:-1], replace(part, clauses=clauses)))


def _shipments(part: object) -> set[str]:
    """Return the variables of single relationships of the type of shipments in plain matches."""
    return {
        hop.variable
        for match in walk(part)
        if isinstance(match, Match) and not match.optional
        for pattern in match.patterns
        for hop in pattern.relationships
        if hop.variable and hop.hops is None and _is_shipment(hop.types)
    }


def _is_shipment(types: object) -> bool:
    return isinstance(types, LabelName) and types.name == "SUPPLIED"


def _labels(tree: object) -> dict[str, str]:
    """Return the first label that each variable is given anywhere in the tree."""
    labels: dict[str, str] = {}
    for node in walk(tree):
        if isinstance(node, NodePattern) and node.variable and isinstance(node.labels, LabelName):
            labels.setdefault(node.variable, node.labels.name)
    return labels


def walk(value: object) -> Iterator[object]:
    """Yield a tree's nodes and all other values in it, each before what is below it."""
    yield value
    if isinstance(value, tuple):
        for item in value:
            yield from walk(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from walk(getattr(value, field.name))

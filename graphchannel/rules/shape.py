"""What a rule's syntax tree tells beyond its compiled form."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING

from graphchannel.compiler.syntax import (
    LabelName,
    Match,
    NodePattern,
    PropertyAccess,
    Return,
    Variable,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphchannel.compiler.syntax import Query
    from graphchannel.schema import GraphSchema

__all__ = ["node_kinds", "returns_a_line_once"]


def node_kinds(query: Query, schema: GraphSchema) -> dict[str, str]:
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


def returns_a_line_once(query: Query) -> bool:
    """Tell whether each relationship appears in at most one row: one MATCH of a single hop."""
    if len(query.parts) != 1 or len(query.parts[0].clauses) != 2:
        return False
    match = query.parts[0].clauses[0]
    if not isinstance(match, Match) or match.optional or len(match.patterns) != 1:
        return False
    hops = match.patterns[0].relationships
    return len(hops) == 1 and hops[0].hops is None and hops[0].direction != "both"


def _labels(tree: object) -> dict[str, str]:
    """Return the first label that each variable is given anywhere in the tree."""
    labels: dict[str, str] = {}
    for node in _walk(tree):
        if isinstance(node, NodePattern) and node.variable and isinstance(node.labels, LabelName):
            labels.setdefault(node.variable, node.labels.name)
    return labels


def _walk(value: object) -> Iterator[object]:
    yield value
    if isinstance(value, tuple):
        for item in value:
            yield from _walk(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _walk(getattr(value, field.name))

"""Matching patterns: nested loops over nodes and relationships, a relationship at most once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from graphchannel.compiler import syntax
from tests.compiler.reference.evaluate import carries, evaluate, is_true
from tests.compiler.reference.graph import Node, Path, Relationship
from tests.compiler.reference.values import equals

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.compiler.reference.evaluate import Context, Row
    from tests.compiler.reference.graph import Graph, Value


class TooManySteps(Exception):
    """The query takes nested loops too long."""


@dataclass(frozen=True, slots=True)
class Partial:
    """A match so far: bindings, used relationships, and what each pattern element matched.

    `path` alternates nodes and relationships of the pattern being walked. Property maps and inline
    WHERE may mention variables that are bound later, so `pending` keeps them for the end.
    """

    row: Row
    used: frozenset[int]
    path: tuple[Node | Relationship, ...] = ()
    pending: tuple[tuple[syntax.NodePattern | syntax.RelationshipPattern, Value], ...] = ()


def match_patterns(
    patterns: Sequence[syntax.PathPattern], row: Row, context: Context
) -> Iterator[Row]:
    """Yield the row extended by each match of all patterns together."""
    found = iter([Partial(row, frozenset())])
    for pattern in patterns:
        found = walk_all(found, pattern, context)
    for partial in found:
        if all(fits(element, value, partial.row, context) for element, value in partial.pending):
            yield partial.row


def walk_all(
    partials: Iterator[Partial], pattern: syntax.PathPattern, context: Context
) -> Iterator[Partial]:
    """Extend each partial match by each way to walk one more pattern."""
    for partial in partials:
        start = replace(partial, path=())
        for done in selected(walk(start, pattern, 0, context), pattern, context):
            if pattern.variable is None:
                yield done
            else:
                nodes = tuple(step for step in done.path if isinstance(step, Node))
                relationships = tuple(step for step in done.path if isinstance(step, Relationship))
                path = Path(nodes, relationships)
                yield replace(done, row={**done.row, pattern.variable: path})


def selected(
    found: Iterator[Partial], pattern: syntax.PathPattern, context: Context
) -> Iterator[Partial]:
    """Yield what the pattern's SHORTEST takes of the ways between each two nodes.

    Only what passes the pattern's own conditions is a way; where some are as long, the first are
    taken.
    """
    if pattern.shortest is None:
        yield from found
        return
    ways: dict[tuple[int, int], list[Partial]] = {}
    for one in found:
        first, last = one.path[0], one.path[-1]
        if all(fits(element, value, one.row, context) for element, value in one.pending):
            ways.setdefault((first.id, last.id), []).append(one)
    count = pattern.shortest.count
    for between in ways.values():
        between.sort(key=lambda one: len(one.path))
        if pattern.shortest.groups:
            lengths = sorted({len(one.path) for one in between})[:count]
            yield from (one for one in between if len(one.path) in lengths)
        else:
            yield from between[:count]


def walk(
    partial: Partial, pattern: syntax.PathPattern, index: int, context: Context
) -> Iterator[Partial]:
    """Yield the ways to match the pattern's nodes from `index` on."""
    for here in at_node(partial, pattern.nodes[index], context):
        if index == len(pattern.relationships):
            yield here
            continue
        for there in over_hop(here, pattern.relationships[index], context):
            yield from walk(there, pattern, index + 1, context)


def at_node(partial: Partial, pattern: syntax.NodePattern, context: Context) -> Iterator[Partial]:
    """Yield the partial match standing on each node that the pattern allows.

    After a hop the path ends with the node that was reached, so only the first node of a pattern
    is looked for: among all nodes, or at the node its variable is bound to (nowhere, if to null).
    """
    candidates: Sequence[Node] = context.graph.nodes
    if partial.path:
        reached = partial.path[-1]
        candidates = (reached,) if isinstance(reached, Node) else ()
        partial = replace(partial, path=partial.path[:-1])
    if pattern.variable is not None and pattern.variable in partial.row:
        bound = partial.row[pattern.variable]
        only = [bound] if isinstance(bound, Node) else []
        starting = candidates is context.graph.nodes
        candidates = only if starting else [node for node in candidates if node in only]
    for node in candidates:
        if next(context.steps, None) is None:
            raise TooManySteps
        if pattern.labels is not None and not carries(pattern.labels, node.labels):
            continue
        if not has_constants(pattern.properties, node, context):
            continue
        named = {pattern.variable: node} if pattern.variable is not None else {}
        yield Partial(
            {**partial.row, **named},
            partial.used,
            (*partial.path, node),
            (*partial.pending, (pattern, node)),
        )


def over_hop(
    partial: Partial, pattern: syntax.RelationshipPattern, context: Context
) -> Iterator[Partial]:
    """Yield the partial match after the hop; its path then ends with the node reached."""
    for trail in trails(partial, pattern, context.graph):
        if not all(has_constants(pattern.properties, step[0], context) for step in trail):
            continue
        steps = tuple(entity for step in trail for entity in step)
        relationships = [relationship for relationship, _ in trail]
        value: Value = relationships[0] if pattern.hops is None else list(relationships)
        bound = pattern.variable in partial.row
        if bound and not same_binding(partial.row[str(pattern.variable)], value):
            continue
        named = {pattern.variable: value} if pattern.variable is not None else {}
        yield Partial(
            {**partial.row, **named},
            partial.used | {relationship.id for relationship in relationships},
            partial.path + steps,
            (*partial.pending, *((pattern, relationship) for relationship in relationships)),
        )


def same_binding(bound: Value, value: Value) -> bool:
    """Say whether a relationship variable bound earlier is what the pattern found again."""
    if isinstance(bound, list) and isinstance(value, list):
        return len(bound) == len(value) and all(a is b for a, b in zip(bound, value, strict=True))
    return bound is value


Step = tuple[Relationship, Node]


def trails(
    partial: Partial, pattern: syntax.RelationshipPattern, graph: Graph
) -> Iterator[tuple[Step, ...]]:
    """Yield the sequences of hops that one relationship pattern allows, without repeated ones."""
    minimum, maximum = 1, 1
    if pattern.hops is not None:
        minimum = 1 if pattern.hops.minimum is None else pattern.hops.minimum
        maximum = len(graph.relationships)
        if pattern.hops.maximum is not None:
            maximum = pattern.hops.maximum
    start = partial.path[-1]
    assert isinstance(start, Node)
    yield from extend((), start, partial.used, pattern, (minimum, maximum), graph)


def extend(  # noqa: PLR0917  a recursion carries its state
    trail: tuple[Step, ...],
    node: Node,
    used: frozenset[int],
    pattern: syntax.RelationshipPattern,
    bounds: tuple[int, int],
    graph: Graph,
) -> Iterator[tuple[Step, ...]]:
    """Yield the trail if it is long enough, then everything that continues it."""
    if bounds[0] <= len(trail) <= bounds[1]:
        yield trail
    if len(trail) >= bounds[1]:
        return
    for relationship, reached in hops(node, pattern, graph):
        if relationship.id not in used:
            longer = (*trail, (relationship, reached))
            yield from extend(longer, reached, used | {relationship.id}, pattern, bounds, graph)


def hops(node: Node, pattern: syntax.RelationshipPattern, graph: Graph) -> Iterator[Step]:
    """Yield the relationships that leave a node the way the pattern points; a self-loop once."""
    if pattern.direction in ("out", "both"):
        for relationship in graph.leaving[node.id]:
            if of_types(relationship, pattern):
                yield relationship, graph.node_by_id[relationship.target]
    if pattern.direction in ("in", "both"):
        for relationship in graph.arriving[node.id]:
            loop_again = pattern.direction == "both" and relationship.source == node.id
            if of_types(relationship, pattern) and not loop_again:
                yield relationship, graph.node_by_id[relationship.source]


def of_types(relationship: Relationship, pattern: syntax.RelationshipPattern) -> bool:
    """Say whether the relationship's type is one that the pattern names."""
    return pattern.types is None or carries(pattern.types, frozenset({relationship.type}))


def has_constants(
    properties: syntax.MapLiteral | syntax.ParameterReference | None,
    entity: Node | Relationship,
    context: Context,
) -> bool:
    """Say whether an entity has the literals of a property map.

    `fits` looks at all properties again, once every variable is bound. This only stops early: a
    hub's parallel relationships would make the walk quadratic.
    """
    entries = properties.entries if isinstance(properties, syntax.MapLiteral) else ()
    return all(
        equals(entity.properties.get(key), evaluate(value, {}, context)) is True
        for key, value in entries
        if isinstance(value, syntax.Literal)
    )


def fits(
    element: syntax.NodePattern | syntax.RelationshipPattern,
    value: Value,
    row: Row,
    context: Context,
) -> bool:
    """Say whether a matched entity has the pattern's properties and passes its inline WHERE."""
    assert isinstance(value, Node | Relationship)
    if element.properties is not None:
        wanted = evaluate(element.properties, row, context)
        assert isinstance(wanted, dict)
        if not all(equals(value.properties.get(k), v) is True for k, v in wanted.items()):
            return False
    return element.where is None or is_true(element.where, row, context)

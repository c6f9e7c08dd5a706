"""Conditions inside quantified paths: said of each repetition, as `all(… WHERE …)` says it.

`((a)-[r:T]->(b) WHERE r.x > 1){1,3}` is a path of one to three relationships, of each of which the
condition holds. A condition that is about one of `a`, `r` and `b` holds of all of them alike.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from graphchannel.compiler import syntax as s
from graphchannel.compiler.syntax.liveness import conjuncts, of_node
from graphchannel.errors import NotPortable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Part = Literal["first", "relationship", "second"]

UNNAMED = "\x00"  # no name that can be written


def repetitions(
    name: str,
    first: s.NodePattern,
    relationship: s.RelationshipPattern,
    second: s.NodePattern,
    where: s.Expression | None,
) -> tuple[s.Repetition, ...]:
    """Return the conditions of one repetition; raise NotPortable for one about two of its parts."""
    parts: dict[str, Part] = {}
    found: list[s.Repetition] = []
    named: tuple[tuple[Part, s.NodePattern | s.RelationshipPattern], ...] = (
        ("first", first), ("relationship", relationship), ("second", second)
    )  # fmt: skip
    for part, pattern in named:
        if pattern.variable is not None:
            parts[pattern.variable] = part
        variable = pattern.variable or UNNAMED
        own = _of_node(name, pattern) if isinstance(pattern, s.NodePattern) else ()
        found += [s.Repetition(part, variable, one) for one in own]
        if pattern.where is not None:
            found += [_about_one(name, parts, one) for one in conjuncts(pattern.where)]
    for one in conjuncts(where) if where is not None else ():
        found.append(_about_one(name, parts, one))
    return tuple(found)


def _of_node(name: str, node: s.NodePattern) -> Iterator[s.Expression]:
    """Yield what labels and properties of a node ask, as conditions."""
    subject = s.Variable(node.at, node.variable or UNNAMED)
    if node.labels is not None:
        yield s.HasLabels(node.at, subject, node.labels)
    if isinstance(node.properties, s.ParameterReference):
        raise not_repeated(name, node.at)
    for key, value in node.properties.entries if node.properties is not None else ():
        held = s.PropertyAccess(node.at, subject, key)
        yield s.ComparisonChain(node.at, (held, value), ("=",))


def _about_one(name: str, parts: dict[str, Part], condition: s.Expression) -> s.Repetition:
    mentioned = of_node(condition).attributes.keys() & parts.keys()
    if len(mentioned) != 1:
        raise not_repeated(name, condition.at)
    (variable,) = mentioned
    return s.Repetition(parts[variable], variable, condition)


def spelled(name: str, match: s.Match) -> s.Match:
    """Return a MATCH whose WHERE says what is asked of each repetition.

    Raises NotPortable where only the path as a whole could say it.
    """
    patterns, conditions = [], []
    for path in match.patterns:
        if any(one.repeated for one in path.relationships):
            path, said = _with_conditions(name, path)  # noqa: PLW2901 - the same path, with names
            conditions += said
        patterns.append(path)
    if not conditions:
        return match
    given = () if match.where is None else (match.where,)
    return replace(match, patterns=tuple(patterns), where=_all_of((*given, *conditions)))


def unsaid(name: str, path: s.PathPattern) -> s.PathPattern:
    """Return a path of a predicate; raise NotPortable where it has conditions inside."""
    for one in path.relationships:
        if one.repeated:
            raise not_repeated(name, one.at)
    return path


def _with_conditions(name: str, path: s.PathPattern) -> tuple[s.PathPattern, list[s.Expression]]:
    """Name the path and what is repeated; return what holds of all of them."""
    at, conditions = path.at, list[s.Expression]()
    if path.shortest is not None:
        raise not_repeated(name, at)
    whole = path.variable or f"{UNNAMED}p{at.line}:{at.column}"
    relationships = []
    for one in path.relationships:
        listed = one.variable or f"{UNNAMED}r{one.at.line}:{one.at.column}"
        for asked in one.repeated:
            if asked.part != "relationship" and len(path.relationships) > 1:
                raise not_repeated(name, one.at)
            source = _repeated(at, asked.part, whole, listed)
            where = asked.where
            conditions.append(s.Quantifier(where.at, "all", asked.variable, source, where))
        relationships.append(replace(one, variable=listed, repeated=()) if one.repeated else one)
    named = replace(path, variable=whole, relationships=tuple(relationships))
    return named, conditions


def _repeated(at: s.Position, part: Part, path: str, relationships: str) -> s.Expression:
    """Return the list of what a part was in each repetition."""
    if part == "relationship":
        return s.Variable(at, relationships)
    nodes = s.FunctionCall(at, "nodes", (s.Variable(at, path),))
    if part == "second":
        return s.Slice(at, nodes, s.Literal(at, 1), None)
    return s.Slice(at, nodes, s.Literal(at, 0), s.Literal(at, -1))


def _all_of(conditions: Iterable[s.Expression]) -> s.Expression:
    first, *others = conditions
    for one in others:
        first = s.Binary(one.at, "and", first, one)
    return first


def not_repeated(name: str, at: s.Position) -> NotPortable:
    """Return the refusal of a condition that no list of nodes or relationships can say."""
    return NotPortable(
        "a condition on several parts of a quantified path, or on one that stands beside others, "
        "is not portable; write one hop after the other, (a)-[r:T]->(b)-[s:T]->(c).",
        construct="a condition on several parts of a quantified path",
        line=at.line,
        column=at.column,
        name=name,
    )

"""Shortest paths: what may be asked of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.compiler import syntax as s
from graphchannel.compiler.patterns.label_conditions import demanded
from graphchannel.compiler.patterns.told_ends import literal_key, unequal
from graphchannel.compiler.syntax.liveness import conjuncts, of_node
from graphchannel.schema.model import Filter

if TYPE_CHECKING:
    from graphchannel.compiler.values.session import Session


def check_shortest(session: Session, match: s.Match, path: s.PathPattern) -> None:
    """Refuse what Neo4j answers in a way of its own, or not at all."""
    if path.shortest is None:
        return
    _check_ties(session, path.at, path.shortest)
    hops = path.relationships[0].hops
    if path.shortest.count > 1 and hops is not None and hops.maximum is None:
        raise session.refuse(  # ways that are not the shortest are tried one by one
            path.at,
            f"{path.shortest} without an upper bound",
            "give the path one, such as -[:TYPE]->{1,6}",
        )
    others = [one for one in match.patterns if one is not path and one.relationships]
    if others:
        raise session.refuse(
            path.at, "a shortest path beside other relationships", "match them in another MATCH"
        )
    if hops is not None and hops.minimum not in (None, 0, 1):
        raise session.refuse(path.at, "the least length of a shortest path", "leave it out")
    named = {path.variable, path.relationships[0].variable} - {None}
    if match.where is not None and named & of_node(match.where).attributes.keys():
        raise session.refuse(
            path.at, "a condition on a shortest path", "filter afterwards with WITH * WHERE …"
        )
    if not (_apart(match, path) or _unlike(session, match, path)):
        raise session.refuse(
            path.at,
            "a shortest path whose ends may be one node",
            "add WHERE a <> b, with names for both ends",
        )


def _check_ties(session: Session, at: s.Position, selector: s.Selector) -> None:
    """Refuse in a rule what may be any of several paths; say so of a question."""
    if selector.groups:
        return
    count = selector.count
    if count == 1 and not session.exploring:
        raise session.refuse(
            at, "shortestPath, which is any of the shortest paths,", "write allShortestPaths"
        )
    if not session.exploring:
        raise session.refuse(
            at,
            f"{selector}, which is any of those that are as long,",
            f"SHORTEST {count} GROUPS has all of the {count} shortest lengths",
        )
    if count == 1:
        session.note("shortestPath", "of several shortest paths it may be any")
    else:
        session.note(str(selector), "of several paths of one length it may be any")


def _apart(match: s.Match, path: s.PathPattern) -> bool:
    """Whether the two ends are different nodes for sure: Neo4j stops where they are not."""
    ends = frozenset(node.variable for node in path.nodes if node.variable is not None)
    if len(ends) < len(path.nodes):
        return False
    parts = conjuncts(match.where) if match.where is not None else ()
    return any(unequal(part) == ends for part in parts)


def _unlike(session: Session, match: s.Match, path: s.PathPattern) -> bool:
    """Whether no node can be both ends: their labels exclude each other, or their keys differ."""
    one, other = path.nodes
    keys = [_literal_key(match, node) for node in (one, other)]
    if None not in keys and keys[0] != keys[1]:
        return True
    for node in session.schema.nodes:
        conditions = [
            [node.labels.get(label, False) for label in demanded(end.labels)]
            for end in (one, other)
        ]
        held = [[c for c in each if c is not None] for each in conditions]
        if any(c is False for each in held for c in each):
            continue  # no node of this table is at that end
        if not any(_exclude(a, b) for a in held[0] for b in held[1]):
            return False
    return True


def _exclude(one: object, other: object) -> bool:
    if not (isinstance(one, Filter) and isinstance(other, Filter)):
        return False
    if one.column != other.column or one.negated or other.negated:
        return False
    return not set(one.values) & set(other.values)


def _literal_key(match: s.Match, node: s.NodePattern) -> object:
    """Return the `id` that a node is matched by, where it is written out; else None."""
    if isinstance(node.properties, s.MapLiteral):
        for name, value in node.properties.entries:
            if name == "id" and isinstance(value, s.Literal):
                return value.value
    for part in conjuncts(match.where) if match.where is not None else ():
        key = literal_key(part)
        if key is not None and key[0] == node.variable:
            return key[1].value
    return None

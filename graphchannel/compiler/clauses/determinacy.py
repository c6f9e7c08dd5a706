"""Whether an order is total: whether it says which row comes first whatever the engine.

Names depend on names: the properties of a node on the node, a node on its key, an aggregate on the
keys of its group, an item on what it is computed from. An order is total if all that is asked of a
row depends on its sort keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.compiler import syntax as s
from graphchannel.compiler import types as t
from graphchannel.compiler.functions import has_aggregate
from graphchannel.compiler.syntax.liveness import of_node
from graphchannel.compiler.values.context import fingerprint
from graphchannel.compiler.values.model import Entity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from graphchannel.compiler.values.representation import Scope
    from graphchannel.compiler.values.session import Session
    from graphchannel.errors import NotPortable

Items = "Sequence[tuple[str, s.Expression]]"


@dataclass(frozen=True, slots=True)
class Dependencies:
    """Which names of the rows depend on which others: each pair says that the second does."""

    pairs: tuple[tuple[frozenset[str], str], ...] = ()

    def closure(self, names: Iterable[str]) -> frozenset[str]:
        """Return all names that depend on these, themselves included."""
        known = set(names)
        growing = True
        while growing:
            growing = False
            for needed, name in self.pairs:
                if name not in known and needed <= known:
                    known.add(name)
                    growing = True
        return frozenset(known)

    def matched(self, match: s.Match) -> Dependencies:
        """Return the dependencies after a MATCH: a directed relationship fixes its two nodes."""
        pairs = list(self.pairs)
        for path in match.patterns:
            for i, hop in enumerate(path.relationships):
                if hop.variable is None or hop.hops is not None or hop.direction == "both":
                    continue
                ends = (node.variable for node in path.nodes[i : i + 2])
                pairs += [(frozenset({hop.variable}), name) for name in ends if name is not None]
        return Dependencies(tuple(pairs))

    def through(self, items: Sequence[tuple[str, s.Expression]]) -> Dependencies:
        """Return the dependencies after a projection, under the new names."""
        renamed: dict[str, list[str]] = {}
        for name, expression in items:
            if isinstance(expression, s.Variable):
                renamed.setdefault(expression.name, []).append(name)
        pairs = [
            (frozenset(renamed[one][0] for one in needed), alias)
            for needed, name in self.pairs
            if needed <= renamed.keys()
            for alias in renamed.get(name, ())
        ]
        for name, expression in items:
            used = of_node(expression).attributes.keys()
            plain = isinstance(expression, s.Variable) or has_aggregate(expression)
            if not plain and used <= renamed.keys():
                pairs.append((frozenset(renamed[one][0] for one in used), name))
        if any(has_aggregate(expression) for _, expression in items):
            keys = frozenset(name for name, e in items if not has_aggregate(e))
            pairs += [(keys, name) for name, e in items if has_aggregate(e)]
        return Dependencies(tuple(pairs))


@dataclass(frozen=True, slots=True)
class Fixed:
    """What a set of expressions fixes: names, and expressions as they are written."""

    names: frozenset[str]
    written: frozenset[object]

    def holds(self, expression: s.Expression) -> bool:
        """Whether the value of an expression is fixed."""
        if fingerprint(expression) in self.written:
            return True
        if has_aggregate(expression):
            return False
        return of_node(expression).attributes.keys() <= self.names


def fixed_by(
    session: Session, expressions: Iterable[s.Expression], scope: Scope, known: Dependencies
) -> Fixed:
    """Return what is fixed where these expressions have one value."""
    names, written = set[str](), set[object]()
    for expression in expressions:
        written.add(fingerprint(expression))
        match expression:
            case s.Variable(name=name):
                names.add(name)
            case s.PropertyAccess(subject=s.Variable(name=name), name=key) if _identifies(
                session, scope, name, key
            ):
                names.add(name)
            case _:
                pass
    return Fixed(known.closure(names), frozenset(written))


def _identifies(session: Session, scope: Scope, name: str, key: str) -> bool:
    """Whether a property is the key of the one table that an entity comes from."""
    entity = scope.get(name)
    if not isinstance(entity, Entity) or len(entity.type.tables) != 1:
        return False
    if isinstance(entity.type, t.NodeType):
        node = session.node(entity.type.tables[0])
        held, column = node.properties.get(key), node.key
    else:
        edge = session.edge(entity.type.tables[0])
        held, column = edge.properties.get(key), edge.key
    return held is not None and (held.column == column or held.unique)


def is_total(
    session: Session,
    projection: s.ProjectionBody,
    items: Sequence[tuple[str, s.Expression]],
    scope: Scope,
    known: Dependencies,
) -> bool:
    """Whether ORDER BY leaves no two different rows in one place."""
    by_name = dict(items)
    keys = [_meant(key.expression, by_name) for key in projection.order]
    if any(has_aggregate(expression) for _, expression in items):
        groups = [(name, e) for name, e in items if not has_aggregate(e)]
        fixed = fixed_by(session, keys, scope, known)
        return all(fixed.holds(expression) for _, expression in groups) or all(
            fingerprint(expression) in fixed.written for _, expression in items
        )
    fixed = fixed_by(session, keys, scope, known)
    return all(fixed.holds(expression) for _, expression in items)


def _meant(key: s.Expression, items: Mapping[str, s.Expression]) -> s.Expression:
    """Return the expression of an item where a sort key is its name."""
    if isinstance(key, s.Variable):
        return items.get(key.name, key)
    if isinstance(key, s.PropertyAccess) and isinstance(key.subject, s.Variable):
        item = items.get(key.subject.name)
        if isinstance(item, s.Variable):
            return s.PropertyAccess(key.at, item, key.name)
    return key


def names_fixed_by_order(
    session: Session,
    projection: s.ProjectionBody,
    items: Sequence[tuple[str, s.Expression]],
    scope: Scope,
    known: Dependencies,
) -> frozenset[str]:
    """Return the names of items that the order fixes, for a collect() in the next clause."""
    by_name = dict(items)
    keys = [_meant(key.expression, by_name) for key in projection.order]
    fixed = fixed_by(session, keys, scope, known)
    return frozenset(name for name, expression in items if fixed.holds(expression))


def not_total(
    session: Session,
    at: s.Position,
    projection: s.ProjectionBody,
    items: Sequence[tuple[str, s.Expression]],
) -> NotPortable:
    """Return the refusal of rows that are cut without a total order."""
    word = "LIMIT" if projection.limit is not None else "SKIP"
    if not projection.order:
        return session.refuse(
            at, f"{word} without ORDER BY", "add ORDER BY, else any rows may come"
        )
    names = ", ".join(name for name, _ in items)
    return session.refuse(
        at,
        f"{word} with an ORDER BY that leaves ties",
        f"order by a key as well, or by all that is returned: {names}",
    )

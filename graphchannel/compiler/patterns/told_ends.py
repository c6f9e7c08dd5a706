"""What earlier clauses tell of the ends of a shortest path, written into its MATCH.

People match both ends first, by their labels or keys, and the path between them in a clause of its
own. That the ends are two nodes is then known from where they were matched. What is written is true
there, so that no row comes or goes by it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial, reduce
from typing import TYPE_CHECKING

from graphchannel.compiler import syntax as s
from graphchannel.compiler.patterns.label_conditions import demanded
from graphchannel.compiler.syntax.liveness import conjuncts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["literal_key", "unequal", "with_ends_told"]


def with_ends_told(clauses: Sequence[s.Clause]) -> tuple[s.Clause, ...]:
    """Return the clauses of a query, those with shortest paths completed."""
    told, found = _Told(), list[s.Clause]()
    for clause in clauses:
        completed = clause
        match clause:
            case s.Match():
                beside = told.matched(clause)
                if any(path.shortest for path in clause.patterns):
                    completed = beside.onto(clause)
                told = told if clause.optional else beside
            case s.With():
                told = told.handed_on(clause)
            case _:
                pass
        found.append(completed)
    return tuple(found)


def literal_key(condition: s.Expression) -> tuple[str, s.Literal] | None:
    """Return the variable and the value of `variable.id = <value>`, where it is that."""
    match condition:
        case s.ComparisonChain(
            operands=(
                s.PropertyAccess(subject=s.Variable(name=name), name="id"),
                s.Literal() as value,
            ),
            operators=("=",),
        ):
            return name, value
        case _:
            return None


def unequal(condition: s.Expression) -> frozenset[str] | None:
    """Return the two variables of `a <> b`, where it is that."""
    match condition:
        case s.ComparisonChain(
            operands=(s.Variable(name=one), s.Variable(name=other)), operators=("<>",)
        ):
            return frozenset((one, other))
        case _:
            return None


@dataclass(frozen=True, slots=True)
class _Told:
    """Labels and keys of variables, and the pairs that are unequal."""

    labels: dict[str, frozenset[str]] = field(default_factory=dict)
    keys: dict[str, s.Literal] = field(default_factory=dict)
    apart: frozenset[frozenset[str]] = frozenset()

    def matched(self, match: s.Match) -> _Told:
        """Return what is told after a MATCH that is not optional."""
        labels = dict(self.labels)
        conditions = [match.where]
        for node in (node for path in match.patterns for node in path.nodes):
            conditions += [*_of_map(node), node.where]
            if node.variable is not None:
                labels[node.variable] = labels.get(node.variable, frozenset()) | frozenset(
                    demanded(node.labels)
                )
        return replace(self, labels=labels).where(conditions)

    def handed_on(self, clause: s.With) -> _Told:
        """Return what is told after a WITH, under the new names."""
        names: dict[str, str] = {}
        if clause.projection.star:
            names = {name: name for name in (*self.labels, *self.keys, *_flat(self.apart))}
        for item in clause.projection.items:
            if isinstance(item.expression, s.Variable):
                names[item.expression.name] = item.alias or item.expression.name
        kept = _Told(
            {names[name]: labels for name, labels in self.labels.items() if name in names},
            {names[name]: key for name, key in self.keys.items() if name in names},
            frozenset(
                frozenset(names[name] for name in pair)
                for pair in self.apart
                if pair <= names.keys()
            ),
        )
        return kept.where([clause.where])

    def where(self, conditions: Sequence[s.Expression | None]) -> _Told:
        """Return what is told where conditions hold."""
        keys, apart = dict(self.keys), set(self.apart)
        for condition in conditions:
            for part in conjuncts(condition) if condition is not None else ():
                if (key := literal_key(part)) is not None:
                    keys[key[0]] = key[1]
                if (pair := unequal(part)) is not None:
                    apart.add(pair)
        return replace(self, keys=keys, apart=frozenset(apart))

    def onto(self, match: s.Match) -> s.Match:
        """Return a MATCH with what is told of the ends of its shortest paths."""
        patterns = []
        conditions = [] if match.where is None else [match.where]
        for path in match.patterns:
            if path.shortest is None:
                patterns.append(path)
                continue
            nodes = tuple(self._labelled(node) for node in path.nodes)
            patterns.append(replace(path, nodes=nodes))
            conditions += self._conditions(path)
        where = reduce(partial(s.Binary, match.at, "and"), conditions) if conditions else None
        return replace(match, patterns=tuple(patterns), where=where)

    def _labelled(self, node: s.NodePattern) -> s.NodePattern:
        """Return a node of a path with the labels that it is known to carry."""
        known = self.labels.get(node.variable or "", frozenset())
        more = [s.LabelName(node.at, name) for name in sorted(known - set(demanded(node.labels)))]
        if not more:
            return node
        own = [] if node.labels is None else [node.labels]
        labels = [*own, *more]
        return replace(
            node, labels=labels[0] if len(labels) == 1 else s.LabelAnd(node.at, tuple(labels))
        )

    def _conditions(self, path: s.PathPattern) -> Iterator[s.Expression]:
        ends = [node.variable for node in path.nodes if node.variable is not None]
        for name in ends:
            if name in self.keys:
                key = s.PropertyAccess(path.at, s.Variable(path.at, name), "id")
                yield s.ComparisonChain(path.at, (key, self.keys[name]), ("=",))
        if frozenset(ends) in self.apart:
            both = tuple(s.Variable(path.at, name) for name in ends)
            yield s.ComparisonChain(path.at, both, ("<>",))


def _of_map(node: s.NodePattern) -> Iterator[s.Expression]:
    """Yield the properties that a pattern writes out as conditions."""
    if node.variable is not None and isinstance(node.properties, s.MapLiteral):
        for name, value in node.properties.entries:
            own = s.PropertyAccess(node.at, s.Variable(node.at, node.variable), name)
            yield s.ComparisonChain(node.at, (own, value), ("=",))


def _flat(pairs: frozenset[frozenset[str]]) -> Iterator[str]:
    return (name for pair in pairs for name in pair)

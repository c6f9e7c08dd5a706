"""What later clauses ask of each variable: computed from the end of the query to its beginning.

Rows carry a variable only while it is needed, and of a node only the properties that are asked for,
so that node tables are joined only where one of their columns is used. The answer may be too large
(names are followed, not scopes), never too small.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from graphchannel.compiler import syntax as s

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Attribute:
    """What a node or relationship is asked for.

    The property called `name`, or whether it is so labelled.
    """

    name: str
    label: bool = False


ALL_LABELS = Attribute("*", label=True)
ALL_PROPERTIES = Attribute("*")


@dataclass(frozen=True, slots=True)
class Liveness:
    """Which variables are needed, and what of them.

    `attributes` has an entry for each name that is needed. With `everything` all variables are.
    `indirect` is what is asked of entities inside lists and other expressions, whatever their name.
    """

    attributes: Mapping[str, frozenset[Attribute]]
    indirect: frozenset[Attribute] = frozenset()
    everything: bool = False

    def needs(self, name: str) -> bool:
        """Whether a variable is needed at all."""
        return self.everything or name in self.attributes

    def of(self, name: str) -> frozenset[Attribute]:
        """Return what is asked of a variable."""
        return self.attributes.get(name, frozenset()) | self.indirect

    def __or__(self, other: Liveness) -> Liveness:
        merged = dict(self.attributes)
        for name, attributes in other.attributes.items():
            merged[name] = merged.get(name, frozenset()) | attributes
        return Liveness(merged, self.indirect | other.indirect, self.everything or other.everything)


NOTHING = Liveness({})


def liveness_by_clause(
    clauses: tuple[s.Clause, ...], after: Liveness = NOTHING
) -> tuple[Liveness, ...]:
    """Return for each position what the clauses from there on ask for; one more than clauses."""
    result = [after]
    for clause in reversed(clauses):
        result.append(_before(clause, result[-1]))
    return tuple(reversed(result))


def of_query(query: s.RegularQuery) -> Liveness:
    """Return what a subquery, or a whole query, asks of the variables around it."""
    total = NOTHING
    for part in query.parts:
        total |= liveness_by_clause(part.clauses)[0]
    return total


def of_nested(query: s.RegularQuery) -> Liveness:
    """Return what a subquery asks of the variables around it: it sees them after WITH as well."""
    total = of_query(query)
    for part in query.parts:
        if any(isinstance(clause, s.With) for clause in part.clauses):
            total |= of_node(part.clauses)
    return total


def of_node(node: Any) -> Liveness:
    """Return what one syntax node, or a tuple of them, asks for."""
    total: dict[str, frozenset[Attribute]] = {}
    indirect: set[Attribute] = set()
    local: set[str] = set()
    everything = False
    for found in walk(node):
        if isinstance(found, s.Exists | s.CountSubquery | s.CollectSubquery):
            inner = of_nested(found.query)
            indirect |= inner.indirect
            everything |= inner.everything
            for name, attributes in inner.attributes.items():
                _add(total, name, attributes)
        elif isinstance(found, s.ListComprehension | s.Quantifier):
            local.add(found.variable)
        elif isinstance(found, s.Reduce):
            local |= {found.variable, found.total}
        else:
            owner, asked = _asked_by(found)
            if owner is not None:
                _add(total, owner, asked)
            else:
                indirect |= asked
    for name in local:
        indirect |= total.get(name, frozenset())
    return Liveness(total, frozenset(indirect), everything)


def _asked_by(node: Any) -> tuple[str | None, frozenset[Attribute]]:
    """Return the variable that a node mentions, and what it asks of it.

    What is asked of any other expression has no variable.
    """
    asked = frozenset[Attribute]()
    match node:
        case s.Variable():
            return node.name, asked
        case s.PropertyAccess():
            subject, asked = node.subject, frozenset({Attribute(node.name)})
        case s.HasLabels():
            subject, asked = node.subject, frozenset(_labels(node.labels))
        case s.FunctionCall(arguments=(only,)) if node.name.lower() == "labels":
            subject, asked = only, frozenset({ALL_LABELS})
        case s.FunctionCall(arguments=(only,)) if node.name.lower() in ("keys", "properties"):
            subject, asked = only, frozenset({ALL_PROPERTIES})
        case s.MapProjection(everything=True):
            subject, asked = node.subject, frozenset({ALL_PROPERTIES})
        case s.Index(index=s.Literal(value=str() as key)):
            subject, asked = node.subject, frozenset({Attribute(key)})
        case s.NodePattern() | s.RelationshipPattern() if node.variable is not None:
            return node.variable, frozenset(_asked_by_pattern(node))
        case s.PathPattern():
            return node.variable, asked
        case _:
            return None, asked
    return (subject.name if isinstance(subject, s.Variable) else None), asked


def walk(node: Any) -> Iterator[Any]:
    """Yield a syntax node and all below it, but do not enter the queries of EXISTS and COUNT."""
    if isinstance(node, tuple):
        for item in node:
            yield from walk(item)
    elif is_dataclass(node) and not isinstance(node, s.Position):
        yield node
        if not isinstance(node, s.Exists | s.CountSubquery | s.CollectSubquery):
            for field_name in _field_names(cast("Hashable", type(node))):
                yield from walk(getattr(node, field_name))


@cache
def _field_names(type_: Hashable) -> tuple[str, ...]:
    return tuple(
        f.name
        for f in fields(cast("type[s.Variable]", type_))
        if f.name not in {"at", "text", "name"}
    )


def _before(clause: s.Clause, after: Liveness) -> Liveness:
    match clause:
        case s.Match():
            return after | of_node(clause)
        case s.Unwind():
            passed = Liveness(
                after.attributes,
                after.indirect | after.attributes.get(clause.variable, frozenset()),
                after.everything,
            )
            return passed | of_node(clause.expression)
        case s.With():
            where = of_node(clause.where)
            return _through(clause.projection, after | where) | where
        case s.CallSubquery():
            return after | _called(clause, after)
    return _through(clause.projection, after)


def _called(clause: s.CallSubquery, after: Liveness) -> Liveness:
    """Return what a CALL asks of what it imports, itself and for what is asked of its rows."""
    total = of_nested(clause.query)
    returned = set[str]()
    for part in clause.query.parts:
        total |= liveness_by_clause(part.clauses, after)[0]
        last = part.clauses[-1]
        if isinstance(last, s.Return):
            returned |= {item.alias or item.text for item in last.projection.items}
    asked = [after.attributes.get(name, frozenset[Attribute]()) for name in returned]
    imported = dict.fromkeys(clause.imports or (), frozenset[Attribute]())
    indirect = frozenset[Attribute]().union(*asked) if len(clause.query.parts) > 1 else frozenset()
    return total | Liveness(imported, indirect, everything=clause.every)


def _through(projection: s.ProjectionBody, after: Liveness) -> Liveness:
    """Return what is asked before a projection: names are renamed back to what they stand for."""
    wanted = after | of_node(projection.order)
    result = of_node(projection)
    if projection.star:
        result |= Liveness(wanted.attributes, everything=True)
    indirect = wanted.indirect
    for item in projection.items:
        name = item.alias or item.text
        asked = wanted.attributes.get(name, frozenset())
        if isinstance(item.expression, s.Variable):
            result |= Liveness({item.expression.name: asked})
        else:
            indirect |= asked
    # ORDER BY and WHERE may use both old and new names: keep all that they mention
    return result | Liveness({}, indirect)


def _asked_by_pattern(pattern: s.NodePattern | s.RelationshipPattern) -> Iterator[Attribute]:
    if isinstance(pattern, s.NodePattern) and pattern.labels is not None:
        yield from _labels(pattern.labels)
    if isinstance(pattern.properties, s.MapLiteral):
        for key, _ in pattern.properties.entries:
            yield Attribute(key)


def _labels(labels: s.LabelExpression) -> Iterator[Attribute]:
    for found in walk(labels):
        if isinstance(found, s.LabelName):
            yield Attribute(found.name, label=True)


def _add(
    total: dict[str, frozenset[Attribute]], name: str, attributes: frozenset[Attribute]
) -> None:
    total[name] = total.get(name, frozenset()) | attributes


def conjuncts(condition: s.Expression) -> Iterator[s.Expression]:
    """Yield the operands of the outermost ANDs."""
    if isinstance(condition, s.Binary) and condition.operator == "and":
        yield from conjuncts(condition.left)
        yield from conjuncts(condition.right)
    else:
        yield condition

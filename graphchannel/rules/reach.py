"""How far the rows of a rule reach among lines, proved from the form of its query.

Some part of all lines is a *group* if no row of the rule comes of lines of two groups. When lines
change, rows of other groups stay what they are, as long as all else does. Three kinds of groups are
looked for, from small to large: a line by itself, the lines between two parties, and the lines of a
party. What holds a group together are variables of the query: the line, both parties, or one. They
hold it if each pattern over lines is tied to them, if each WITH hands them on, and if a column of
the result tells them. Nothing is said of a query of any other form: it may reach everywhere. The
groups of an analysis follow from how far it declares to reach: all lines of a product, those of a
party and a product, or the units of a product and a serial number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, NamedTuple

from graphchannel.compiler.syntax import (
    CallSubquery,
    LabelName,
    LabelOr,
    ListLiteral,
    Match,
    NodePattern,
    PathPattern,
    PropertyAccess,
    RegularQuery,
    RelationshipPattern,
    Return,
    Variable,
    With,
)
from graphchannel.rules.days_only import bounds_days
from graphchannel.rules.query_facts import walk
from graphchannel.rules.same_product import of_one_product

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphchannel.analysis.contract import Reach
    from graphchannel.compiler.syntax import LabelExpression, ProjectionBody, SingleQuery

__all__ = ["Group", "LineReach", "reach_of", "reach_of_analysis"]

Group = Literal["line", "pair", "party", "product", "unit"]

_LINE_ID = {"SUPPLIED": "id", "HANDED_OVER": "shipment_id"}  # types over lines → the line's id


@dataclass(frozen=True, slots=True)
class LineReach:
    """The groups of lines that a rule's rows are of.

    `column` is the one of the result that tells the group: `shipment`, that of the party, or
    `shipments`. A unit is told by the line and `serial`.
    `partners` tells that the party is a partner, `by_product` that its lines of each product are a
    group of their own, told by the line, or by the first of `shipments`. `days_only` tells that
    `$as_of` does nothing but leave out lines of later days.
    """

    group: Group
    column: str
    partners: bool
    days_only: bool
    by_product: bool = False


class _LineHop(NamedTuple):
    """A relationship of a pattern that stands for a line, and the variables of its ends."""

    variable: str | None
    type: str
    ends: frozenset[str | None]


class _UnprovableError(Exception):
    """Something in a query of which nothing is proved."""


def reach_of(query: RegularQuery) -> LineReach | None:
    """Return the smallest groups that are proved; None where a query may reach everywhere."""
    try:
        found = [_of_part(part) for part in query.parts]
    except _UnprovableError:
        return None
    if len({(one.group, one.column) for one in found}) != 1:
        return None
    first = found[0]
    partners = all(one.partners for one in found)
    product = all(one.by_product for one in found)
    lines = {hop.variable for path in _patterns(query) for hop in _hops(path)}
    return LineReach(first.group, first.column, partners, bounds_days(query, lines), product)


def reach_of_analysis(query: RegularQuery, reach: Reach) -> LineReach | None:
    """Return the groups of an analysis that declares how far it reaches; a query is its projection.

    Each row of the projection has to be of one line, and to tell its product.
    """
    lines = reach_of(query)
    if lines is None or lines.group != "line":
        return None
    for part in query.parts:
        names = {hop.variable for path in _patterns(part) for hop in _hops(path)}
        if not any(name and _returns(part, "product", name, "product_id") for name in names):
            return None
    match reach:
        case "product":
            return replace(lines, group="product", column="shipments")
        case "subject":
            return replace(lines, group="party", column="subject", partners=True, by_product=True)
        case "unit":
            return replace(lines, group="unit")


def _of_part(part: SingleQuery) -> LineReach:
    _refuse_odd(part)
    hops = [hop for pattern in _patterns(part) for hop in _hops(pattern)]
    if not hops:
        raise _UnprovableError
    return _line(part, hops) or _pair(part, hops) or _party(part, hops) or _nothing()


def _nothing() -> LineReach:
    raise _UnprovableError


def _line(part: SingleQuery, hops: Sequence[_LineHop]) -> LineReach | None:
    """Rows of a line by itself: there is one pattern over lines."""
    if len(hops) != 1 or hops[0].variable is None:
        return None
    found = _shipment(part, hops) and _handed_on(part, {hops[0].variable})
    return LineReach("line", "shipment", partners=False, days_only=False) if found else None


def _pair(part: SingleQuery, hops: Sequence[_LineHop]) -> LineReach | None:
    """Rows of the lines between two parties, whoever sold: all patterns have the same ends."""
    ends = {hop.ends for hop in hops}
    both = next(iter(ends)) - {None}
    if len(ends) != 1 or len(both) != 2:
        return None
    names = {name for name in both if name is not None}
    held = names <= _bound_first(part) and _handed_on(part, names)
    if not (held and _shipment(part, hops)):
        return None
    product = _of_one_product(part, hops)
    return LineReach("pair", "shipment", partners=False, days_only=False, by_product=product)


def _party(part: SingleQuery, hops: Sequence[_LineHop]) -> LineReach | None:
    """Rows of the lines of one party: it is at an end of each pattern, and in the result."""
    shared = frozenset.intersection(*(hop.ends for hop in hops)) & _bound_first(part)
    for name in sorted(name for name in shared if name is not None):
        for column in ("subject", "object"):
            if _returns(part, column, name, "id") and _handed_on(part, {name}):
                return LineReach(
                    "party",
                    column,
                    partners=_is_partner(part, name),
                    days_only=False,
                    by_product=_first_is_line(part, hops) and _of_one_product(part, hops),
                )
    return None


def _of_one_product(part: SingleQuery, hops: Sequence[_LineHop]) -> bool:
    names = {hop.variable for hop in hops if hop.variable}
    return all(hop.variable for hop in hops) and of_one_product(part, names)


def _first_is_line(part: SingleQuery, hops: Sequence[_LineHop]) -> bool:
    """Tell whether the first of the column `shipments` is the id of a line."""
    last = part.clauses[-1]
    if not isinstance(last, Return):
        return False
    lines = {hop.variable for hop in hops if hop.type == "SUPPLIED"}
    for item in last.projection.items:
        match item.expression:
            case ListLiteral(items=(PropertyAccess(subject=Variable(name=name), name="id"), *_)):
                if item.alias == "shipments" and name in lines:
                    return True
    return False


def _patterns(tree: object) -> Iterator[PathPattern]:
    return (node for node in walk(tree) if isinstance(node, PathPattern))


def _hops(pattern: PathPattern) -> Iterator[_LineHop]:
    """Yield the hops of a pattern that stand for lines."""
    for place, hop in enumerate(pattern.relationships):
        names = _types(hop.types)
        if not names & set(_LINE_ID):
            continue
        several = hop.hops is not None or hop.quantified or pattern.shortest is not None
        if len(names) > 1 or several:
            raise _UnprovableError
        ends = (pattern.nodes[place].variable, pattern.nodes[place + 1].variable)
        yield _LineHop(hop.variable, next(iter(names)), frozenset(ends))


def _types(types: LabelExpression | None) -> set[str]:
    """Return the names of the types that a relationship can have."""
    match types:
        case LabelName(name=name):
            return {name}
        case LabelOr(operands=operands):
            return {name for one in operands for name in _types(one)}
    raise _UnprovableError


def _refuse_odd(part: SingleQuery) -> None:
    """Refuse what cuts rows by their number, and nested queries of another form than matches."""
    for node in walk(part):
        if isinstance(node, CallSubquery):
            raise _UnprovableError
        if isinstance(node, RegularQuery) and not all(
            isinstance(clause, Match) for one in node.parts for clause in one.clauses
        ):
            raise _UnprovableError
        if isinstance(node, NodePattern | RelationshipPattern) and any(_patterns(node.where)):
            raise _UnprovableError
    for body in _projections(part):
        if body.star or body.skip is not None or body.limit is not None:
            raise _UnprovableError


def _projections(part: SingleQuery) -> Iterator[ProjectionBody]:
    return (one.projection for one in part.clauses if isinstance(one, With | Return))


def _bound_first(part: SingleQuery) -> set[str]:
    """Return the nodes that the first clause binds: from there on their names mean them alone."""
    first = part.clauses[0]
    if not isinstance(first, Match) or first.optional:
        return set()
    return {node.variable for pattern in first.patterns for node in pattern.nodes if node.variable}


def _handed_on(part: SingleQuery, names: set[str]) -> bool:
    """Tell whether each WITH hands variables on under their names."""
    return all(
        names <= {_plain(item.expression, item.alias) for item in clause.projection.items}
        for clause in part.clauses
        if isinstance(clause, With)
    )


def _plain(expression: object, alias: str | None) -> str | None:
    name = expression.name if isinstance(expression, Variable) else None
    return name if alias in (None, name) else None


def _shipment(part: SingleQuery, hops: Sequence[_LineHop]) -> bool:
    """Tell whether the column `shipment` is the id of a line that a plain match binds."""
    matched = [one for one in part.clauses if isinstance(one, Match) and not one.optional]
    plain = {hop for one in matched for path in one.patterns for hop in _hops(path)}
    return any(
        hop.variable is not None and _returns(part, "shipment", hop.variable, _LINE_ID[hop.type])
        for hop in plain & set(hops)
    )


def _returns(part: SingleQuery, column: str, variable: str, name: str) -> bool:
    """Tell whether a column of the result is a property of a variable."""
    last = part.clauses[-1]
    if not isinstance(last, Return):
        return False
    for item in last.projection.items:
        match item.expression:
            case PropertyAccess(subject=Variable(name=own), name=property_):
                if (item.alias, own, property_) == (column, variable, name):
                    return True
    return False


def _is_partner(part: SingleQuery, name: str) -> bool:
    first = part.clauses[0]
    return isinstance(first, Match) and any(
        node.variable == name
        and isinstance(node.labels, LabelName)
        and node.labels.name == "Partner"
        for pattern in first.patterns
        for node in pattern.nodes
    )

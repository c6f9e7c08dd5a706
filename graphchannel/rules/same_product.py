"""Whether all lines that a row of a query comes of are of one product, proved from its form.

Each pattern over lines but one has, in the WHERE of its own MATCH, an equality of its product with
that of another, or its unit is one of that line; so all of them hang together. No WITH puts rows of
several products together: each hands on a line, or its product.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.compiler.syntax import (
    Binary,
    ComparisonChain,
    CountStar,
    FunctionCall,
    Match,
    PropertyAccess,
    Return,
    Variable,
    With,
)
from graphchannel.rules.query_facts import walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from graphchannel.compiler.syntax import Expression, Item, SingleQuery

__all__ = ["of_one_product"]


def of_one_product(part: SingleQuery, lines: AbstractSet[str]) -> bool:
    """Tell whether it is proved of a query; `lines` are its variables over lines and units."""
    known = _products(part, lines)
    tied = {name: list(_ties(part, name, known)) for name in lines}
    once = [name for name in sorted(lines) if len(tied[name]) == 1]
    roots = [name for name in once if not tied[name][0]] or once
    reached = set(roots[:1])
    while more := {name for name in lines - reached if _all_meet(tied[name], reached)}:
        reached |= more
    return reached == lines and all(_keeps(clause, lines, known) for clause in part.clauses)


def _all_meet(ties: list[set[str]], reached: AbstractSet[str]) -> bool:
    return bool(ties) and all(others & reached for others in ties)


def _products(part: SingleQuery, lines: AbstractSet[str]) -> dict[str, str]:
    """Return the names that stand for the product of a line, by name the line's variable."""
    known: dict[str, str] = {}
    others: set[str] = set()
    for clause in part.clauses:
        if isinstance(clause, With):
            for item in clause.projection.items:
                name = item.alias or item.text
                line = _line_of(item.expression, {})
                if line in lines and line is not None and item.alias:
                    others |= {name} if known.get(name, line) != line else set()
                    known[name] = line
                elif not (isinstance(item.expression, Variable) and item.expression.name == name):
                    others.add(name)
    return {name: line for name, line in known.items() if name not in others}


def _line_of(expression: object, known: Mapping[str, str]) -> str | None:
    """Return the line whose product an expression is."""
    match expression:
        case PropertyAccess(subject=Variable(name=name), name="product_id"):
            return name
        case Variable(name=name):
            return known.get(name)
    return None


def _ties(part: SingleQuery, line: str, known: Mapping[str, str]) -> Iterator[set[str]]:
    """Yield, for each MATCH that binds a line, the lines to whose product it ties its own."""
    for clause in walk(part):
        if isinstance(clause, Match) and line in _bound(clause):
            found: set[str | None] = set()
            for one, other in _equalities(clause.where):
                for left, right in ((one, other), (other, one)):
                    found.add(_line_of_unit(left, right, line))
                    if _line_of(left, {}) == line:
                        found.add(_line_of(right, known))
            yield {name for name in found if name not in (None, line)}


def _line_of_unit(left: object, right: object, line: str) -> str | None:
    """Return the line of which a unit is one, if that is what an equality says."""
    match (left, right):
        case (
            PropertyAccess(subject=Variable(name=unit), name="shipment_id"),
            PropertyAccess(subject=Variable(name=other), name="id"),
        ) if unit == line:
            return other
    return None


def _bound(clause: Match) -> set[str]:
    return {hop.variable for path in clause.patterns for hop in path.relationships if hop.variable}


def _equalities(where: Expression | None) -> Iterator[tuple[Expression, Expression]]:
    """Yield the equalities that hold wherever a condition does."""
    if isinstance(where, Binary) and where.operator == "and":
        yield from _equalities(where.left)
        yield from _equalities(where.right)
    elif isinstance(where, ComparisonChain) and where.operators == ("=",):
        yield where.operands[0], where.operands[1]


def _keeps(clause: object, lines: AbstractSet[str], known: Mapping[str, str]) -> bool:
    """Tell whether a clause leaves rows of several products apart."""
    if isinstance(clause, Return):
        return not any(isinstance(one, FunctionCall | CountStar) for one in walk(clause))
    if isinstance(clause, With):
        return any(_tells(item, lines, known) for item in clause.projection.items)
    return True


def _tells(item: Item, lines: AbstractSet[str], known: Mapping[str, str]) -> bool:
    expression = item.expression
    if isinstance(expression, Variable) and item.alias in (None, expression.name):
        return expression.name in lines or expression.name in known
    return _line_of(expression, {}) in lines

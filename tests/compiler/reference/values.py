"""Comparing and ordering Cypher values: null is None, and any comparison may answer null.

Written from the openCypher semantics, for clarity only. Three relations must be kept apart:
`equals` (the operator `=`, three-valued), `identity` (grouping and DISTINCT: null is like
null), and
`order_key` (ORDER BY: a total order over everything).
"""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING

from tests.compiler.reference.graph import Duration, Node, Path, Relationship

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from tests.compiler.reference.graph import Value


class CypherRaises(Exception):
    """Cypher raises an error here (a type error, a division by zero, an overflow …)."""


def is_number(value: Value) -> bool:
    """Say whether a value is an integer or a float; Python's booleans are no numbers."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def equals(a: Value, b: Value) -> bool | None:
    """Return `a = b`."""
    if a is None or b is None:
        return None
    if isinstance(a, list) and isinstance(b, list):
        if len(a) != len(b):
            return False
        return conjunction(equals(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, dict) and isinstance(b, dict):
        if a.keys() != b.keys():
            return False
        return conjunction(equals(a[key], b[key]) for key in a)
    if is_number(a) and is_number(b):
        return a == b
    if isinstance(a, Node | Relationship) or isinstance(b, Node | Relationship):
        return a is b
    return type(a) is type(b) and a == b


def less(a: Value, b: Value) -> bool | None:
    """Return `a < b`; values of different families are not comparable, which is null."""
    if a is None or b is None:
        return None
    if isinstance(a, list) and isinstance(b, list):
        return less_list(a, b)
    for family in (str, bool, dt.date):
        if isinstance(a, family) and isinstance(b, family):
            return bool(a < b)  # type: ignore[operator]  # both are of one ordered type
    if isinstance(a, int | float) and isinstance(b, int | float):
        return None if is_number(a) is not is_number(b) else a < b
    return None


def less_list(a: list[Value], b: list[Value]) -> bool | None:
    """Compare lists element by element; the first pair that is not equal decides."""
    for x, y in zip(a, b, strict=False):
        same = equals(x, y)
        if same is not True:
            return None if same is None else less(x, y)
    return len(a) < len(b)


def compare(operator: str, a: Value, b: Value) -> bool | None:
    """Apply one of the six comparison operators."""
    match operator:
        case "=":
            return equals(a, b)
        case "<>":
            return negation(equals(a, b))
        case "<":
            return less(a, b)
        case ">":
            return less(b, a)
        case "<=":
            return disjunction([less(a, b), equals_if_ordered(a, b)])
        case ">=":
            return disjunction([less(b, a), equals_if_ordered(a, b)])
        case _:
            raise CypherRaises(f"no comparison {operator}")


def equals_if_ordered(a: Value, b: Value) -> bool | None:
    """Return `a = b`, or null where `a < b` has no answer either."""
    return None if less(a, b) is None else equals(a, b)


def negation(value: bool | None) -> bool | None:  # noqa: FBT001  a truth value, not a flag
    """Return NOT value."""
    return None if value is None else not value


def conjunction(values: Iterable[bool | None]) -> bool | None:
    """Return the three-valued AND."""
    seen = list(values)
    if any(value is False for value in seen):
        return False
    return None if any(value is None for value in seen) else True


def disjunction(values: Iterable[bool | None]) -> bool | None:
    """Return the three-valued OR."""
    return negation(conjunction(negation(value) for value in values))


def contains(items: Value, value: Value) -> bool | None:
    """Return `value IN items`."""
    if items is None:
        return None
    if not isinstance(items, list):
        raise CypherRaises("IN needs a list")
    return disjunction(equals(value, item) for item in items)


def identity(value: Value) -> Hashable:
    """Return a key that is equal for values that group together."""
    match value:
        case bool():
            return ("boolean", value)
        case int() | float():
            return ("number", "NaN" if math.isnan(value) else value)
        case list():
            return ("list", tuple(identity(item) for item in value))
        case dict():
            return ("map", frozenset((key, identity(item)) for key, item in value.items()))
        case Path():
            ids = (tuple(n.id for n in value.nodes), tuple(r.id for r in value.relationships))
            return ("path", *ids)
        case Node() | Relationship():
            return (type(value).__name__, value.id)
        case _:
            return (type(value).__name__, value)


# The order of families under ascending ORDER BY; null comes last.
FAMILIES: tuple[type, ...] = (
    dict,
    Node,
    Relationship,
    list,
    Path,
    dt.date,
    Duration,
    str,
    bool,
    int,
)


def order_key(value: Value) -> tuple[object, ...]:
    """Return a sort key that puts any values into the ascending order of ORDER BY."""
    if value is None:
        return (len(FAMILIES),)
    if is_number(value):
        number = float("inf") if isinstance(value, float) and math.isnan(value) else value
        return (FAMILIES.index(int), number, isinstance(value, float) and math.isnan(value))
    family = next(i for i, kind in enumerate(FAMILIES) if isinstance(value, kind))
    match value:
        case list():
            # The end of a list sorts before any further element, null included.
            return (family, tuple((1, order_key(item)) for item in value))
        case dict():
            return (family, tuple((key, order_key(value[key])) for key in sorted(value)))
        case Node() | Relationship():
            return (family, value.id)
        case Path():
            return (family, tuple(n.id for n in value.nodes))
        case Duration():
            return (family, value.months, value.days)
        case _:
            return (family, value)

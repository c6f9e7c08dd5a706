"""Comparison and membership, with the checks that keep them equal to Cypher's."""

from __future__ import annotations

import operator as operators
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import types as t
from graphchannel.compiler.values.doubts import as_float, compared, in_text_order
from graphchannel.compiler.values.model import (
    Doubt,
    Duration,
    Entity,
    Items,
    Path,
    Scalar,
    Value,
    WrittenTime,
)
from graphchannel.compiler.values.moments import DAY
from graphchannel.compiler.values.ranks import of_mixed
from graphchannel.compiler.values.representation import (
    UNKNOWN,
    boolean,
    is_null_value,
    tag_constant,
    to_sql,
)
from graphchannel.compiler.values.structures import Structures, mixed_types

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphchannel.compiler.syntax import Position
    from graphchannel.compiler.values.moments import Instant
    from graphchannel.compiler.values.session import Session

_COMPARISONS: dict[str, Callable[..., exp.Expression]] = {
    "=": exp.EQ,
    "<>": exp.NEQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
}


def compare(session: Session, at: Position, operator: str, left: Value, right: Value) -> Scalar:
    """Lower one comparison."""
    if isinstance(left, WrittenTime) or isinstance(right, WrittenTime):
        return _of_moments(session, at, operator, left, right)
    if isinstance(left.type, t.MixedType) or isinstance(right.type, t.MixedType):
        return _of_mixed(session, at, operator, left, right)
    if _never_equal(session, left, right):
        return _of_unlike(session, operator, left, right)
    check_comparable(session, at, operator, left, right)
    if is_null_value(left) or is_null_value(right):
        return UNKNOWN
    if isinstance(left, Entity) and isinstance(right, Entity):
        same = same_entity(session, left, right)
        return boolean(sql.not_(same) if operator == "<>" else same, left, right)
    again = partial(compare, session, at)
    if isinstance(left.type, t.MapType):
        return Structures(session, at, again).maps(operator, left, right)
    if isinstance(left.type, t.ListType):
        return Structures(session, at, again).lists(operator, left, right)
    if not (isinstance(left, Scalar) and isinstance(right, Scalar)):
        raise session.mismatch(at, f"{left.type} and {right.type} cannot be compared.")
    left, right = (as_float(session, side) for side in (left, right))
    left, right = _exact(session, at, left, right)
    if operator not in ("=", "<>") and not (left.constant or right.constant):
        left, right = (in_text_order(session, side) for side in (left, right))
    plain: exp.Expression = _COMPARISONS[operator](
        this=sql.wrapped(left.sql), expression=sql.wrapped(right.sql)
    )
    plain = compared(session, operator, plain, left, right)
    not_numbers = [sql.call("isnan", side.sql) for side in (left, right) if side.nan]
    if not not_numbers:
        return boolean(plain, left, right)
    # SQL takes NaN for a number greater than all others; in Cypher it is unequal to everything
    answer = sql.TRUE if operator == "<>" else sql.FALSE
    present = sql.all_of([sql.is_not_null(left.sql), sql.is_not_null(right.sql)])
    guard = sql.all_of([present, sql.any_of(not_numbers)])
    return boolean(sql.case([(guard, answer)], plain), left, right)


def _of_moments(session: Session, at: Position, operator: str, left: Value, right: Value) -> Scalar:
    """Compare times that are known; of different kinds they are as unlike as texts and numbers."""
    if is_null_value(left) or is_null_value(right):
        return UNKNOWN
    if not (
        isinstance(left, WrittenTime) and isinstance(right, WrittenTime) and left.type == right.type
    ):
        if not session.exploring:
            raise session.mismatch(at, mixed_types(operator, left.type, right.type))
        return _of_unlike(session, operator, left, right)
    sides = [_order_of(side.instant) for side in (left, right)]
    if left.instant != right.instant and sides[0] == sides[1]:
        raise session.refuse(at, "comparing one time in two zones", "write both in one zone")
    answer = _HOLDS[operator](*sides)
    return Scalar(sql.TRUE if answer else sql.FALSE, t.BOOLEAN, nullable=False, constant=True)


_HOLDS: dict[str, Callable[[int, int], bool]] = {
    "=": operators.eq,
    "<>": operators.ne,
    "<": operators.lt,
    "<=": operators.le,
    ">": operators.gt,
    ">=": operators.ge,
}


def _order_of(instant: Instant) -> int:
    days = instant.date.toordinal() if instant.date is not None else 0
    offset = instant.zone.offset if instant.zone is not None else 0
    return days * DAY + (instant.nanos or 0) - offset * 10**9


def _never_equal(session: Session, left: Value, right: Value) -> bool:
    """Whether a question compares scalars of different types: a rule that does is refused."""
    types = (left.type, right.type)
    return (
        session.exploring
        and all(isinstance(type_, _COMPARED) for type_ in types)
        and _sort(left.type) != _sort(right.type)
    )


_COMPARED = (t.ScalarType, t.ListType, t.MapType, t.NodeType, t.RelationshipType)


def _sort(type_: t.CypherType) -> object:
    """Return what two types have in common where their values can be equal."""
    if t.is_numeric(type_):
        return t.INTEGER
    return type_ if isinstance(type_, t.ScalarType) else type(type_)


def _of_mixed(session: Session, at: Position, operator: str, left: Value, right: Value) -> Scalar:
    """Lower a comparison with a value of one of several types: as one of each of them."""
    first = isinstance(left.type, t.MixedType)
    mixed, other = (left, right) if first else (right, left)
    if is_null_value(other) or not isinstance(mixed.type, t.MixedType):
        return UNKNOWN

    def compared_as(held: exp.Expression, member: t.CypherType) -> exp.Expression:
        doubts = Doubt.NEGATIVE_ZERO if member == t.FLOAT else Doubt(0)
        one = Scalar(held, member, nullable=False, doubts=doubts)
        sides = (one, other) if first else (other, one)
        return compare(session, at, operator, *sides).sql

    found = of_mixed(session, to_sql(session, mixed), mixed.type, compared_as)
    return boolean(found, left, right)


def _of_unlike(session: Session, operator: str, left: Value, right: Value) -> Scalar:
    """Return what Cypher says of values of different types: they differ, and have no order."""
    sentence = mixed_types(operator, left.type, right.type).rstrip(".")
    if operator not in ("=", "<>"):
        session.note(sentence, "which is null")
        return UNKNOWN
    session.note(sentence, f"which is {str(operator == '<>').lower()}")
    tested = [
        side.key if isinstance(side, Entity) else to_sql(session, side)
        for side in (left, right)
        if side.nullable
    ]
    answer = sql.FALSE if operator == "=" else sql.TRUE
    if not tested:
        return boolean(answer, left, right)
    missing = sql.any_of(sql.is_null(side) for side in tested)
    return boolean(sql.case([(missing, UNKNOWN.sql)], answer), left, right)


def _exact(session: Session, at: Position, left: Scalar, right: Scalar) -> tuple[Scalar, Scalar]:
    """Return numbers that SQL compares as Cypher does: integers and floats without rounding."""
    if {left.type, right.type} != {t.INTEGER, t.FLOAT}:
        return left, right
    whole, broken = (left, right) if left.type == t.INTEGER else (right, left)
    size = literal_size(broken)
    if literal_size(whole) is not None and (literal_size(whole) or 0) <= EXACT:
        return left, right
    if size is not None and size >= EXACT:
        raise session.refuse(
            at, "comparing an integer with a float beyond 2^53", "write the number as an integer"
        )
    if size is None:
        limit = exp.Literal.number(EXACT)
        both = [
            exp.GTE(this=exp.Abs(this=sql.own(side)), expression=limit.copy())
            for side in (sql.cast(whole.sql, "double"), broken.sql)
        ]
        failing = session.failing(
            "comparing an integer with a float beyond 2^53 is not portable",
            session.sql_type(t.FLOAT),
        )
        broken = replace(broken, sql=sql.case([(sql.all_of(both), failing)], broken.sql))
    return (whole, broken) if left.type == t.INTEGER else (broken, whole)


EXACT = 2**53  # up to here every integer is a float


def literal_size(value: Value) -> float | None:
    """Return the absolute value of a literal number; None for anything else."""
    number = value.sql if isinstance(value, Scalar) and value.constant else None
    while isinstance(number, exp.Cast | exp.Neg | exp.Paren):
        number = number.this
    if isinstance(number, exp.Literal) and not number.is_string:
        return abs(float(number.name))
    return None


def check_comparable(
    session: Session, at: Position, operator: str, left: Value, right: Value
) -> None:
    """Refuse a comparison that Cypher would answer with a fixed value, or not by order alone."""
    types = (left.type, right.type)
    if any(isinstance(value, Duration) for value in (left, right)):
        raise session.refuse(at, "comparing durations", "compare dates, or numbers of days")
    if any(isinstance(value, Path) for value in (left, right)):
        raise session.refuse(at, "comparing paths", "compare nodes(p) or length(p)")
    if any(isinstance(type_, t.NullType) for type_ in types):
        return
    spelled = isinstance(left, Items) and isinstance(right, Items)
    scalars = all(isinstance(type_, t.ScalarType) for type_ in types)
    if operator not in ("=", "<>") and all(isinstance(one, t.IdentityType) for one in types):
        raise session.refuse(
            at, f"{operator} on {left.type}", "compare a key, which pairs them as well: a.id < b.id"
        )
    if operator not in ("=", "<>") and not (scalars or spelled):
        raise session.refuse(at, f"{operator} on {left.type}", "compare scalar values only")
    if t.is_numeric(left.type) and t.is_numeric(right.type):
        return
    for kind in (t.ListType, t.MapType):
        if isinstance(left.type, kind) and isinstance(right.type, kind):
            return
    same_sort = type(left.type) is type(right.type) and not isinstance(left.type, t.IdentityType)
    if left.type != right.type and (isinstance(left.type, t.ScalarType) or not same_sort):
        raise session.mismatch(at, mixed_types(operator, left.type, right.type))


def same_entity(session: Session, left: Entity, right: Entity) -> exp.Expression:
    """Return whether two nodes (or two relationships) are the same one; null if one is null."""
    same_key = sql.equal(left.key, right.key)
    shared = set(left.type.tables) & set(right.type.tables)
    if not shared:
        absent = sql.any_of([sql.is_null(left.key), sql.is_null(right.key)])
        return sql.case([(absent, UNKNOWN.sql)], sql.FALSE)
    if left.tag is None and right.tag is None:
        return same_key
    left_tag = left.tag if left.tag is not None else tag_constant(session, left.type)
    right_tag = right.tag if right.tag is not None else tag_constant(session, right.type)
    return sql.all_of([same_key, sql.equal(left_tag, right_tag)])

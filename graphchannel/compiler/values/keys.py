"""Values that rows are grouped by, or that are to be different from each other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import types as t
from graphchannel.compiler.syntax import Position
from graphchannel.compiler.values.doubts import OF_SUMS, as_float, not_negative_zero
from graphchannel.compiler.values.model import Doubt, Scalar, Value
from graphchannel.compiler.values.ranks import of_mixed

if TYPE_CHECKING:
    from graphchannel.compiler.values.session import Session


def not_nan(session: Session, value: Value) -> Value:
    """Return a value to group by: NaN is equal to itself in SQL only, and of zeros one is shown."""
    value = _one_kind(session, value)
    if t.holds_mixed(value.type) and t.FLOAT in _members(value.type):
        raise session.refuse(
            session.at or Position(1, 1),
            f"grouping by what is {value.type}",
            "use toFloat() or toString()",
        )
    if isinstance(value, Scalar):
        value = not_negative_zero(session, value, "a grouping, DISTINCT or UNION")
    if not (isinstance(value, Scalar) and value.nan):
        return value
    double = session.sql_type(value.type)
    failing = session.failing("grouping by a float that is NaN is not portable", double)
    guarded = sql.case([(sql.call("isnan", value.sql), failing)], value.sql)
    return Scalar(guarded, value.type, nullable=value.nullable)


def _one_kind(session: Session, value: Value) -> Value:
    """Return what may be the integer 0 or a float as a float: grouped, 0 and 0.0 are one."""
    if not isinstance(value, Scalar):
        return value
    if value.doubts & OF_SUMS:
        one = as_float(session, value)
        return replace(one, doubts=one.doubts | Doubt.ZERO_KIND)
    mixed = value.type
    if not (
        isinstance(mixed, t.MixedType) and t.is_number_of_both_kinds(mixed) and session.exploring
    ):
        return value
    double = session.sql_type(t.FLOAT)
    failing = session.failing(
        "grouping by integers and floats is not portable; use toFloat()", double
    )

    def as_double(held: exp.Expression, member: t.CypherType) -> exp.Expression:
        if member == t.FLOAT:
            return held
        return sql.case(
            [(sql.equal(held, exp.Literal.number(0)), sql.cast(held, "double"))], failing
        )

    found = of_mixed(session, value.sql, mixed, as_double)
    doubts = Doubt.NEGATIVE_ZERO | Doubt.ZERO_KIND
    return Scalar(found, t.FLOAT, nullable=value.nullable, nan=True, doubts=doubts)


def _members(type_: t.CypherType) -> tuple[t.CypherType, ...]:
    if isinstance(type_, t.ListType):
        return _members(type_.element)
    if isinstance(type_, t.MixedType):
        return tuple(one for member in type_.members for one in _members(member))
    return (type_,)

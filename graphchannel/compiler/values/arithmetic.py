"""`+ - * / %`, whatever they mean for the types of their operands."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import types as t
from graphchannel.compiler.values.comparison import literal_size
from graphchannel.compiler.values.days import date_arithmetic
from graphchannel.compiler.values.doubts import OF_SUMS, as_float
from graphchannel.compiler.values.model import Doubt, Duration, Entity, Items, Scalar, Value
from graphchannel.compiler.values.representation import each, is_null_value, list_of, to_sql
from graphchannel.compiler.values.structures import recast
from graphchannel.compiler.values.texts import joined_texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphchannel.compiler.syntax import Position
    from graphchannel.compiler.values.session import Session
    from graphchannel.errors import CypherError

_ARITHMETIC: dict[str, Callable[..., exp.Expression]] = {
    "+": exp.Add,
    "-": exp.Sub,
    "*": exp.Mul,
    "/": exp.Div,
    "%": exp.Mod,
}


def arithmetic(session: Session, at: Position, operator: str, left: Value, right: Value) -> Value:
    """Lower `+ - * / %`, whatever they mean for these types."""
    if isinstance(left, Duration) or isinstance(right, Duration):
        return date_arithmetic(session, at, operator, left, right)
    if operator == "+" and (
        isinstance(left.type, t.ListType) or isinstance(right.type, t.ListType)
    ):
        return _concatenate_lists(session, at, left, right)
    if not (isinstance(left, Scalar) and isinstance(right, Scalar)):
        raise session.mismatch(at, f"{left.type} {operator} {right.type} is not defined.")
    again = partial(arithmetic, session, at, operator)
    if isinstance(left.type, t.MixedType):
        return each(session, at, left, lambda one: again(one, right))
    if isinstance(right.type, t.MixedType):
        return each(session, at, right, lambda one: again(left, one))
    if is_null_value(left) or is_null_value(right):
        return _null_arithmetic(session, at, operator, left, right)
    if t.is_numeric(left.type) and t.is_numeric(right.type):
        if operator == "^":
            return _power(session, left, right)
        return _numbers(session, operator, left, right)
    unlike = any(isinstance(side.type, t.IdentityType) for side in (left, right))
    if operator == "+" and t.STRING in (left.type, right.type) and not unlike:
        return joined_texts(session, at, left, right)
    raise _undefined(session, at, operator, left.type, right.type)


def _undefined(
    session: Session, at: Position, operator: str, left: t.CypherType, right: t.CypherType
) -> CypherError:
    """Return the error for an operator that these types do not have."""
    hint = ""
    if left == t.DATE and right == t.DATE and operator == "-":
        return session.refuse(at, "the difference of two dates", "write duration.inDays(a, b).days")
    if isinstance(left, t.IdentityType) or isinstance(right, t.IdentityType):
        hint = " Use a property that identifies the entity."
    if t.DATE in (left, right):
        hint = " Add a duration, such as duration({days: 30})."
    return session.mismatch(at, f"{left} {operator} {right} is not defined.{hint}")


def _null_arithmetic(
    session: Session, at: Position, operator: str, left: Scalar, right: Scalar
) -> Scalar:
    known = right if is_null_value(left) else left
    if operator == "/" and known is right and known.type == t.INTEGER and not _nonzero(right):
        raise session.refuse(at, "null / an integer", "leave the division out: it is null")
    allowed = t.is_numeric(known.type) or is_null_value(known)
    if operator == "+":
        allowed = allowed or known.type == t.STRING
    if not allowed:
        raise session.mismatch(at, f"{left.type} {operator} {right.type} is not defined.")
    type_ = t.FLOAT if operator == "^" else known.type
    return Scalar(session.null(type_), type_, constant=left.constant and right.constant)


def _numbers(session: Session, operator: str, left: Scalar, right: Scalar) -> Scalar:
    type_ = t.INTEGER if left.type == right.type == t.INTEGER else t.FLOAT
    if _stays_empty(operator, left, right):
        return _of_sums(session, operator, left, right)
    kind = _kind_of_zero(operator, left, right)
    left, right = _settled_sums(session, left, right, kind=kind)
    sides = [to_sql(session, side) for side in (left, right)]
    if type_ == t.FLOAT:
        sides = [
            side if value.type == t.FLOAT else sql.cast(side, "double")
            for side, value in zip(sides, (left, right), strict=True)
        ]
    a, b = (sql.wrapped(side) for side in sides)
    if operator == "/" and type_ == t.INTEGER:
        result: exp.Expression = _whole_division(session, left, right, a, b)
    elif operator in "/%" and type_ == t.FLOAT and not _nonzero(right):
        dialect = session.dialect
        result = dialect.divided(a, b) if operator == "/" else dialect.remainder(a, b)
    else:
        result = _ARITHMETIC[operator](this=a, expression=b)
    # a division can give NaN or infinity, and infinities give NaN again
    nan = left.nan or right.nan or (type_ == t.FLOAT and operator in "/%" and not _nonzero(right))
    if operator == "/" and right.type == t.INTEGER and left.nullable and not _nonzero(right):
        result = _null_by_zero(session, type_, result, a, b)
    return Scalar(
        result,
        type_,
        nullable=left.nullable or right.nullable,
        nan=nan,
        constant=left.constant and right.constant,
        doubts=_zero_doubt(operator, type_, left, right) | kind,
    )


def _kind_of_zero(operator: str, left: Scalar, right: Scalar) -> Doubt:
    """Return whether a 0 that may be an integer or a float gives one again: 0 * 3, 0 - 0."""
    plain = [side.type for side in (left, right) if not side.doubts & OF_SUMS]
    scaled = operator == "*" or (operator == "/" and _nonzero(right))
    again = scaled and plain == [t.INTEGER]
    return Doubt.ZERO_KIND if again or (not plain and operator in "+-*") else Doubt(0)


def _power(session: Session, left: Scalar, right: Scalar) -> Scalar:
    """Return a power: a float, whatever the operands."""
    sides = [sql.cast(to_sql(session, side), "double") for side in (left, right)]
    return Scalar(
        sql.cast(sql.call("pow", *sides), "double"),
        t.FLOAT,
        nullable=left.nullable or right.nullable,
        nan=True,
        constant=left.constant and right.constant,
        doubts=Doubt.NEGATIVE_ZERO,
    )


def _stays_empty(operator: str, left: Scalar, right: Scalar) -> bool:
    """Whether sums that are the integer 0 give it again: 0 - 0, 0 * 3, 0 / 1000."""
    empty = [Doubt.EMPTY_SUM in side.doubts for side in (left, right)]
    if all(empty):
        return operator in "+-*"
    if not any(empty):
        return False
    other = right if empty[0] else left
    if other.type != t.INTEGER or other.nullable:
        return False
    return operator == "*" or (operator == "/" and empty[0] and _nonzero(right))


def _of_sums(session: Session, operator: str, left: Scalar, right: Scalar) -> Scalar:
    """Compute with sums of floats; null, for the integer 0, where all of them were empty."""
    sums = [side for side in (left, right) if Doubt.EMPTY_SUM in side.doubts]
    a, b = (
        sql.wrapped(sql.cast(to_sql(session, as_float(session, side)), "double"))
        for side in (left, right)
    )
    found = _ARITHMETIC[operator](this=a, expression=b)
    nothing = sql.all_of([sql.is_null(side.sql) for side in sums])
    whole = sql.case([(nothing, sql.cast(exp.Null(), "double"))], found)
    doubts = _zero_doubt(operator, t.FLOAT, left, right) | Doubt.EMPTY_SUM
    nan = left.nan or right.nan
    return Scalar(whole, t.FLOAT, nullable=False, nan=nan, doubts=doubts)


def _settled_sums(
    session: Session, left: Scalar, right: Scalar, *, kind: Doubt
) -> tuple[Scalar, Scalar]:
    """Take a sum that may be the integer 0 for 0.0 beside a float: the result is a float anyway.

    And where the result keeps the doubt, its `kind`, in mind.
    """
    sums = [bool(side.doubts & OF_SUMS) for side in (left, right)]
    if kind:
        return as_float(session, left), as_float(session, right)
    if sums == [True, True]:  # by a sum that is not 0, which is a float
        return as_float(session, left), right
    if sums == [True, False] and right.type == t.FLOAT:
        return as_float(session, left), right
    if sums == [False, True] and left.type == t.FLOAT:
        return left, as_float(session, right)
    return left, right


def _zero_doubt(operator: str, type_: t.CypherType, left: Scalar, right: Scalar) -> Doubt:
    """Return whether a result may be -0.0: a sum only if both operands are."""
    if type_ != t.FLOAT:
        return Doubt(0)
    if operator == "+":
        return left.doubts & right.doubts & Doubt.NEGATIVE_ZERO
    if operator == "-":
        return left.doubts & Doubt.NEGATIVE_ZERO
    return Doubt.NEGATIVE_ZERO


def _whole_division(
    session: Session, left: Scalar, right: Scalar, a: exp.Expression, b: exp.Expression
) -> exp.Expression:
    """Return an integer division; only the least integer divided by -1 does not fit."""
    divided = exp.IntDiv(this=a.copy(), expression=b.copy())
    if literal_size(right) not in (None, 1.0):
        return divided
    least = sql.equal(a, sql.integer(-(2**63)))
    opposite = sql.equal(b, sql.integer(-1))
    message = "dividing the least integer by -1 is not portable"
    failing = session.failing(message, session.sql_type(t.INTEGER))
    del left
    return sql.case([(sql.all_of([least, opposite]), failing)], divided)


def _null_by_zero(
    session: Session,
    type_: t.CypherType,
    result: exp.Expression,
    a: exp.Expression,
    b: exp.Expression,
) -> exp.Expression:
    """Return a division that fails for null / 0, as Neo4j does: SQL answers null."""
    message = "null divided by the integer 0 is not portable"
    failing = session.failing(message, session.sql_type(type_))
    zero = sql.all_of([sql.is_null(a), sql.equal(b, exp.Literal.number(0))])
    return sql.case([(zero, failing)], result)


def _nonzero(value: Scalar) -> bool:
    """Whether it is a literal other than zero."""
    literal = value.sql.find(exp.Literal) if value.constant else None
    if literal is None or (isinstance(value.sql, exp.Func) and not isinstance(value.sql, exp.Cast)):
        return False
    inner = value.sql.this if isinstance(value.sql, exp.Cast) else value.sql
    inner = inner.this if isinstance(inner, exp.Neg) else inner
    return isinstance(inner, exp.Literal) and float(inner.name) != 0.0


def _concatenate_lists(session: Session, at: Position, left: Value, right: Value) -> Value:
    if is_null_value(left) or is_null_value(right):
        known = right if is_null_value(left) else left
        return Scalar(session.null(known.type), known.type)
    if isinstance(left, Items) and isinstance(right, Items):
        return list_of(session, at, left.items + right.items)
    for element, list_ in ((left, right), (right, left)):
        if not isinstance(element, Scalar | Entity) or isinstance(element.type, t.ListType):
            continue
        if element.nullable:
            # a null is not appended: it makes the whole sum null
            one = list_of(session, at, (replace(element, nullable=False),))
            sides = (one, list_) if element is left else (list_, one)
            longer = _concatenate_lists(session, at, *sides)
            absent = sql.is_null(element.key if isinstance(element, Entity) else element.sql)
            whole = sql.case([(absent, session.null(longer.type))], to_sql(session, longer))
            return Scalar(whole, longer.type)
    if not isinstance(left.type, t.ListType):
        left = list_of(session, at, (left,))
    if not isinstance(right.type, t.ListType):
        right = list_of(session, at, (right,))
    if isinstance(left, Items) and isinstance(right, Items):
        return list_of(session, at, left.items + right.items)
    type_ = t.unified(left.type, right.type)
    if type_ is None:
        raise session.mismatch(at, f"{left.type} + {right.type} would mix types in one list.")
    joined = session.dialect.joined(recast(session, left, type_), recast(session, right, type_))
    return Scalar(joined, type_, nullable=left.nullable or right.nullable)

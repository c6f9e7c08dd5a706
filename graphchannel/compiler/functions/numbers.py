"""Numbers: rounding and signs."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import types as t
from graphchannel.compiler.functions.mathematics import LONG, double, rounded_to, within_long
from graphchannel.compiler.functions.signature import (
    NUMBER,
    WHOLE_NUMBER,
    Call,
    Function,
)
from graphchannel.compiler.values import comparison
from graphchannel.compiler.values.comparison import literal_size
from graphchannel.compiler.values.doubts import doubts_of
from graphchannel.compiler.values.model import Doubt, Rounded, Scalar, Value
from graphchannel.compiler.values.representation import (
    as_scalar,
    common_type,
    fitted,
    from_sql,
    is_null_value,
    to_sql,
)


def _coalesce(c: Call) -> Value:
    if not c.values:
        raise c.session.wrong(c.node.at, "coalesce() needs at least one argument.")
    known = [value for value in c.values if not is_null_value(value)]
    certain = next((i for i, value in enumerate(known) if not value.nullable), len(known))
    known = known[: certain + 1]  # what comes after a value that is never null is not asked
    if not known:
        return Scalar(exp.Null(), t.NULL)
    type_ = common_type(c.session, c.node.at, known, "coalesce()")
    if len(known) == 1:
        return known[0]
    parts = [fitted(c.session, c.node.at, value, type_) for value in known]
    nullable = all(value.nullable for value in known)
    result = exp.Coalesce(this=parts[0], expressions=parts[1:])
    value = from_sql(c.session, result, type_, nullable=nullable)
    if isinstance(value, Scalar):
        nan = any(isinstance(v, Scalar) and v.nan for v in known)
        return replace(value, nan=nan, doubts=doubts_of(known) & ~Doubt.FAR_DATE)
    return value


def _nan(c: Call) -> bool:
    return any(isinstance(value, Scalar) and value.nan for value in c.values)


def _null_if(c: Call) -> Value:
    """Return the first argument, null where it equals the second."""
    first, second = c.values
    if is_null_value(first) or is_null_value(second):
        return first
    same = comparison.compare(c.session, c.node.at, "=", first, second)
    one = as_scalar(c.session, c.node.at, first)
    whole = sql.case([(same.sql, c.session.null(one.type))], to_sql(c.session, one))
    return from_sql(c.session, whole, one.type)


def _is_nan(c: Call) -> Value:
    if c.values[0].type == t.INTEGER:
        return c.scalar(sql.case([(sql.is_null(c.sql(0)), exp.Null())], sql.FALSE), t.BOOLEAN)
    return c.scalar(sql.call("isnan", c.sql(0)), t.BOOLEAN)


def _abs(c: Call) -> Value:
    number, type_ = c.sql(0), c.values[0].type
    absolute: exp.Expression = exp.Abs(this=number)
    if type_ == t.INTEGER and literal_size(c.values[0]) in (None, 2.0**63):
        # the least integer has no opposite: 5.26 answers itself, later releases raise an error
        least = sql.equal(number, sql.integer(-(2**63)))
        failing = c.session.failing(
            "abs() of the least integer is not portable", c.session.sql_type(t.INTEGER)
        )
        absolute = sql.case([(least, failing)], absolute)
    return c.scalar(absolute, type_, nan=_nan(c))


def _floor(c: Call) -> Value:
    whole = c.session.dialect.floor(double(c, 0))
    return replace(c.scalar(whole, t.FLOAT, nan=_nan(c)), doubts=doubts_of(c.values))


def _ceil(c: Call) -> Value:
    whole = c.session.dialect.ceil(double(c, 0))
    zero = Doubt.NEGATIVE_ZERO if c.values[0].type == t.FLOAT else Doubt(0)
    return replace(c.scalar(whole, t.FLOAT, nan=_nan(c)), doubts=zero)


def _round(c: Call) -> Value:
    """Round half towards positive infinity, with decimal places half away from zero."""
    if len(c.values) > 1:
        places = c.literal(1)
        if not isinstance(places, int) or not 0 <= places <= 12:
            which = f"{places} places" if isinstance(places, int) else "a computed number of places"
            raise c.session.refuse(c.node.at, f"round() to {which}", "write 0 to 12 places")
        if places:
            return c.scalar(rounded_to(c, places), t.FLOAT, nan=_nan(c))
    number = double(c, 0)
    below = c.session.dialect.floor(number)
    rest = exp.Sub(this=sql.wrapped(number), expression=below)
    up = exp.GTE(this=rest, expression=sql.cast(exp.Literal.number("0.5"), "double"))
    one = sql.cast(exp.Literal.number(1), "double")
    # adding 0.0 makes 0.0 of -0.0
    nothing = sql.cast(exp.Literal.number(0), "double")
    rounded = sql.case(
        [(up, exp.Add(this=below, expression=one))], exp.Add(this=below, expression=nothing)
    )
    size = literal_size(c.values[0])
    if c.values[0].type == t.FLOAT and (size is None or size >= _LONG):
        rounded = sql.case([_beyond_long(number)], rounded)
    value = c.scalar(rounded, t.FLOAT, nan=_nan(c))
    more = sql.case([(up.copy(), sql.integer(1))], sql.integer(0))
    integer = exp.Add(this=sql.cast(below.copy(), "bigint"), expression=more)
    return replace(value, rounded=Rounded(rounded, within_long(c, number, integer)))


_LONG = 2.0**63


def _beyond_long(number: exp.Expression) -> tuple[exp.Expression, exp.Expression]:
    """Return what Java rounds a finite number to that does not fit into 64 bits: the nearest."""
    huge = exp.GTE(this=exp.Abs(this=sql.own(number)), expression=LONG.copy())
    nothing = exp.Sub(this=sql.wrapped(number), expression=sql.wrapped(number))
    finite = sql.equal(nothing, exp.Literal.number(0))
    sign = sql.cast(sql.call("sign", number), "double")
    return sql.all_of([huge, finite]), exp.Mul(this=sign, expression=LONG.copy())


def _sign(c: Call) -> Value:
    return c.scalar(sql.cast(sql.call("sign", c.sql(0)), "bigint"), t.INTEGER)


FUNCTIONS = (
    Function("coalesce", "coalesce(a, b, …)", "the first that is not null", (), _coalesce),
    Function(
        "nullIf",
        "nullIf(a, b)",
        "a, or null where a = b",
        ((), ()),
        _null_if,
        null_in_null_out=False,
    ),
    Function("isNaN", "isNaN(number)", "whether it is not a number", (NUMBER,), _is_nan, t.BOOLEAN),
    Function("abs", "abs(number)", "absolute value", (NUMBER,), _abs, t.FLOAT),
    Function("ceil", "ceil(number)", "least whole float not below", (NUMBER,), _ceil, t.FLOAT),
    Function(
        "floor", "floor(number)", "greatest whole float not above", (NUMBER,), _floor, t.FLOAT
    ),
    Function(
        "round",
        "round(number, places)",
        "nearest float, halves up; to decimal places, halves away from zero",
        (NUMBER, WHOLE_NUMBER),
        _round,
        t.FLOAT,
        optional=1,
    ),
    Function("sign", "sign(number)", "-1, 0 or 1", (NUMBER,), _sign, t.INTEGER),
)

"""Numbers: rounding, signs, and conversions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import types as t
from graphchannel.compiler.functions.signature import (
    NUMBER,
    Call,
    Function,
)
from graphchannel.compiler.values.comparison import literal_size
from graphchannel.compiler.values.doubts import as_float, doubts_of
from graphchannel.compiler.values.model import Doubt, Scalar, Value
from graphchannel.compiler.values.representation import common_type, fitted, from_sql, is_null_value

if TYPE_CHECKING:
    from graphchannel.compiler.values.session import Session


def _coalesce(c: Call) -> Value:
    if not c.values:
        raise c.session.wrong(c.node.at, "coalesce() needs at least one argument.")
    known = [value for value in c.values if not is_null_value(value)]
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


def _abs(c: Call) -> Value:
    number, type_ = c.sql(0), c.values[0].type
    absolute: exp.Expression = exp.Abs(this=number)
    if type_ == t.INTEGER and literal_size(c.values[0]) in (None, 2.0**63):
        # the least integer has no opposite: in Java its absolute value is itself
        least = sql.equal(number, sql.integer(-(2**63)))
        absolute = sql.case([(least, number)], absolute)
    return c.scalar(absolute, type_, nan=_nan(c))


def _floor(c: Call) -> Value:
    whole = sql.cast(sql.call("floor", _double(c, 0)), "double")
    return replace(c.scalar(whole, t.FLOAT, nan=_nan(c)), doubts=doubts_of(c.values))


def _ceil(c: Call) -> Value:
    whole = sql.cast(sql.call("ceil", _double(c, 0)), "double")
    zero = Doubt.NEGATIVE_ZERO if c.values[0].type == t.FLOAT else Doubt(0)
    return replace(c.scalar(whole, t.FLOAT, nan=_nan(c)), doubts=zero)


def _double(c: Call, i: int) -> exp.Expression:
    number = c.sql(i)
    return number if c.values[i].type == t.FLOAT else sql.cast(number, "double")


def _round(c: Call) -> Value:
    """Round half towards positive infinity, as Neo4j does with one argument."""
    number = _double(c, 0)
    below = sql.cast(sql.call("floor", number), "double")
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
    return c.scalar(rounded, t.FLOAT, nan=_nan(c))


_LONG = 2.0**63


def _beyond_long(number: exp.Expression) -> tuple[exp.Expression, exp.Expression]:
    """Return what Java rounds a finite number to that does not fit into 64 bits: the nearest."""
    limit = sql.cast(exp.Literal.number("9.223372036854775807e18"), "double")
    huge = exp.GTE(this=exp.Abs(this=sql.own(number)), expression=limit)
    nothing = exp.Sub(this=sql.wrapped(number), expression=sql.wrapped(number))
    finite = sql.equal(nothing, exp.Literal.number(0))
    sign = sql.cast(sql.call("sign", number), "double")
    return sql.all_of([huge, finite]), exp.Mul(this=sign, expression=limit.copy())


def _sign(c: Call) -> Value:
    return c.scalar(sql.cast(sql.call("sign", c.sql(0)), "bigint"), t.INTEGER)


_WHOLE = r"^[+-]?[0-9]+$"


_FRACTION = r"^[+-]?([0-9]+\.[0-9]*|\.[0-9]+)$"


_EXPONENT = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)[eE][+-]?[0-9]+$"


_JAVA_FLOAT = (
    r"^[\x00-\x20]*[+-]?(NaN|Infinity|([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?[fFdD]?"
    r"|0[xX][0-9a-fA-F.]+[pP][+-]?[0-9]+[fFdD]?)[\x00-\x20]*$"
)


_BLANK = r"[\s\p{Z}\x00-\x20]*"
_ODD = (
    rf"^{_BLANK}[+-]?(0[xX][0-9a-fA-F_]+|0[oO][0-7_]+"
    rf"|[\p{{Nd}}_]*\.?[\p{{Nd}}_]*([eE][+-]?[\p{{Nd}}_]+)?[fFdD]?){_BLANK}$"
)


def _to_integer(c: Call) -> Value:
    value = c.values[0]
    if value.type == t.INTEGER:
        return value
    bigint = sql.data_type("bigint")
    if value.type == t.FLOAT:
        return c.scalar(_whole_of_float(c, c.sql(0)), t.INTEGER)
    text, dialect = c.sql(0), c.session.dialect
    before_point = sql.call(
        "nullif",
        sql.call("split_part", text, sql.string("."), exp.Literal.number(1)),
        sql.string(""),
    )
    signed = exp.In(this=before_point, expressions=[sql.string("+"), sql.string("-")])
    whole_part = sql.case(
        [(sql.any_of([sql.is_null(before_point), signed]), sql.integer(0))],
        _fitting(c, before_point),
    )
    result = sql.case(
        [
            (dialect.matches(text, _WHOLE), _fitting(c, text)),
            (dialect.matches(text, _FRACTION), whole_part),
            (
                _odd_number(c, text),
                dialect.failing(
                    "toInteger() of a text with blanks, other digits or a base is not portable",
                    bigint,
                ),
            ),
            (
                dialect.matches(text, _EXPONENT),
                dialect.failing("toInteger() of a text with an exponent is not portable", bigint),
            ),
        ],
        c.session.null(t.INTEGER),
    )
    return Scalar(result, t.INTEGER)


def _whole_of_float(c: Call, number: exp.Expression) -> exp.Expression:
    """Return a float as the nearest integer towards zero that fits into 64 bits; 0 for NaN."""
    inside = exp.LT(
        this=exp.Abs(this=sql.own(number)),
        expression=sql.cast(exp.Literal.number("9.223372036854775807e18"), "double"),
    )
    whole = sql.cast(sql.call(*_truncation(c.session, number)), "bigint")
    most, least = sql.integer(2**63 - 1), sql.integer(-(2**63))
    positive = exp.GT(this=sql.wrapped(number), expression=exp.Literal.number(0))
    return sql.case(
        [
            (sql.is_null(number), c.session.null(t.INTEGER)),
            (inside, whole),
            (sql.call("isnan", number), sql.integer(0)),
            (positive, most),
        ],
        least,
    )


def _truncation(session: Session, number: exp.Expression) -> tuple[str, exp.Expression]:
    # casting a double truncates in Spark, and rounds in DuckDB
    return ("trunc", number) if session.dialect.name == "duckdb" else ("double", number)


def _fitting(c: Call, text: exp.Expression) -> exp.Expression:
    """Return a text of digits as an integer; stop where it does not fit, as Neo4j does."""
    bigint = sql.data_type("bigint")
    number = exp.TryCast(this=sql.own(text), to=bigint, requires_string=True)
    failing = c.session.dialect.failing(
        "toInteger() of a number beyond 64 bits is not portable", bigint
    )
    return exp.Coalesce(this=number, expressions=[failing])


def _odd_number(c: Call, text: exp.Expression) -> exp.Expression:
    """Whether a text is a number for one release only: other digits, blanks, `_`, or `0x`."""
    matches = c.session.dialect.matches
    return sql.all_of([matches(text, r"\p{Nd}"), matches(text, _ODD)])


def _to_float(c: Call) -> Value:
    value = c.values[0]
    if value.type == t.FLOAT:
        return as_float(c.session, value) if isinstance(value, Scalar) else value
    if value.type == t.INTEGER:
        return c.scalar(sql.cast(c.sql(0), "double"), t.FLOAT)
    text, dialect = c.sql(0), c.session.dialect
    double = sql.data_type("double")
    plain = sql.any_of(dialect.matches(text, form) for form in (_WHOLE, _FRACTION, _EXPONENT))
    result = sql.case(
        [
            (plain, sql.cast(text, double)),
            (
                sql.any_of([dialect.matches(text, _JAVA_FLOAT), _odd_number(c, text)]),
                dialect.failing(
                    "toFloat() of a text with a suffix or blanks is not portable", double
                ),
            ),
        ],
        c.session.null(t.FLOAT),
    )
    return Scalar(result, t.FLOAT)


def _to_string(c: Call) -> Value:
    value = c.values[0]
    if value.type == t.STRING:
        return value
    return c.scalar(sql.cast(c.sql(0), "text"), t.STRING)


FUNCTIONS = (
    Function("coalesce", "coalesce(a, b, …)", "the first that is not null", (), _coalesce),
    Function("abs", "abs(number)", "absolute value", (NUMBER,), _abs, t.FLOAT),
    Function("ceil", "ceil(number)", "least whole float not below", (NUMBER,), _ceil, t.FLOAT),
    Function(
        "floor", "floor(number)", "greatest whole float not above", (NUMBER,), _floor, t.FLOAT
    ),
    Function(
        "round", "round(number)", "nearest whole float, halves up", (NUMBER,), _round, t.FLOAT
    ),
    Function("sign", "sign(number)", "-1, 0 or 1", (NUMBER,), _sign, t.INTEGER),
    Function(
        "toInteger",
        "toInteger(number or text)",
        "towards zero; null for a text that is no number",
        ((t.INTEGER, t.FLOAT, t.STRING),),
        _to_integer,
        t.INTEGER,
    ),
    Function(
        "toFloat",
        "toFloat(number or text)",
        "null for a text that is no number",
        ((t.INTEGER, t.FLOAT, t.STRING),),
        _to_float,
        t.FLOAT,
    ),
    Function(
        "toString",
        "toString(value)",
        "of an integer, text, boolean or date",
        ((t.STRING, t.INTEGER, t.BOOLEAN, t.DATE),),
        _to_string,
        t.STRING,
    ),
)

"""Numbers: rounding, signs, and conversions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import types as t
from graphchannel.compiler.functions.signature import (
    NUMBER,
    Call,
    Function,
)
from graphchannel.compiler.values.model import Scalar, Value
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
    if isinstance(value, Scalar) and any(isinstance(v, Scalar) and v.nan for v in known):
        return Scalar(value.sql, value.type, nullable=nullable, nan=True)
    return value


def _nan(c: Call) -> bool:
    return any(isinstance(value, Scalar) and value.nan for value in c.values)


def _abs(c: Call) -> Value:
    return c.scalar(exp.Abs(this=c.sql(0)), c.values[0].type, nan=_nan(c))


def _floor(c: Call) -> Value:
    return c.scalar(sql.cast(sql.call("floor", _double(c, 0)), "double"), t.FLOAT, nan=_nan(c))


def _ceil(c: Call) -> Value:
    return c.scalar(sql.cast(sql.call("ceil", _double(c, 0)), "double"), t.FLOAT, nan=_nan(c))


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
    rounded = sql.case([(up, exp.Add(this=below, expression=one))], below)
    return c.scalar(rounded, t.FLOAT, nan=_nan(c))


def _sign(c: Call) -> Value:
    return c.scalar(sql.cast(sql.call("sign", c.sql(0)), "bigint"), t.INTEGER)


_WHOLE = r"^[+-]?[0-9]+$"


_FRACTION = r"^[+-]?([0-9]+\.[0-9]*|\.[0-9]+)$"


_EXPONENT = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)[eE][+-]?[0-9]+$"


_JAVA_FLOAT = (
    r"^[\x00-\x20]*[+-]?(NaN|Infinity|([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?[fFdD]?"
    r"|0[xX][0-9a-fA-F.]+[pP][+-]?[0-9]+[fFdD]?)[\x00-\x20]*$"
)


def _to_integer(c: Call) -> Value:
    value = c.values[0]
    if value.type == t.INTEGER:
        return value
    bigint = sql.data_type("bigint")
    if value.type == t.FLOAT:
        whole = sql.cast(sql.call(*_truncation(c.session, c.sql(0))), "bigint")
        return c.scalar(whole, t.INTEGER)
    text, dialect = c.sql(0), c.session.dialect
    before_point = sql.call(
        "nullif",
        sql.call("split_part", text, sql.string("."), exp.Literal.number(1)),
        sql.string(""),
    )
    signed = exp.In(this=before_point, expressions=[sql.string("+"), sql.string("-")])
    whole_part = sql.case(
        [(sql.any_of([sql.is_null(before_point), signed]), sql.integer(0))],
        sql.cast(before_point, bigint),
    )
    result = sql.case(
        [
            (dialect.matches(text, _WHOLE), sql.cast(text, bigint)),
            (dialect.matches(text, _FRACTION), whole_part),
            (
                dialect.matches(text, _EXPONENT),
                dialect.failing("toInteger() of a text with an exponent is not portable", bigint),
            ),
        ],
        c.session.null(t.INTEGER),
    )
    return Scalar(result, t.INTEGER)


def _truncation(session: Session, number: exp.Expression) -> tuple[str, exp.Expression]:
    # casting a double truncates in Spark, and rounds in DuckDB
    return ("trunc", number) if session.dialect.name == "duckdb" else ("double", number)


def _to_float(c: Call) -> Value:
    value = c.values[0]
    if value.type == t.FLOAT:
        return value
    if value.type == t.INTEGER:
        return c.scalar(sql.cast(c.sql(0), "double"), t.FLOAT)
    text, dialect = c.sql(0), c.session.dialect
    double = sql.data_type("double")
    plain = sql.any_of(dialect.matches(text, form) for form in (_WHOLE, _FRACTION, _EXPONENT))
    result = sql.case(
        [
            (plain, sql.cast(text, double)),
            (
                dialect.matches(text, _JAVA_FLOAT),
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

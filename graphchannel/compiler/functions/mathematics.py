"""Roots, powers, logarithms, and floats as Java prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import types as t
from graphchannel.compiler.functions.signature import NUMBER, Call, Function
from graphchannel.compiler.values.model import Scalar

if TYPE_CHECKING:
    from graphchannel.compiler.functions.signature import Builder
    from graphchannel.compiler.values.model import Value

_ZERO = sql.constant(exp.Literal.number(0))
LONG = sql.constant(sql.cast(exp.Literal.number("9.223372036854775807e18"), "double"))  # 2^63


def double(c: Call, i: int) -> exp.Expression:
    """Return an argument as a float."""
    number = c.sql(i)
    return number if c.values[i].type == t.FLOAT else sql.cast(number, "double")


def _root(c: Call) -> Value:
    number = double(c, 0)
    negative = exp.LT(this=sql.wrapped(number), expression=_ZERO.copy())
    nan = sql.cast(sql.string("NaN"), "double")
    root = sql.cast(sql.call("sqrt", number), "double")
    return c.scalar(sql.case([(negative, nan)], root), t.FLOAT, nan=True)


def _logarithm(function: str) -> Builder:
    def build(c: Call) -> Value:
        number = double(c, 0)
        low = exp.LTE(this=sql.wrapped(number), expression=_ZERO.copy())
        failing = c.session.failing(
            f"{c.node.name}() of a number that is not positive is not portable",
            sql.data_type("double"),
        )
        found = sql.cast(sql.call(function, number), "double")
        return c.scalar(sql.case([(low, failing)], found), t.FLOAT, nan=True)

    return build


def _constant(digits: str) -> Builder:
    return lambda c: c.scalar(sql.cast(exp.Literal.number(digits), "double"), t.FLOAT)


def _exponential(c: Call) -> Value:
    return c.scalar(sql.cast(sql.call("exp", double(c, 0)), "double"), t.FLOAT, nan=True)


def within_long(c: Call, number: exp.Expression, integer: exp.Expression) -> exp.Expression:
    """Return a float's integer, or the nearest of 64 bits where it does not fit, or 0 for NaN."""
    inside = exp.LT(this=exp.Abs(this=sql.own(number)), expression=LONG.copy())
    positive = exp.GT(this=sql.wrapped(number), expression=exp.Literal.number(0))
    return sql.case(
        [
            (sql.is_null(number), c.session.null(t.INTEGER)),
            (inside, integer),
            (sql.call("isnan", number), sql.integer(0)),
            (positive, sql.integer(2**63 - 1)),
        ],
        sql.integer(-(2**63)),
    )


def rounded_to(c: Call, places: int) -> exp.Expression:
    """Return a float rounded half away from zero to decimal places, as it is written.

    Neo4j rounds the shortest decimal that stands for the float: 1.005 to 1.01.
    """
    number = double(c, 0)
    written = sql.cast(sql.cast(number, "text"), "decimal(38,15)")
    rounded = sql.cast(sql.call("round", written, exp.Literal.number(places)), "double")
    limit = sql.cast(exp.Literal.number("1e15"), "double")
    large = exp.GTE(this=exp.Abs(this=sql.own(number)), expression=limit)
    tiny = exp.LT(
        this=exp.Abs(this=sql.own(number)),
        expression=sql.cast(exp.Literal.number(f"1e-{places + 1}"), "double"),
    )
    nothing = sql.cast(_ZERO, "double")
    unusual = sql.any_of([large, sql.call("isnan", number)])
    return sql.case([(unusual, number), (tiny, nothing)], rounded)


def _rand(c: Call) -> Value:
    """Return a random number: in questions only, and each time another one."""
    if not c.session.exploring or c.session.dialect.name == "spark":
        raise c.session.refuse(c.node.at, "rand()", "a rule must give the same rows each time")
    c.session.note("rand()", "each run answers otherwise")
    return Scalar(sql.call("random"), t.FLOAT, nullable=False)


FUNCTIONS = (
    Function("rand", "rand()", "from 0 to 1; in questions only", (), _rand, t.FLOAT),
    Function("sqrt", "sqrt(number)", "NaN of a negative number", (NUMBER,), _root, t.FLOAT),
    Function("exp", "exp(number)", "e to the power of it", (NUMBER,), _exponential, t.FLOAT),
    Function("log", "log(number)", "natural logarithm", (NUMBER,), _logarithm("ln"), t.FLOAT),
    Function("log10", "log10(number)", "to base 10", (NUMBER,), _logarithm("log10"), t.FLOAT),
    Function("pi", "pi()", "3.14159…", (), _constant("3.141592653589793e0")),
    Function("e", "e()", "2.71828…", (), _constant("2.718281828459045e0")),
)

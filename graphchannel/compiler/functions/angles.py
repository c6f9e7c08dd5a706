"""Angles, and how far two positions on earth are from each other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import syntax as s
from graphchannel.compiler import types as t
from graphchannel.compiler.functions.mathematics import double
from graphchannel.compiler.functions.signature import ANY, NUMBER, Call, Function
from graphchannel.compiler.values.model import Doubt, Scalar

if TYPE_CHECKING:
    from graphchannel.compiler.functions.signature import Builder
    from graphchannel.compiler.values.context import Context, Lowering
    from graphchannel.compiler.values.model import Value

_NAN = sql.constant(sql.cast(sql.string("NaN"), "double"))
_INFINITY = sql.constant(sql.cast(sql.string("infinity"), "double"))
_RADIAN = "1.7453292519943295e-2"  # as Java multiplies
_DEGREE = "5.729577951308232e1"
_EARTH = "6.37814e6"  # Neo4j's radius, in metres


def _number(text: str) -> exp.Expression:
    return sql.cast(exp.Literal.number(text), "double")


def _float(c: Call, found: exp.Expression) -> Value:
    return replace(c.scalar(found, t.FLOAT, nan=True), doubts=Doubt.NEGATIVE_ZERO)


def _of_angle(function: str) -> Builder:
    """Return the builder of sin() and its kin: NaN of what is endless, where SQL raises."""

    def build(c: Call) -> Value:
        return _float(c, _guarded(function, double(c, 0)))

    return build


def _guarded(function: str, angle: exp.Expression) -> exp.Expression:
    endless = sql.equal(exp.Abs(this=angle.copy()), _INFINITY.copy())
    return sql.case([(endless, _NAN.copy())], sql.cast(sql.call(function, angle), "double"))


def _of_share(function: str) -> Builder:
    """Return the builder of asin() and acos(): NaN beyond 1, where SQL raises."""

    def build(c: Call) -> Value:
        number = double(c, 0)
        beyond = exp.GT(this=exp.Abs(this=number.copy()), expression=exp.Literal.number(1))
        found = sql.cast(sql.call(function, number), "double")
        return _float(c, sql.case([(beyond, _NAN.copy())], found))

    return build


def _atan(c: Call) -> Value:
    return _float(c, sql.cast(sql.call("atan", double(c, 0)), "double"))


def _atan2(c: Call) -> Value:
    return _float(c, sql.cast(sql.call("atan2", double(c, 0), double(c, 1)), "double"))


def _scaled(factor: str) -> Builder:
    def build(c: Call) -> Value:
        return _float(c, exp.Mul(this=sql.wrapped(double(c, 0)), expression=_number(factor)))

    return build


def _haversin(c: Call) -> Value:
    rest = exp.Sub(this=_number("1e0"), expression=_guarded("cos", double(c, 0)))
    return _float(c, exp.Div(this=sql.wrapped(rest), expression=_number("2e0")))


def distance(lowering: Lowering, node: s.FunctionCall, context: Context) -> Value:
    """Lower point.distance() of two points that are written in its call."""
    (x1, y1, one), (x2, y2, other) = (_point(lowering, a, context) for a in node.arguments)

    def half_sine(a: exp.Expression, b: exp.Expression) -> exp.Expression:
        half = exp.Div(this=sql.wrapped(exp.Sub(this=b, expression=a)), expression=_number("2e0"))
        return sql.call("pow", sql.call("sin", half), _number("2e0"))

    level = exp.Mul(this=sql.call("cos", y1), expression=sql.call("cos", y2))
    across = exp.Mul(this=level, expression=half_sine(x1, x2))
    alpha = sql.wrapped(exp.Add(this=half_sine(y1, y2), expression=across))
    rest = sql.call("greatest", exp.Sub(this=_number("1e0"), expression=alpha), _number("0e0"))
    angle = sql.call("atan2", sql.call("sqrt", alpha.copy()), sql.call("sqrt", rest))
    around = exp.Mul(this=_number("2e0"), expression=angle)
    found = exp.Mul(this=_number(_EARTH), expression=sql.wrapped(around))
    return Scalar(sql.cast(found, "double"), t.FLOAT, nullable=one or other)


def _point(
    lowering: Lowering, node: s.Expression, context: Context
) -> tuple[exp.Expression, exp.Expression, bool]:
    """Return longitude and latitude of `point({…})` in radians, and whether one may be null."""
    session = lowering.session
    parts = node.arguments[0] if isinstance(node, s.FunctionCall) and node.arguments else None
    if (
        not isinstance(node, s.FunctionCall)
        or node.name.lower() != "point"
        or not isinstance(parts, s.MapLiteral)
        or sorted(key for key, _ in parts.entries) != ["latitude", "longitude"]
    ):
        raise session.refuse(
            node.at,
            "a point other than point({latitude: …, longitude: …}) in point.distance()",
            "write it there",
        )
    found = {key: lowering.scalar(value, context, t.FLOAT) for key, value in parts.entries}
    for key, value in found.items():
        if value.type not in (t.INTEGER, t.FLOAT, t.NULL):
            raise session.mismatch(node.at, f"A {key} is a number, this is {value.type}.")
    sides = [
        _in_radians(Call(lowering, node, context, (found[key],)), key, most)
        for key, most in (("longitude", 180), ("latitude", 90))
    ]
    return sides[0], sides[1], any(value.nullable for value in found.values())


def _in_radians(c: Call, key: str, most: int) -> exp.Expression:
    """Return degrees in radians; the query stops where no place has as many of them."""
    degrees = sql.cast(c.sql(0), "double")
    size = exp.Abs(this=degrees.copy())
    within = exp.LTE(this=size, expression=exp.Literal.number(most))
    failing = c.session.failing(
        f"a {key} beyond {most} degrees is not portable", sql.data_type("double")
    )
    whole = exp.Mul(this=sql.wrapped(degrees), expression=_number(_RADIAN))
    return sql.case([(sql.any_of([sql.is_null(degrees), within]), whole)], failing)


def _never(c: Call) -> Value:
    raise TypeError(c.node.name)  # `distance` is what lowers it


FUNCTIONS = (
    Function("sin", "sin(angle)", "of an angle in radians", (NUMBER,), _of_angle("sin"), t.FLOAT),
    Function("cos", "cos(angle)", "of an angle in radians", (NUMBER,), _of_angle("cos"), t.FLOAT),
    Function("tan", "tan(angle)", "of an angle in radians", (NUMBER,), _of_angle("tan"), t.FLOAT),
    Function("asin", "asin(number)", "NaN beyond 1", (NUMBER,), _of_share("asin"), t.FLOAT),
    Function("acos", "acos(number)", "NaN beyond 1", (NUMBER,), _of_share("acos"), t.FLOAT),
    Function("atan", "atan(number)", "an angle in radians", (NUMBER,), _atan, t.FLOAT),
    Function("atan2", "atan2(y, x)", "an angle in radians", (NUMBER, NUMBER), _atan2, t.FLOAT),
    Function(
        "radians", "radians(degrees)", "degrees in radians", (NUMBER,), _scaled(_RADIAN), t.FLOAT
    ),
    Function(
        "degrees", "degrees(angle)", "radians in degrees", (NUMBER,), _scaled(_DEGREE), t.FLOAT
    ),
    Function(
        "haversin", "haversin(angle)", "half of 1 - cos(angle)", (NUMBER,), _haversin, t.FLOAT
    ),
    Function(
        "point.distance",
        "point.distance(point({latitude: …, longitude: …}), point({…}))",
        "metres between two places",
        (ANY, ANY),
        _never,
        t.FLOAT,
    ),
)

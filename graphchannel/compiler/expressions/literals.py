"""Leaves of expressions, and the lists and maps that are written out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import types as t
from graphchannel.compiler.values.model import Doubt, Scalar, Value
from graphchannel.compiler.values.representation import list_of, to_sql, with_kinds

if TYPE_CHECKING:
    from graphchannel.compiler import syntax as s
    from graphchannel.compiler.values.context import Context, Lowering


def literal(lowering: Lowering, node: s.Literal, _context: Context) -> Scalar:
    """Lower null, a boolean, a number or a string."""
    value = node.value
    if value is None:
        return Scalar(exp.Null(), t.NULL, constant=True)
    if isinstance(value, bool):
        constant: exp.Expression = exp.Boolean(this=value)
        type_ = t.BOOLEAN
    elif isinstance(value, int):
        constant, type_ = sql.integer(value), t.INTEGER
    elif isinstance(value, float):
        digits = repr(abs(value))
        # without an exponent it would be a decimal first, and lose its last digit
        number = exp.Literal.number(digits if "e" in digits else f"{digits}e0")
        minus = math.copysign(1.0, value) < 0
        constant = sql.cast(exp.Neg(this=number) if minus else number, "double")
        zero = Doubt.NEGATIVE_ZERO if minus and value == 0 else Doubt(0)
        return Scalar(constant, t.FLOAT, nullable=False, constant=True, doubts=zero)
    else:
        if "\0" in value:
            raise lowering.session.refuse(node.at, "a NUL character", "leave it out")
        constant, type_ = sql.string(value), t.STRING
    return Scalar(constant, type_, nullable=False, constant=True)


def parameter(
    lowering: Lowering,
    node: s.ParameterReference,
    _context: Context,
    expected: t.CypherType | None,
) -> Value:
    """Lower `$name`; while its type is not known it passes for null."""
    session = lowering.session
    type_ = session.parameter(node, expected)
    if isinstance(type_, t.NullType):
        return Scalar(exp.Null(), t.NULL, constant=True)
    placeholder = exp.Placeholder(this=node.name)
    return Scalar(sql.cast(placeholder, session.sql_type(type_)), type_, constant=True)


def variable(lowering: Lowering, node: s.Variable, context: Context) -> Value:
    """Lower a variable."""
    found = context.scope.get(node.name)
    if found is not None:
        return found
    session = lowering.session
    if context.grouped:
        raise session.refuse(
            node.at,
            f"'{node.name}' beside an aggregate",
            "make it an item of its own before, as grouping key",
        )
    gone = " WITH passes on only what it names." if node.name in session.names else ""
    raise session.unknown(
        node.at, "The variable", node.name, {*context.scope, *session.names}, gone
    )


def list_literal(
    lowering: Lowering, node: s.ListLiteral, context: Context, expected: t.CypherType | None
) -> Value:
    """Lower `[a, b]`."""
    inner = expected.element if isinstance(expected, t.ListType) else None
    values = tuple(lowering.lower(item, context, inner) for item in node.items)
    return list_of(lowering.session, node.at, values)


def map_literal(lowering: Lowering, node: s.MapLiteral, context: Context) -> Value:
    """Lower `{key: value}`."""
    entries = []
    parts = []
    for key, expression in node.entries:
        value = with_kinds(lowering.session, lowering.scalar(expression, context))
        entries.append((key, value.type))
        part = to_sql(lowering.session, value)
        parts.append(exp.PropertyEQ(this=sql.name(key), expression=part))
    if not entries:  # SQL has no struct without fields
        parts.append(exp.PropertyEQ(this=sql.name("_"), expression=exp.Null()))
    if len({key.lower() for key, _ in entries}) < len(entries):
        raise lowering.session.refuse(node.at, "a map that repeats a key", "use different keys")
    return Scalar(exp.Struct(expressions=parts), t.MapType(tuple(entries)), nullable=False)

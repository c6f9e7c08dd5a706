"""Operators: signs, connectives, comparisons, membership, text predicates, IS NULL."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import syntax as s
from graphchannel.compiler import types as t
from graphchannel.compiler.expressions import regular
from graphchannel.compiler.values import arithmetic, comparison
from graphchannel.compiler.values.membership import member
from graphchannel.compiler.values.model import Doubt, Entity, Path, Scalar, Value
from graphchannel.compiler.values.representation import (
    UNKNOWN,
    as_scalar,
    boolean,
    is_null_value,
    to_sql,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphchannel.compiler.values.context import Context, Lowering

_ZERO = sql.constant(exp.Literal.number(0))
# comparisons of a count that ask only whether there is a row, and the answer if there is one
_SOME: Mapping[tuple[str, int], bool] = {
    (">", 0): True,
    (">=", 1): True,
    ("<>", 0): True,
    ("=", 0): False,
    ("<", 1): False,
    ("<=", 0): False,
}


def truth_of(lowering: Lowering, at: s.Position, value: Value, where: str) -> Scalar:
    """Return a value that must be a boolean; `where` is what errors call its place."""
    if is_null_value(value):
        return UNKNOWN
    if not isinstance(value, Scalar) or value.type != t.BOOLEAN:
        raise lowering.session.mismatch(at, f"{where} needs a boolean, this is {value.type}.")
    return value


def unary(lowering: Lowering, node: s.Unary, context: Context) -> Value:
    """Lower NOT and the signs."""
    if node.operator == "not":
        operand = lowering.truth(node.operand, context, "NOT")
        return boolean(sql.not_(operand.sql), operand)
    value = lowering.lower(node.operand, context)
    if is_null_value(value):
        return value
    if not isinstance(value, Scalar) or not t.is_numeric(value.type):
        raise lowering.session.mismatch(node.at, f"{node.operator}{value.type} is not defined.")
    number = to_sql(lowering.session, value)
    if node.operator == "-":
        # the least integer has no opposite: subtracting raises, where a constant's sign may not
        # and -(0.0) is 0.0 in Neo4j, which subtracts as well
        nothing = sql.integer(0) if value.type == t.INTEGER else sql.cast(_ZERO, "double")
        number = exp.Sub(this=nothing, expression=sql.wrapped(number))
    return replace(value, sql=number, raw=False, doubts=Doubt(0))


def binary(
    lowering: Lowering, node: s.Binary, context: Context, expected: t.CypherType | None
) -> Value:
    """Lower an infix operator other than the six comparisons."""
    match node.operator:
        case "and" | "or" | "xor":
            return _connective(lowering, node, context)
        case "in":
            return _in(lowering, node, context)
        case "starts with" | "ends with" | "contains":
            return _text_predicate(lowering, node, context)
        case "=~":
            return regular.matches(lowering, node, context)
    left, right = pair(lowering, node.left, node.right, context, expected)
    if node.operator == "||":
        return _joined(lowering, node, left, right)
    if node.operator == "+" and t.STRING in (left.type, right.type):
        left, right = (
            _property_as_text(lowering, side, value)
            for side, value in ((node.left, left), (node.right, right))
        )
    return arithmetic.arithmetic(lowering.session, node.at, node.operator, left, right)


def _property_as_text(lowering: Lowering, node: s.Expression, value: Value) -> Value:
    """Return a property beside a text: Neo4j 5.26 takes a boolean or a day from there only."""
    stored = isinstance(node, s.PropertyAccess) and isinstance(value, Scalar)
    if not stored or value.type not in (t.BOOLEAN, t.DATE):
        return value
    text = sql.cast(to_sql(lowering.session, value), "text")
    return Scalar(text, t.STRING, nullable=value.nullable)


def _joined(lowering: Lowering, node: s.Binary, left: Value, right: Value) -> Value:
    """Lower `||`, which joins two texts or two lists and nothing else."""
    known = [side.type for side in (left, right) if not is_null_value(side)]
    lists = all(isinstance(type_, t.ListType) for type_ in known)
    if not lists and any(type_ != t.STRING for type_ in known):
        raise lowering.session.mismatch(
            node.at, f"{left.type} || {right.type} is not defined: it joins texts, or lists."
        )
    return arithmetic.arithmetic(lowering.session, node.at, "+", left, right)


def pair(
    lowering: Lowering,
    left: s.Expression,
    right: s.Expression,
    context: Context,
    expected: t.CypherType | None = None,
) -> tuple[Value, Value]:
    """Lower two operands; a parameter takes the other's type."""
    if isinstance(left, s.ParameterReference):
        other = lowering.lower(right, context, expected)
        return lowering.lower(left, context, other.type), other
    first = lowering.lower(left, context, expected)
    return first, lowering.lower(right, context, first.type)


def _connective(lowering: Lowering, node: s.Binary, context: Context) -> Value:
    word = node.operator.upper()
    left, right = (lowering.truth(side, context, word) for side in (node.left, node.right))
    if node.operator == "and":
        joined = sql.all_of([left.sql, right.sql])
    elif node.operator == "or":
        joined = sql.any_of([left.sql, right.sql])
    else:
        joined = exp.NEQ(this=sql.wrapped(left.sql), expression=sql.wrapped(right.sql))
    return boolean(joined, left, right)


def _in(lowering: Lowering, node: s.Binary, context: Context) -> Value:
    element = lowering.lower(node.left, context)
    haystack = lowering.lower(node.right, context, t.ListType(element.type))
    if is_null_value(element) and isinstance(haystack.type, t.ListType):
        element = lowering.lower(node.left, context, haystack.type.element)
    return member(lowering.session, node.at, element, haystack)


def _text_predicate(lowering: Lowering, node: s.Binary, context: Context) -> Value:
    session = lowering.session
    left, right = (lowering.lower(side, context, t.STRING) for side in (node.left, node.right))
    for side in (left, right):
        if side.type not in (t.STRING, t.NULL) or not isinstance(side, Scalar):
            raise session.mismatch(
                node.at, f"{node.operator.upper()} compares texts, this is {side.type}."
            )
    if is_null_value(left) or is_null_value(right):
        return UNKNOWN
    build = {
        "starts with": session.dialect.starts_with,
        "ends with": session.dialect.ends_with,
        "contains": session.dialect.contains,
    }[node.operator]
    text, part = (as_scalar(session, node.at, side).sql for side in (left, right))
    return boolean(build(text, part), left, right)


_IDENTITIES = tuple(name.lower() for name in t.IDENTITIES)


def comparison_chain(lowering: Lowering, node: s.ComparisonChain, context: Context) -> Value:
    """Lower `a < b`, and chains of comparisons."""
    exists = _as_exists(lowering, node, context)
    if exists is not None:
        return exists
    pairs = []
    for i, operator in enumerate(node.operators):
        sides = _without_ids(lowering, node.operands[i : i + 2], operator, context)
        left, right = pair(lowering, *sides, context)
        pairs.append(comparison.compare(lowering.session, node.at, operator, left, right))
    if len(pairs) == 1:
        return pairs[0]
    return boolean(sql.all_of(one.sql for one in pairs), *pairs)


def _without_ids(
    lowering: Lowering, sides: tuple[s.Expression, ...], operator: str, context: Context
) -> tuple[s.Expression, s.Expression]:
    """Return the entities themselves where `id(a) = id(b)` compares two of one kind."""
    left, right = sides
    match sides:
        case (
            s.FunctionCall(name=one, arguments=(a,)),
            s.FunctionCall(name=other, arguments=(b,)),
        ) if one.lower() == other.lower() in _IDENTITIES and operator in ("=", "<>"):
            kinds = {type(lowering.lower(inner, context).type) for inner in (a, b)}
            if len(kinds) == 1 and kinds <= {t.NodeType, t.RelationshipType}:
                return a, b
    return left, right


def _as_exists(lowering: Lowering, node: s.ComparisonChain, context: Context) -> Value | None:
    """Lower `COUNT { … } > 0` and its like as EXISTS: no rows need to be counted."""
    subject, *rest = node.operands
    if not isinstance(subject, s.CountSubquery) or len(rest) != 1:
        return None
    bound = rest[0].value if isinstance(rest[0], s.Literal) else None
    if isinstance(bound, bool) or not isinstance(bound, int):
        return None
    wanted = _SOME.get((node.operators[0], bound))
    if wanted is None:
        return None
    found = lowering.scalar(s.Exists(subject.at, subject.query), context)
    return found if wanted else replace(found, sql=sql.not_(found.sql))


def is_null(lowering: Lowering, node: s.IsNull, context: Context) -> Value:
    """Lower `IS NULL` and `IS NOT NULL`."""
    value = lowering.lower(node.operand, context)
    if isinstance(value, Entity):
        tested = value.key
    elif isinstance(value, Scalar):
        tested = value.sql
    elif isinstance(value, Path) and isinstance(value.nodes, Scalar):
        tested = value.nodes.sql
    else:
        tested = sql.TRUE  # a list or path that is spelled out is never null
    build = sql.is_not_null if node.negated else sql.is_null
    return Scalar(build(tested), t.BOOLEAN, nullable=False)

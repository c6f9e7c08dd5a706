"""Subqueries about the elements of a list, which no engine takes inside a list function.

So the elements become rows: `any(x IN list WHERE p)` counts those of `COUNT { UNWIND list AS x
WITH * WHERE p }`, and `[x IN list WHERE p | y]` collects what they give, in the order of the list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import syntax as s
from graphchannel.compiler import types as t
from graphchannel.compiler.syntax.liveness import walk
from graphchannel.compiler.values.model import Scalar, Value
from graphchannel.compiler.values.representation import UNKNOWN, from_sql, to_sql

if TYPE_CHECKING:
    from graphchannel.compiler.values.context import Context, Lowering

__all__ = ["asks_per_element", "collected", "quantified"]

_HIDDEN = "\x01"  # no name that can be written
_SUBQUERIES = (
    s.Exists,
    s.CountSubquery,
    s.CollectSubquery,
    s.PatternPredicate,
    s.PatternComprehension,
)


def asks_per_element(
    lowering: Lowering, node: s.Quantifier | s.ListComprehension, context: Context
) -> bool:
    """Whether a subquery stands where each element is looked at, and rows can be made of them."""
    parts = (node.where, node.result if isinstance(node, s.ListComprehension) else None)
    return (
        any(isinstance(one, _SUBQUERIES) for one in walk(parts))
        and not context.in_lambda
        and not context.grouped
        and node.variable not in context.scope
        and lowering.session.dialect.name != "spark"
    )


def quantified(lowering: Lowering, node: s.Quantifier, source: Value, context: Context) -> Value:
    """Lower a quantifier by the numbers of elements for which its condition holds."""

    def count(where: s.Expression) -> exp.Expression:
        rows = (s.Unwind(node.at, node.source, node.variable), _all(node.at, (), where))
        query = s.RegularQuery(node.at, (s.SingleQuery(node.at, rows),))
        found = lowering.lower(s.CountSubquery(node.at, query), context)
        return to_sql(lowering.session, found)

    def some(where: s.Expression) -> exp.Expression:
        return exp.GT(this=count(where), expression=exp.Literal.number(0))

    whole = to_sql(lowering.session, source)
    opposite = s.Unary(node.at, "not", node.where)
    told = exp.Add(this=count(node.where), expression=count(opposite))
    unknown = exp.LT(this=told, expression=lowering.session.dialect.length(whole))
    branches = [(sql.is_null(whole), UNKNOWN.sql)]
    maybe = [] if _never_null(node.where) else [(unknown, UNKNOWN.sql)]
    if node.kind == "single":
        one = exp.Literal.number(1)
        many = (exp.GT(this=count(node.where), expression=one), sql.FALSE)
        only = sql.equal(count(node.where), one.copy())
        return Scalar(sql.case([*branches, many, *maybe], only), t.BOOLEAN)
    decisive = opposite if node.kind == "all" else node.where
    found, otherwise = (sql.TRUE, sql.FALSE) if node.kind == "any" else (sql.FALSE, sql.TRUE)
    return Scalar(sql.case([*branches, (some(decisive), found), *maybe], otherwise), t.BOOLEAN)


def collected(
    lowering: Lowering, node: s.ListComprehension, source: Value, context: Context
) -> Value:
    """Lower a list comprehension as the list of what the rows of its elements give."""
    session, at = lowering.session, node.at
    element = s.Variable(at, node.variable)
    place = s.Variable(at, f"{_HIDDEN}{at.line}:{at.column}")
    ordered = isinstance(source.type, t.ListType) and source.type.ordered
    rows: tuple[s.Clause, ...] = (s.Unwind(at, node.source, node.variable),)
    if ordered:
        size = s.FunctionCall(at, "size", (node.source,))
        length = s.FunctionCall(at, "coalesce", (size, s.Literal(at, 0)))
        last = s.Binary(at, "-", length, s.Literal(at, 1))
        places = s.FunctionCall(at, "range", (s.Literal(at, 0), last))
        item = s.Item(at, s.Index(at, node.source, place), node.variable, node.variable)
        rows = (s.Unwind(at, places, place.name), _all(at, (item,), None))
    result = node.result if node.result is not None else element
    order = (s.SortItem(at, place, descending=False),) if ordered else ()
    returned = s.ProjectionBody(
        at,
        distinct=False,
        star=False,
        items=(s.Item(at, result, "x", "x"),),
        order=order,
        skip=None,
        limit=None,
    )
    clauses = (*rows, _all(at, (), node.where), s.Return(at, returned))
    query = s.RegularQuery(at, (s.SingleQuery(at, clauses),))
    whole = lowering.lower(s.CollectSubquery(at, query), context)
    if not source.nullable:
        return whole
    missing = sql.is_null(to_sql(session, source))
    chosen = sql.case([(missing, session.null(whole.type))], to_sql(session, whole))
    return from_sql(session, chosen, whole.type)


def _all(at: s.Position, items: tuple[s.Item, ...], where: s.Expression | None) -> s.With:
    body = s.ProjectionBody(
        at, distinct=False, star=True, items=items, order=(), skip=None, limit=None
    )
    return s.With(at, body, where)


def _never_null(node: s.Expression) -> bool:
    if isinstance(node, s.Unary):
        return node.operator == "not" and _never_null(node.operand)
    if isinstance(node, s.Binary):
        return node.operator in ("AND", "OR") and all(map(_never_null, (node.left, node.right)))
    return isinstance(node, s.Exists | s.PatternPredicate | s.IsNull)

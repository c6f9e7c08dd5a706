"""CASE in both of its forms."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import types as t
from graphchannel.compiler.expressions.operators import pair, truth_of
from graphchannel.compiler.values import comparison
from graphchannel.compiler.values.doubts import doubts_of
from graphchannel.compiler.values.model import Doubt, Scalar, Value
from graphchannel.compiler.values.representation import common_type, fitted, from_sql

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphchannel.compiler import syntax as s
    from graphchannel.compiler.values.context import Context, Lowering


def case(
    lowering: Lowering, node: s.Case, context: Context, expected: t.CypherType | None
) -> Value:
    """Lower CASE; all results must be of one type."""
    session = lowering.session
    conditions = list(_conditions(lowering, node, context))
    results = [lowering.lower(then, context, expected) for _, then in node.branches]
    otherwise = (
        lowering.lower(node.otherwise, context, expected) if node.otherwise is not None else None
    )
    chosen = results + ([otherwise] if otherwise is not None else [])
    type_ = common_type(session, node.at, chosen, "CASE")
    branches = [
        (condition, fitted(session, node.at, result, type_))
        for condition, result in zip(conditions, results, strict=True)
    ]
    default = fitted(session, node.at, otherwise, type_) if otherwise is not None else None
    nullable = otherwise is None or any(value.nullable for value in chosen)
    nan = any(isinstance(value, Scalar) and value.nan for value in chosen)
    if isinstance(type_, t.NullType):
        return Scalar(exp.Null(), t.NULL)
    value = from_sql(session, sql.case(branches, default), type_, nullable=nullable)
    if isinstance(value, Scalar):
        return replace(value, nan=nan, doubts=doubts_of(chosen) & ~Doubt.FAR_DATE)
    return value


def _conditions(lowering: Lowering, node: s.Case, context: Context) -> Iterator[exp.Expression]:
    for when, _ in node.branches:
        if node.subject is None:
            value = lowering.lower(when, context, t.BOOLEAN)
            yield truth_of(lowering, when.at, value, "WHEN").sql
        else:
            left, right = pair(lowering, node.subject, when, context)
            yield comparison.compare(lowering.session, when.at, "=", left, right).sql

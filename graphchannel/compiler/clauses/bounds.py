"""ORDER BY, SKIP and LIMIT as parts of a SELECT."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import syntax as s
from graphchannel.compiler import types as t
from graphchannel.compiler.values.context import Context
from graphchannel.compiler.values.representation import fitted

if TYPE_CHECKING:
    from graphchannel.compiler.sql.dialects.base import SortKey
    from graphchannel.compiler.values.context import Lowering


def bounds(
    lowering: Lowering, projection: s.ProjectionBody
) -> tuple[exp.Expression | None, exp.Expression | None]:
    """Lower SKIP and LIMIT."""
    skip = _bound(lowering, projection.skip, "SKIP")
    limit = _bound(lowering, projection.limit, "LIMIT")
    _check_size(lowering, projection)
    return skip, limit


def cutting(projection: s.ProjectionBody) -> s.Position | None:
    """Return where a LIMIT or SKIP stands that may drop rows; None if there is none."""
    for node in (projection.limit, projection.skip):
        if node is not None and not (isinstance(node, s.Literal) and node.value == 0):
            return node.at
    return None


def _bound(lowering: Lowering, node: s.Expression | None, word: str) -> exp.Expression | None:
    if node is None:
        return None
    if isinstance(node, s.Literal):
        if not isinstance(node.value, int) or isinstance(node.value, bool) or node.value < 0:
            raise lowering.session.wrong(node.at, f"{word} needs an integer that is not negative.")
        return exp.Literal.number(node.value)
    value = lowering.lower(node, Context({}), t.INTEGER)
    if isinstance(node, s.ParameterReference) and value.type in (t.INTEGER, t.NULL):
        return lowering.session.dialect.bound(
            fitted(lowering.session, node.at, value, t.INTEGER), word
        )
    raise lowering.session.refuse(node.at, f"a computed {word}", "use a number or a parameter")


def _check_size(lowering: Lowering, projection: s.ProjectionBody) -> None:
    """Refuse more rows than the dialect counts; parameters are checked where they are given."""
    most, session = lowering.session.dialect.most_rows, lowering.session
    nodes = [node for node in (projection.skip, projection.limit) if isinstance(node, s.Literal)]
    rows = sum(node.value for node in nodes if isinstance(node.value, int))
    if most is not None and rows > most:
        construct = f"on Spark SKIP and LIMIT of more than {most:,} rows together"
        raise session.refuse(nodes[0].at, construct, "leave LIMIT out")


def bounded(
    query: exp.Select,
    order: tuple[SortKey, ...],
    skip: exp.Expression | None,
    limit: exp.Expression | None,
) -> exp.Select:
    """Return the query with ORDER BY, OFFSET and LIMIT; nulls are the greatest values."""
    if order:
        keys = [exp.Ordered(this=key.copy(), desc=down, nulls_first=down) for key, down in order]
        query.set("order", exp.Order(expressions=keys))
    if limit is not None:
        query.set("limit", exp.Limit(expression=limit.copy()))
    if skip is not None:
        query.set("offset", exp.Offset(expression=skip.copy()))
    return query


def moved(key: exp.Expression, old: str, new: str) -> exp.Expression:
    """Return a sort key over the columns of `new`, which has all columns of `old`."""
    return key.copy().transform(
        lambda node: (
            sql.column(new, node.name)
            if isinstance(node, exp.Column) and node.table == old
            else node
        )
    )

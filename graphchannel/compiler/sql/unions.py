"""Subqueries in the columns of a SELECT over a UNION ALL, for Spark.

    SELECT EXISTS (… WHERE b.x = u.x) AS c FROM (… UNION ALL …) AS u

Spark moves the columns of a SELECT into each part of a union, and ends in an error of its own when
a subquery that depends on them is among the columns. It leaves in place what may give another value
each time. So each of these columns becomes

    CASE WHEN monotonically_increasing_id() >= 0 THEN EXISTS (…) END AS c
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler.sql.builders import call, case, own
from graphchannel.compiler.sql.selects import QUERIES

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["held_above_unions"]


def held_above_unions(query: exp.Query) -> exp.Query:
    """Return the query, changed in place, with such columns held where they are."""
    over_union: set[str] = set()  # names of table expressions, each after those that it reads
    for one in query.find_all(exp.CTE):
        if _reads_union(one.this, over_union):
            over_union.add(one.alias)
    for select in query.find_all(exp.Select):
        sources = [select.args.get("from_"), *(select.args.get("joins") or ())]
        if any(_reads_union(source, over_union) for source in sources if source is not None):
            for column in select.expressions:
                if isinstance(column, exp.Alias) and any(_subqueries(column)):
                    column.set("this", _held(column.this))
    return query


def _reads_union(part: exp.Expression, over_union: set[str]) -> bool:
    if part.find(exp.Union) is not None:
        return True
    return any(table.name in over_union for table in part.find_all(exp.Table))


def _subqueries(column: exp.Expression) -> Iterator[exp.Expression]:
    return (node for node in column.walk() if isinstance(node, QUERIES))


def _held(value: exp.Expression) -> exp.Expression:
    always = exp.GTE(this=call("monotonically_increasing_id"), expression=exp.Literal.number(0))
    return case([(always, own(value))], None)

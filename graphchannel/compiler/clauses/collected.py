"""The list that a COLLECT { … } or a pattern comprehension stands for: a correlated subquery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import syntax as s
from graphchannel.compiler import types as t
from graphchannel.compiler.clauses.bounds import cutting
from graphchannel.compiler.clauses.determinacy import Dependencies, is_total
from graphchannel.compiler.values.context import Context
from graphchannel.compiler.values.keys import not_nan
from graphchannel.compiler.values.representation import (
    as_scalar,
    from_sql,
    sortable,
    to_sql,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphchannel.compiler.clauses.rows import Stored
    from graphchannel.compiler.patterns.branches import MatchBranch
    from graphchannel.compiler.sql.dialects.base import SortKey
    from graphchannel.compiler.values.context import Lowering
    from graphchannel.compiler.values.model import Scalar, Value
    from graphchannel.compiler.values.session import Session


class Collected:
    """Gathers the values of all branches of one query, in its order."""

    def __init__(
        self,
        lowering: Lowering,
        at: s.Position,
        projection: s.ProjectionBody,
        branches: list[MatchBranch],
    ) -> None:
        self._lowering = lowering
        self._session = lowering.session
        self._at = at
        self._projection = projection
        self._branches = branches
        self._item = projection.items[0]

    def value(self) -> Value:
        """Return the list."""
        values = [self._lowered(branch) for branch in self._branches]
        element: t.CypherType = t.NULL
        for value in values:
            both = t.unified(element, value.type)
            if both is None:
                raise self._session.refuse(
                    self._at, "COLLECT { … } of values of different types", "name a label"
                )
            element = both
        if isinstance(element, t.NullType):
            raise self._session.refuse(self._at, "a list of nulls", "give the elements a type")
        total = self._is_total()
        rows = [
            self._rows(branch, value, element)
            for branch, value in zip(self._branches, values, strict=True)
            if not branch.impossible
        ]
        type_ = t.ListType(element, any(value.nullable for value in values), ordered=total)
        empty = sql.cast(exp.Array(), self._session.sql_type(type_))
        if not rows:
            return from_sql(self._session, empty, type_, nullable=False)
        whole = exp.Coalesce(this=self._gathered(rows, total=total), expressions=[empty])
        return from_sql(self._session, self._cut(whole), type_, nullable=False)

    def _lowered(self, branch: MatchBranch) -> Scalar:
        value = self._lowering.lower(self._item.expression, Context(branch.scope))
        if self._projection.distinct:
            value = not_nan(self._session, value)
        return as_scalar(self._session, self._item.at, value)

    def _is_total(self) -> bool:
        items = [(self._item.alias or self._item.text, self._item.expression)]
        scope = self._branches[0].scope
        total = bool(self._projection.order) and is_total(
            self._session, self._projection, items, scope, Dependencies()
        )
        at = cutting(self._projection)
        if at is not None and not total:
            if not self._session.exploring:
                raise self._session.refuse(
                    at, "LIMIT in COLLECT { … } without a total order", "order by a key as well"
                )
            self._session.note("LIMIT", "the order of the rows is not fixed, these are any of them")
        return total

    def _rows(self, branch: MatchBranch, value: Scalar, element: t.CypherType) -> exp.Select:
        whole = sql.cast(to_sql(self._session, value), self._session.sql_type(element))
        columns: list[exp.Expression] = [sql.aliased(whole, "v")]
        name = self._item.alias or self._item.text
        context = Context({**branch.scope, name: value})
        for i, key in enumerate(self._projection.order):
            found = self._lowering.lower(key.expression, context)
            columns.append(sql.aliased(sortable(self._session, key.at, found), f"s{i}"))
        return sql.select(columns, branch.sources, branch.conditions)

    def _gathered(self, rows: list[exp.Select], *, total: bool) -> exp.Expression:
        alias = self._session.fresh("l")
        held = sql.column(alias, "v")
        order: list[SortKey] = [
            (sql.column(alias, f"s{i}"), key.descending)
            for i, key in enumerate(self._projection.order)
        ]
        if not total:  # any order will do, so the same one at each run
            order.append((held, False))
        gathered = self._session.dialect.gathered(
            held, distinct=self._projection.distinct, order=order
        )
        query = sql.select([gathered], [sql.derived(sql.union_all(rows), alias)])
        return exp.Subquery(this=query)

    def _cut(self, whole: exp.Expression) -> exp.Expression:
        skip, limit = (
            self._number(node) for node in (self._projection.skip, self._projection.limit)
        )
        if skip is None and limit is None:
            return whole
        first = skip or 0
        last = exp.Literal.number(first + limit) if limit is not None else None
        return self._session.dialect.sliced(whole, exp.Literal.number(first), last)

    def _number(self, node: s.Expression | None) -> int | None:
        if node is None:
            return None
        value = node.value if isinstance(node, s.Literal) else None
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self._session.refuse(
                node.at, "a computed LIMIT in COLLECT { … }", "write a number"
            )
        return value


def gathered(
    session: Session,
    at: s.Position,
    rows: exp.Query,
    layout: Mapping[str, Stored],
    order: tuple[bool, ...],
) -> Value:
    """Return the list of the first column of a query's rows; others say their order."""
    alias, one = session.fresh("l"), session.fresh("l")
    held = next(iter(layout.values()))
    value = as_scalar(session, at, held.rebuild(alias))
    if isinstance(value.type, t.NullType):
        raise session.refuse(at, "a list of nulls", "give the elements a type")
    columns: list[exp.Expression] = [sql.aliased(to_sql(session, value), "v")]
    columns += [sql.column(alias, f"s{i}") for i in range(len(order))]
    flat = sql.derived(sql.select(columns, [sql.derived(rows, alias)]), one)
    whole = sql.column(one, "v")
    keys = [(sql.column(one, f"s{i}"), down) for i, down in enumerate(order)]
    list_ = session.dialect.gathered(whole, distinct=False, order=[*keys, (whole, False)])
    type_ = t.ListType(value.type, value.nullable, ordered=False)
    empty = sql.cast(exp.Array(), session.sql_type(type_))
    found = exp.Subquery(this=sql.select([list_], [flat]))
    return from_sql(session, exp.Coalesce(this=found, expressions=[empty]), type_, nullable=False)

"""WITH and RETURN: items, grouping, DISTINCT, ORDER BY, SKIP and LIMIT."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import syntax as s
from graphchannel.compiler.clauses import aggregation
from graphchannel.compiler.clauses.bounds import bounded, bounds, cutting, moved
from graphchannel.compiler.clauses.determinacy import is_total, names_fixed_by_order, not_total
from graphchannel.compiler.clauses.grouping_keys import is_plain, settled_key
from graphchannel.compiler.clauses.rows import Rows, renamed, stored, tie_breakers
from graphchannel.compiler.functions import has_aggregate
from graphchannel.compiler.syntax.liveness import Liveness, of_node
from graphchannel.compiler.syntax.repetitions import UNNAMED
from graphchannel.compiler.values.context import Context, fingerprint
from graphchannel.compiler.values.keys import not_nan
from graphchannel.compiler.values.model import Duration, Value, WrittenTime
from graphchannel.compiler.values.representation import sortable
from graphchannel.compiler.values.written import written_day

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphchannel.compiler.sql.dialects.base import SortKey
    from graphchannel.compiler.values.context import Lowering
    from graphchannel.compiler.values.representation import Scope
    from graphchannel.compiler.values.session import Session


@dataclass(frozen=True, slots=True)
class Output:
    """The rows of RETURN, before nodes are reduced to their keys.

    `order`, `skip` and `limit` are still to be applied to it.
    """

    query: exp.Select
    items: tuple[tuple[str, Value], ...]
    alias: str
    order: tuple[SortKey, ...] = ()
    skip: exp.Expression | None = None
    limit: exp.Expression | None = None


@dataclass(frozen=True, slots=True)
class _Projected:
    """Items as columns of one SELECT called `name`, and what ORDER BY and WHERE may use."""

    name: str
    items: dict[str, Value]
    context: Context
    order: tuple[SortKey, ...]


class Projector:
    """Lowers projections onto table expressions that it adds through `add`."""

    def __init__(self, lowering: Lowering, add: Callable[..., None]) -> None:
        self._lowering = lowering
        self._session: Session = lowering.session
        self._add = add

    def return_(self, clause: s.Return, rows: Rows) -> Output:
        """Lower RETURN."""
        projection = clause.projection
        items = self._items(projection, rows, named=False)
        done = self._project(projection, items, rows, frozenset())
        for name, node in items:
            if isinstance(done.items[name], Duration):
                raise self._session.refuse(
                    node.at, "a duration as a value", "add it to a date, or take its days"
                )
        skip, limit = bounds(self._lowering, projection)
        order = self._settled_order(projection, items, rows, done)
        query = sql.select([exp.Star()], [sql.relation(done.name, done.name)])
        return Output(query, tuple(done.items.items()), done.name, order, skip, limit)

    def with_(
        self, clause: s.With, rows: Rows, after: Liveness, around: Scope = MappingProxyType({})
    ) -> Rows:
        """Lower WITH; its WHERE also sees what is around a nested query."""
        projection = clause.projection
        items = self._items(projection, rows, named=True)
        where = clause.where
        mentioned = frozenset(of_node(where).attributes) if where is not None else frozenset()
        done = self._project(projection, items, rows, mentioned)
        name, scope = done.name, done.items
        order = self._settled_order(projection, items, rows, done)
        skip, limit = bounds(self._lowering, projection)
        context = done.context
        if skip is not None or limit is not None:
            query = sql.select([exp.Star()], [sql.relation(name, name)])
            cut = self._session.fresh("c")
            self._add(cut, bounded(query, order, skip, limit))
            scope = {n: renamed(v, cut) for n, v in scope.items()}
            context = replace(
                context,
                scope={n: renamed(v, cut) for n, v in context.scope.items()},
                replaced={k: renamed(v, cut) for k, v in context.replaced.items()},
            )
            order = tuple((moved(key, name, cut), down) for key, down in order)
            name = cut
        if where is not None:
            seen = replace(context, scope={**around, **context.scope})
            condition = self._lowering.predicate(where, seen)
            query = sql.select([exp.Star()], [sql.relation(name, name)], [condition])
            kept = self._session.fresh("f")
            self._add(kept, query)
            scope = {n: renamed(v, kept) for n, v in scope.items()}
            order = tuple((moved(key, name, kept), down) for key, down in order)
            name = kept
        kept_names = {n: v for n, v in scope.items() if after.needs(n)}
        fixed = names_fixed_by_order(self._session, projection, items, rows.scope, rows.known)
        declared = frozenset(text for text, _ in items)
        return Rows(name, kept_names, order, declared, rows.known.through(items), fixed)

    def _settled_order(
        self,
        projection: s.ProjectionBody,
        items: list[tuple[str, s.Expression]],
        rows: Rows,
        done: _Projected,
    ) -> tuple[SortKey, ...]:
        """Return the order of rows that are cut: total in a rule, made total for a question."""
        at = cutting(projection)
        if at is None or is_total(self._session, projection, items, rows.scope, rows.known):
            return done.order
        if not self._session.exploring:
            raise not_total(self._session, at, projection, items)
        self._session.note(
            "LIMIT" if projection.limit is not None else "SKIP",
            "the order of the rows is not fixed, these are any of them; add ORDER BY with a key",
        )
        ties = [(column, False) for value in done.items.values() for column in tie_breakers(value)]
        return (*done.order, *ties)

    # --- items ---

    def _items(
        self, projection: s.ProjectionBody, rows: Rows, *, named: bool
    ) -> list[tuple[str, s.Expression]]:
        items: list[tuple[str, s.Expression]] = []
        if projection.star:
            named_ = sorted(name for name in rows.scope if not name.startswith(UNNAMED))
            if not named_ and not projection.items:
                raise self._session.wrong(projection.at, "There is no variable for * to stand for.")
            items += [(name, s.Variable(projection.at, name)) for name in named_]
        for item in projection.items:
            if item.alias is None and named and not isinstance(item.expression, s.Variable):
                raise self._session.wrong(
                    item.at, f"An expression in WITH needs a name: {item.text} AS name."
                )
            name = item.alias or (
                item.expression.name if isinstance(item.expression, s.Variable) else item.text
            )
            items.append((name, item.expression))
        seen: set[str] = set()
        for name, expression in items:
            if name in seen:
                raise self._session.wrong(expression.at, f"Two columns are called '{name}'.")
            seen.add(name)
        return items

    def _project(
        self,
        projection: s.ProjectionBody,
        items: list[tuple[str, s.Expression]],
        rows: Rows,
        mentioned: frozenset[str],
    ) -> _Projected:
        if any(has_aggregate(expression) for _, expression in items):
            return self._grouped(projection, items, rows)
        if projection.distinct:
            return self._distinct(projection, items, rows)
        return self._plain(projection, items, rows, mentioned)

    def _plain(
        self,
        projection: s.ProjectionBody,
        items: list[tuple[str, s.Expression]],
        rows: Rows,
        mentioned: frozenset[str],
    ) -> _Projected:
        """Project row by row: ORDER BY and WHERE may use old and new names, new ones first."""
        name = self._session.fresh("p")
        context = Context(rows.scope)
        values = {text: self._lowering.lower(node, context) for text, node in items}
        columns, scope = self._laid_out(values, name)
        scope |= {text: value for text, value in values.items() if written_day(value) is not None}
        both = Context({**rows.scope, **values})
        order: list[SortKey] = []
        for key in projection.order:
            lowered = self._sort_key(key, both)
            text = self._session.fresh("s")
            columns.append(sql.aliased(lowered, text))
            order.append((sql.column(name, text), key.descending))
        old: dict[str, Value] = {}
        for text, value in rows.scope.items():
            if text in mentioned and text not in values:
                layout = stored(self._session, text, value)
                columns += layout.projections
                old[text] = layout.rebuild(name)
        sources = [] if rows.relation is None else [sql.relation(rows.relation, rows.relation)]
        self._add(name, sql.select(columns or [_one()], sources))
        return _Projected(name, scope, Context({**old, **scope}), tuple(order))

    def _laid_out(
        self, values: dict[str, Value], alias: str
    ) -> tuple[list[exp.Expression], dict[str, Value]]:
        columns: list[exp.Expression] = []
        scope: dict[str, Value] = {}
        for text, value in values.items():
            layout = stored(self._session, text, value)
            columns += layout.projections
            scope[text] = layout.rebuild(alias)
        return columns, scope

    def _sort_key(self, key: s.SortItem, context: Context) -> exp.Expression:
        value = self._lowering.lower(key.expression, context)
        return sortable(self._session, key.at, value)

    def _distinct(
        self, projection: s.ProjectionBody, items: list[tuple[str, s.Expression]], rows: Rows
    ) -> _Projected:
        name = self._session.fresh("d")
        context = Context(rows.scope)
        values = {text: self._lowering.lower(node, context) for text, node in items}
        keys = [(node, values[text]) for text, node in items]
        for text, node in items:
            if isinstance(values[text], WrittenTime):
                raise self._session.refuse(node.at, f"DISTINCT {values[text].type}", "leave it out")
            values[text] = settled_key(self._session, node, values[text], keys, rows)
        columns, scope = self._laid_out(values, name)
        sources = [] if rows.relation is None else [sql.relation(rows.relation, rows.relation)]
        query = sql.select(columns, sources)
        query.set("distinct", exp.Distinct())
        self._add(name, query)
        return self._ordered_after(projection, items, name, scope)

    def _ordered_after(
        self,
        projection: s.ProjectionBody,
        items: list[tuple[str, s.Expression]],
        name: str,
        scope: dict[str, Value],
    ) -> _Projected:
        """Order rows that were grouped or made distinct: by their items alone."""
        replaced = {fingerprint(node): scope[text] for text, node in items}
        # beside an aggregate only plain keys and other aggregates may stand, as in the items
        plain = {
            fingerprint(node): scope[text]
            for text, node in items
            if has_aggregate(node) or is_plain(node)
        }
        order: list[SortKey] = []
        for key in projection.order:
            whole = fingerprint(key.expression) in replaced or not has_aggregate(key.expression)
            context = Context(scope, replaced=replaced if whole else plain)
            order.append((self._sort_key(key, context), key.descending))
        return _Projected(name, scope, Context(scope), tuple(order))

    # --- grouping ---

    def _grouped(
        self, projection: s.ProjectionBody, items: list[tuple[str, s.Expression]], rows: Rows
    ) -> _Projected:
        name, scope = aggregation.grouped(self._lowering, self._add, items, rows)
        if projection.distinct:
            distinct = self._session.fresh("d")
            values = {text: not_nan(self._session, value) for text, value in scope.items()}
            columns, scope = self._laid_out(values, distinct)
            query = sql.select(columns, [sql.relation(name, name)])
            query.set("distinct", exp.Distinct())
            self._add(distinct, query)
            name = distinct
        return self._ordered_after(projection, items, name, scope)


def _one() -> exp.Expression:
    return sql.aliased(exp.Literal.number(1), "one")

"""Clauses to table expressions: MATCH, OPTIONAL MATCH and UNWIND; the order of clauses."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import syntax as s
from graphchannel.compiler import types as t
from graphchannel.compiler.clauses import nested
from graphchannel.compiler.clauses.projection import Output, Projector
from graphchannel.compiler.clauses.rows import Rows, Stored, Tables, as_nullable, stored
from graphchannel.compiler.patterns.alternatives import check_names
from graphchannel.compiler.patterns.branches import match_branches
from graphchannel.compiler.patterns.told_ends import with_ends_told
from graphchannel.compiler.syntax.liveness import (
    NOTHING,
    Liveness,
    liveness_by_clause,
)
from graphchannel.compiler.values.context import Context
from graphchannel.compiler.values.representation import from_sql, list_of, to_sql

if TYPE_CHECKING:
    from graphchannel.compiler.patterns.branches import MatchBranch
    from graphchannel.compiler.values.context import Lowering
    from graphchannel.compiler.values.model import Value


class Clauses:
    """Lowers the clauses of one single query, each onto the rows of the one before."""

    def __init__(self, lowering: Lowering, tables: Tables) -> None:
        self._lowering = lowering
        self._session = lowering.session
        self._tables = tables
        self._projector = Projector(lowering, tables.add)

    def lower(
        self, query: s.SingleQuery, rows: Rows | None = None, after: Liveness = NOTHING
    ) -> Output:
        """Return the output of a query that ends with RETURN.

        A nested one begins with `rows` that hold what it sees of the query around it, whose later
        clauses ask for `after`.
        """
        clauses = with_ends_told(query.clauses)
        needs = liveness_by_clause(clauses, after)
        around = rows = rows or Rows()
        for i, clause in enumerate(clauses):
            match clause:
                case s.Match(optional=False):
                    rows = self._match(clause, rows, needs[i], needs[i + 1])
                case s.Match():
                    rows = self._optional(clause, rows, needs[i], needs[i + 1])
                case s.Unwind():
                    rows = self._unwind(clause, rows, needs[i + 1])
                case s.With():
                    seen = around.scope if around.lasting else {}
                    rows = self._projector.with_(clause, rows, needs[i + 1], seen)
                    rows = nested.with_surroundings(self._session, clause, rows, around)
                case s.CallSubquery():
                    rows = self._call(clause, rows, needs[i + 1])
                case s.Return():
                    return self._projector.return_(clause, rows)
        raise TypeError("a query ends with RETURN")

    # --- MATCH ---

    def _match(self, clause: s.Match, rows: Rows, now: Liveness, after: Liveness) -> Rows:
        check_names(self._session, clause, rows.declared)
        found, added = match_branches(self._lowering, clause, rows.scope, now)
        self._session.names.update(added)
        name = self._session.fresh("m")
        names = [n for n in (*rows.scope, *added) if after.needs(n)]
        queries, rebuilt = self._selected(found, names, rows, after)
        self._tables.add(name, sql.union_all(queries))
        rebuilt_scope = {n: s_.rebuild(name) for n, s_ in rebuilt.items()}
        return Rows(
            name,
            rebuilt_scope,
            declared=rows.declared | set(added),
            known=rows.known.matched(clause),
        )

    def _selected(
        self, found: list[MatchBranch], names: list[str], rows: Rows, after: Liveness
    ) -> tuple[list[exp.Select], dict[str, Stored]]:
        """Return a SELECT for each branch, all with the same columns."""
        queries = []
        first: dict[str, Stored] = {}
        for branch in found:
            layout = {n: self._stored(n, branch.scope[n], after) for n in names}
            if not first:
                first = layout
            columns = []
            for n in names:
                texts = [text for text, _ in first[n].columns]
                values = [value for _, value in layout[n].columns]
                columns += [
                    sql.aliased(value.copy(), text)
                    for text, value in zip(texts, values, strict=True)
                ]
            sources = [*self._source(rows), *branch.sources]
            queries.append(sql.select(columns or [sql.one()], sources, branch.conditions))
        return queries, first

    def _stored(self, name: str, value: Value, after: Liveness) -> Stored:
        return stored(self._session, name, value, self._session.spelled(after.of(name)))

    def _source(self, rows: Rows) -> list[exp.Expression]:
        return [] if rows.relation is None else [sql.relation(rows.relation, rows.relation)]

    # --- OPTIONAL MATCH ---

    def _optional(self, clause: s.Match, rows: Rows, now: Liveness, after: Liveness) -> Rows:
        """Lower OPTIONAL MATCH: number the rows, match on from them, join back by number."""
        left = self._numbered(rows, now)
        check_names(self._session, clause, rows.declared)
        found, added = match_branches(self._lowering, clause, left.scope, now)
        self._session.names.update(added)
        inner = self._session.fresh("o")
        names = [n for n in added if after.needs(n)]
        queries, rebuilt = self._selected(found, names, left, after)
        for query in queries:
            query.append("expressions", sql.aliased(sql.column(left.relation or "", "rid"), "rid"))
        self._tables.add(inner, sql.union_all(queries))
        name = self._session.fresh("m")
        columns, scope = self._carried(left, after, name)
        for n, layout in rebuilt.items():
            columns += [sql.column(inner, text) for text, _ in layout.columns]
            scope[n] = as_nullable(layout.rebuild(name))
        query = sql.select(columns or [sql.one()], self._source(left))
        same = sql.equal(sql.column(left.relation or "", "rid"), sql.column(inner, "rid"))
        query.append("joins", exp.Join(this=sql.relation(inner, inner), side="LEFT", on=same))
        self._tables.add(name, query)
        return Rows(name, scope, declared=rows.declared | set(added), known=rows.known)

    def _numbered(self, rows: Rows, now: Liveness) -> Rows:
        name = self._session.fresh("r")
        columns, scope = self._carried(rows, now, name)
        if rows.relation is None:
            number: exp.Expression = exp.Literal.number(1)
        else:
            number = self._session.dialect.row_number()
        columns.append(sql.aliased(number, "rid"))
        materialized = self._session.dialect.materializes or None
        self._tables.add(name, sql.select(columns, self._source(rows)), materialized=materialized)
        return Rows(name, scope, declared=rows.declared)

    def _carried(
        self, rows: Rows, needs: Liveness, name: str
    ) -> tuple[list[exp.Expression], dict[str, Value]]:
        """Return the columns that hold what is needed of the rows, and their scope in `name`."""
        columns: list[exp.Expression] = []
        scope: dict[str, Value] = {}
        for variable, value in rows.scope.items():
            if needs.needs(variable):
                kept = self._stored(variable, value, needs)
                columns += kept.projections
                scope[variable] = kept.rebuild(name)
        return columns, scope

    # --- CALL ---

    def _call(self, clause: s.CallSubquery, rows: Rows, after: Liveness) -> Rows:
        """Lower CALL: the rows of a query for each row so far, as a lateral join."""
        if self._session.dialect.name == "spark":
            raise self._session.refuse(
                clause.at, "on Spark CALL { … }", "use OPTIONAL MATCH and WITH"
            )
        tables = Tables(self._session.stages)
        inner = Clauses(self._lowering, tables)
        outputs = [
            inner.lower(part, seen, after)
            for part, seen in nested.imported(self._session, clause, rows)
        ]
        query, layout = nested.selected(self._session, clause.query, outputs, tables)
        nested.check_new(self._session, clause, layout, rows)
        self._session.names.update(layout)
        alias, name = self._session.fresh("c"), self._session.fresh("m")
        columns, scope = self._carried(rows, after, name)
        for n, held in layout.items():
            columns += [sql.column(alias, text) for text, _ in held.columns]
            value = held.rebuild(name)
            scope[n] = as_nullable(value) if clause.optional else value
        joined = sql.select(
            columns or [sql.one()],
            self._source(rows) or [sql.derived(sql.select([sql.one()], []), f"{alias}_one")],
        )
        joined.append("joins", nested.lateral(query, alias, optional=clause.optional))
        self._tables.add(name, joined)
        return replace(
            rows,
            relation=name,
            scope=scope,
            order=(),
            declared=rows.declared | set(layout),
            ordered_by=frozenset(),
        )

    # --- UNWIND ---

    def _unwind(self, clause: s.Unwind, rows: Rows, after: Liveness) -> Rows:
        if clause.variable in rows.declared:
            raise self._session.wrong(
                clause.at, f"The variable '{clause.variable}' exists already."
            )
        value = self._lowering.lower(clause.expression, Context(rows.scope))
        if isinstance(value.type, t.NullType):  # no rows, as of an empty list
            value = list_of(self._session, clause.at, ())
        if not isinstance(value.type, t.ListType):
            raise self._session.refuse(
                clause.at, f"UNWIND of {value.type}", "put it into a list: [x]"
            )
        element = value.type.element
        name = self._session.fresh("u")
        text = self._session.fresh(clause.variable)
        columns, scope = self._carried(rows, after, name)
        whole = sql.cast(to_sql(self._session, value), self._session.sql_type(value.type))
        columns.append(sql.aliased(self._session.dialect.unnested(whole), text))
        self._tables.add(name, sql.select(columns, self._source(rows)))
        found = from_sql(
            self._session, sql.column(name, text), element, nullable=value.type.nullable
        )
        scope[clause.variable] = found
        return Rows(name, scope, declared=rows.declared | {clause.variable}, known=rows.known)

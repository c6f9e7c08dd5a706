"""EXISTS { … }, COUNT { … } and COLLECT { … } as correlated subqueries.

What only matches is one SELECT; a query of more clauses is lowered like any other, with table
expressions of its own that see the rows around it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import syntax as s
from graphchannel.compiler.clauses import nested
from graphchannel.compiler.clauses.collected import Collected, gathered
from graphchannel.compiler.clauses.pipeline import Clauses
from graphchannel.compiler.clauses.rows import Tables
from graphchannel.compiler.expressions.lowering import Expressions
from graphchannel.compiler.functions import has_aggregate
from graphchannel.compiler.patterns.branches import MatchBranch, match_branches
from graphchannel.compiler.syntax.liveness import NOTHING, Liveness, liveness_by_clause
from graphchannel.compiler.values.context import Context
from graphchannel.compiler.values.keys import not_nan
from graphchannel.compiler.values.representation import as_scalar, to_sql

if TYPE_CHECKING:
    from graphchannel.compiler.clauses.rows import Stored
    from graphchannel.compiler.values.model import Value
    from graphchannel.compiler.values.representation import Scope
    from graphchannel.compiler.values.session import Session


class Subqueries:
    """Lowers the bodies of EXISTS and COUNT; they see the variables around them."""

    def __init__(self, session: Session) -> None:
        self.lowering = Expressions(session, self.exists, self.count, self.collect)
        self._session = session

    def exists(self, query: s.RegularQuery, scope: Scope) -> exp.Expression:
        """Return whether the query has a row."""
        if not _only_matches(query):
            rows, _ = self._rows(query, scope, "EXISTS")
            return exp.Exists(this=rows)
        found = []
        for part in query.parts:
            for branch in self._branches(part, scope, "EXISTS"):
                if not branch.impossible:
                    one = sql.select([exp.Literal.number(1)], branch.sources, branch.conditions)
                    subquery = exp.Exists(this=one)
                    self._check_depth(query, subquery)
                    found.append(subquery)
        return sql.any_of(found)

    def count(self, query: s.RegularQuery, scope: Scope) -> exp.Expression:
        """Return the number of the query's rows."""
        if len(query.parts) > 1 or not _only_matches(query):
            rows, _ = self._rows(query, scope, "COUNT")
            alias = self._session.fresh("d")
            counted = sql.select([exp.Count(this=exp.Star())], [sql.derived(rows, alias)])
            return sql.cast(exp.Subquery(this=counted), "bigint")
        total: exp.Expression | None = None
        branches = self._branches(query.parts[0], scope, "COUNT")
        last = query.parts[0].clauses[-1]
        if isinstance(last, s.Return) and last.projection.distinct:
            return self._count_distinct(query, branches, last.projection)
        for branch in branches:
            if branch.impossible:
                continue
            rows = sql.select([exp.Count(this=exp.Star())], branch.sources, branch.conditions)
            number = exp.Subquery(this=rows)
            self._check_depth(query, number)
            total = number if total is None else exp.Add(this=total, expression=number)
        return sql.integer(0) if total is None else sql.cast(total, "bigint")

    def _count_distinct(
        self, query: s.RegularQuery, branches: list[MatchBranch], projection: s.ProjectionBody
    ) -> exp.Expression:
        alias = self._session.fresh("d")
        rows = [
            self._selected(branch, [item.expression for item in projection.items])
            for branch in branches
            if not branch.impossible
        ]
        if not rows:
            return sql.integer(0)
        distinct = sql.select([exp.Star()], [sql.derived(sql.union_all(rows), alias)])
        distinct.set("distinct", exp.Distinct())
        outer = self._session.fresh("d")
        counted = sql.select([exp.Count(this=exp.Star())], [sql.derived(distinct, outer)])
        number = exp.Subquery(this=counted)
        self._check_depth(query, number)
        return sql.cast(number, "bigint")

    def _selected(self, branch: MatchBranch, expressions: list[s.Expression]) -> exp.Select:
        """Return the rows of a branch with columns `c0`, `c1` …, for values to be told apart."""
        context = Context(branch.scope)
        columns = []
        for i, expression in enumerate(expressions):
            value = not_nan(self._session, self.lowering.lower(expression, context))
            one = as_scalar(self._session, expression.at, value)
            columns.append(sql.aliased(to_sql(self._session, one), f"c{i}"))
        return sql.select(columns, branch.sources, branch.conditions)

    def collect(self, query: s.RegularQuery, scope: Scope) -> Value:
        """Return the list of what the query returns, nulls included."""
        last = query.parts[0].clauses[-1]
        if not isinstance(last, s.Return) or len(last.projection.items) != 1:
            raise self._session.wrong(query.at, "COLLECT { … } returns exactly one column.")
        if self._session.dialect.name == "spark":
            raise self._session.refuse(
                query.at, "on Spark a list out of a subquery", "use OPTIONAL MATCH and collect()"
            )
        if len(query.parts) > 1 or not _only_matches(query, listed=True):
            asked = Liveness({}, self._session.indirect)
            rows, layout = self._rows(query, scope, "COLLECT", after=asked)
            united = len(query.parts) > 1
            order = () if united else tuple(key.descending for key in last.projection.order)
            return gathered(self._session, query.at, rows, layout, order)
        branches = self._branches(query.parts[0], scope, "COLLECT")
        return Collected(self.lowering, query.at, last.projection, branches).value()

    def _rows(
        self, query: s.RegularQuery, scope: Scope, word: str, after: Liveness = NOTHING
    ) -> tuple[exp.Query, dict[str, Stored]]:
        """Return the rows of a query of any clauses, and their columns by name."""
        if self._session.dialect.name == "spark":
            raise self._session.refuse(
                query.at, f"on Spark {word} {{ … }} of more than MATCH and WHERE", "use WITH"
            )
        tables = Tables(self._session.stages)
        clauses = Clauses(self.lowering, tables)
        whole = replace(query, parts=tuple(map(_returning, query.parts)))
        outputs = [clauses.lower(part, nested.seeing(scope), after) for part in whole.parts]
        listed = word == "COLLECT"
        return nested.selected(self._session, whole, outputs, tables, ordered=listed)

    def _check_depth(self, query: s.RegularQuery, subquery: exp.Expression) -> None:
        """Refuse a subquery in a COUNT that needs a column from two levels up, on Spark.

        Where it is in an EXISTS, `sql.decorrelation` brings the column near.
        """
        if self._session.dialect.correlates_deeply or isinstance(subquery, exp.Exists):
            return
        for inner in subquery.find_all(exp.Exists, exp.Subquery):
            select = inner.this
            if inner is subquery or not isinstance(select, exp.Select) or inner.alias:
                continue
            around = inner.parent_select
            near = _aliases(select) | (_aliases(around) if around is not None else set())
            if any(column.table and column.table not in near for column in _own_columns(select)):
                raise self._session.refuse(
                    query.at,
                    "on Spark a subquery in a COUNT that uses a variable of the outermost query",
                    "join with MATCH instead of the inner one",
                )

    def _branches(self, query: s.SingleQuery, scope: Scope, word: str) -> list[MatchBranch]:
        # what a COLLECT returns goes on as elements of a list, of which anything may be asked
        asked = self._session.indirect if word == "COLLECT" else frozenset()
        needs = [need | Liveness({}, asked) for need in liveness_by_clause(query.clauses)]
        found = [MatchBranch([], [], scope)]
        for clause, need in zip(query.clauses, needs, strict=False):
            match clause:
                case s.Match(optional=False):
                    found = [
                        self._joined(a, b)
                        for a in found
                        for b in match_branches(self.lowering, clause, a.scope, need)[0]
                    ]
                case s.Return():
                    self._check_return(clause, found[0].scope, word)
                case _:
                    raise TypeError(type(clause).__name__)  # see `_only_matches`
        return found

    def _joined(self, before: MatchBranch, after: MatchBranch) -> MatchBranch:
        return MatchBranch(
            before.sources + after.sources,
            before.conditions + after.conditions,
            after.scope,
            before.impossible or after.impossible,
        )

    def _check_return(self, clause: s.Return, scope: Scope, word: str) -> None:
        projection = clause.projection
        if word == "EXISTS" or (word == "COUNT" and not projection.distinct):
            for item in projection.items:
                self.lowering.lower(item.expression, Context(scope))


def _only_matches(query: s.RegularQuery, *, listed: bool = False) -> bool:
    """Whether a query is MATCH and WHERE, and a RETURN that changes no row.

    Where its rows are `listed` they may be ordered and cut as well: a list is.
    """
    return all(_is_match(clause, listed=listed) for part in query.parts for clause in part.clauses)


def _is_match(clause: s.Clause, *, listed: bool) -> bool:
    if isinstance(clause, s.Return):
        body = clause.projection
        cut = (body.skip or body.limit) and not listed
        sorted_ = body.distinct and body.order
        aggregates = any(has_aggregate(item.expression) for item in body.items)
        return not (body.star or cut or sorted_ or aggregates)
    return isinstance(clause, s.Match) and not clause.optional


def _returning(part: s.SingleQuery) -> s.SingleQuery:
    """Return a query that ends with RETURN: rows alone are asked for where there is none."""
    if isinstance(part.clauses[-1], s.Return):
        return part
    item = s.Item(part.at, s.Literal(part.at, 1), "one", "1")
    body = s.ProjectionBody(
        part.at, distinct=False, star=False, items=(item,), order=(), skip=None, limit=None
    )
    return s.SingleQuery(part.at, (*part.clauses, s.Return(part.at, body)))


def _aliases(select: exp.Select) -> set[str]:
    """Return the names of the relations in a FROM."""
    from_ = select.args.get("from_")
    sources = [from_.this] if from_ is not None else []
    sources += [join.this for join in select.args.get("joins") or ()]
    return {source.alias for source in sources}


def _own_columns(select: exp.Select) -> list[exp.Column]:
    """Return the columns in a SELECT's conditions, those in relations that it joins left out."""
    where = select.args.get("where")
    return list(where.find_all(exp.Column)) if where is not None else []

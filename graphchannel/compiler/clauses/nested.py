"""A query inside another: what it sees of the rows around it, and what these get from it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeGuard

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import syntax as s
from graphchannel.compiler import types as t
from graphchannel.compiler.clauses.bounds import bounded
from graphchannel.compiler.clauses.determinacy import Dependencies
from graphchannel.compiler.clauses.rows import Rows, Stored, Tables, stored
from graphchannel.compiler.clauses.united import united
from graphchannel.compiler.values.keys import not_nan
from graphchannel.compiler.values.representation import as_scalar, from_sql, to_sql

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphchannel.compiler.clauses.projection import Output
    from graphchannel.compiler.values.representation import Scope
    from graphchannel.compiler.values.session import Session


def seeing(scope: Scope) -> Rows:
    """Return one row of no columns that sees variables from around: each is fixed there."""
    known = Dependencies(tuple((frozenset[str](), name) for name in scope))
    return Rows(scope=scope, declared=frozenset(scope), known=known, lasting=True)


def with_surroundings(session: Session, clause: s.With, rows: Rows, around: Rows) -> Rows:
    """Return the rows after a WITH, where a nested query goes on seeing what is around it."""
    for item in clause.projection.items if around.lasting else ():
        name = item.alias or item.text
        same = isinstance(item.expression, s.Variable) and item.expression.name == name
        if name in around.scope and not same:
            raise session.wrong(item.at, f"The variable '{name}' exists already.")
    if not around.lasting:
        return rows
    pairs = (*rows.known.pairs, *around.known.pairs)
    return replace(
        rows,
        scope={**rows.scope, **around.scope},
        declared=rows.declared | around.declared,
        known=Dependencies(pairs),
    )


def imported(
    session: Session, clause: s.CallSubquery, rows: Rows
) -> Iterator[tuple[s.SingleQuery, Rows]]:
    """Yield the parts of a CALL's query, each with what it sees."""
    names = tuple(rows.scope) if clause.every else clause.imports
    for part in clause.query.parts:
        if names is not None:
            yield part, seeing(_named(session, clause.at, names, rows))
            continue
        first = part.clauses[0]
        if not _imports(first):
            yield part, Rows()
            continue
        projection = first.projection
        listed = tuple(item.text for item in projection.items)
        listed += tuple(rows.scope) if projection.star else ()
        scope = _named(session, first.at, listed, rows)
        # what a WITH imports is seen up to the next WITH only
        yield s.SingleQuery(part.at, part.clauses[1:]), replace(seeing(scope), lasting=False)


def _imports(clause: s.Clause) -> TypeGuard[s.With]:
    """Whether a first clause is a WITH that imports: variables and nothing else."""
    if not isinstance(clause, s.With):
        return False
    items = clause.projection.items
    body = clause.projection
    if clause.where or body.distinct or body.order or body.skip or body.limit:
        return False
    return all(isinstance(i.expression, s.Variable) and i.alias in (None, i.text) for i in items)


def _named(session: Session, at: s.Position, names: tuple[str, ...], rows: Rows) -> Scope:
    for name in names:
        if name not in rows.scope:
            raise session.unknown(at, "The variable", name, list(rows.scope))
    return {name: rows.scope[name] for name in names}


def check_new(
    session: Session, clause: s.CallSubquery, layout: Mapping[str, Stored], rows: Rows
) -> None:
    """Refuse a CALL that returns what the rows around it have already, as Neo4j does."""
    for name in layout:
        if name in rows.declared:
            raise session.wrong(clause.at, f"CALL returns '{name}', which exists already.")
    for part in clause.query.parts:
        last = part.clauses[-1]
        for item in last.projection.items if isinstance(last, s.Return) else ():
            if item.alias is None and not isinstance(item.expression, s.Variable):
                raise session.wrong(
                    item.at, f"An expression that CALL returns needs a name: {item.text} AS name."
                )


def lateral(query: exp.Query, alias: str, *, optional: bool) -> exp.Join:
    """Return the join of each row with the rows of a query that sees it."""
    joined = exp.Lateral(this=exp.Subquery(this=query), alias=exp.TableAlias(this=sql.name(alias)))
    if optional:
        return exp.Join(this=joined, side="LEFT", on=sql.TRUE.copy())
    return exp.Join(this=joined, kind="CROSS")


def selected(
    session: Session,
    query: s.RegularQuery,
    outputs: list[Output],
    tables: Tables,
    *,
    ordered: bool = False,
) -> tuple[exp.Query, dict[str, Stored]]:
    """Return the rows of a nested query, and how its columns become values again.

    With `ordered` the keys of its order stand behind them, as `s0`, `s1` ….
    """
    if len(outputs) > 1:
        return _united(session, query, outputs, tables)
    output = outputs[0]
    layout = {name: stored(session, name, value) for name, value in output.items}
    columns = [column for held in layout.values() for column in held.projections]
    for i, (key, _) in enumerate(output.order if ordered else ()):
        columns.append(sql.aliased(key.copy(), f"s{i}"))
    found = output.query
    found.set("expressions", columns or [sql.one()])
    limited = output.skip is not None or output.limit is not None
    order = output.order if limited else ()
    return tables.onto(bounded(found, order, output.skip, output.limit)), layout


def _united(
    session: Session, query: s.RegularQuery, outputs: list[Output], tables: Tables
) -> tuple[exp.Query, dict[str, Stored]]:
    names = [name for name, _ in outputs[0].items]
    types = {name: _type(session, query, outputs, name) for name in names}
    branches: list[exp.Query] = []
    for output in outputs:
        values = dict(output.items)
        columns: list[exp.Expression] = []
        for i, name in enumerate(names):
            value = values[name]
            one = value if query.all_rows else not_nan(session, value)
            whole = to_sql(session, as_scalar(session, query.at, one))
            columns.append(sql.aliased(sql.cast(whole, session.sql_type(types[name])), f"c{i}"))
        found = output.query
        found.set("expressions", columns or [sql.one()])
        limited = output.skip is not None or output.limit is not None
        found = bounded(found, output.order if limited else (), output.skip, output.limit)
        if limited:
            alias = session.fresh("v")
            tables.add(alias, found)
            found = sql.select([exp.Star()], [sql.relation(alias, alias)])
        branches.append(found)
    joined = branches[0]
    for branch in branches[1:]:
        joined = exp.Union(this=joined, expression=branch, distinct=not query.all_rows)
    alias = session.fresh("u")
    tables.add(alias, joined)
    layout = {
        name: _held(session, f"{alias}_{i}", sql.column(alias, f"c{i}"), types[name])
        for i, name in enumerate(names)
    }
    columns = [column for held in layout.values() for column in held.projections]
    return tables.onto(sql.select(columns, [sql.relation(alias, alias)])), layout


def _held(session: Session, text: str, column: exp.Expression, type_: t.CypherType) -> Stored:
    return Stored(
        ((text, column),), lambda alias: from_sql(session, sql.column(alias, text), type_)
    )


def _type(
    session: Session, query: s.RegularQuery, outputs: list[Output], name: str
) -> t.CypherType:
    type_: t.CypherType = t.NULL
    for part, output in zip(query.parts, outputs, strict=True):
        values = dict(output.items)
        if values.keys() != dict(outputs[0].items).keys():
            raise session.wrong(
                part.at, "All parts of a UNION must return columns of the same names."
            )
        type_ = united(session, part.at, name, type_, values[name].type)
    return type_

"""A whole query: UNION, the last SELECT, and the text."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import syntax as s
from graphchannel.compiler import types as t
from graphchannel.compiler.clauses.bounds import bounded
from graphchannel.compiler.clauses.pipeline import Clauses
from graphchannel.compiler.clauses.rows import Tables
from graphchannel.compiler.clauses.subqueries import Subqueries
from graphchannel.compiler.clauses.united import united
from graphchannel.compiler.result import Compiled, ResultColumn
from graphchannel.compiler.sql.dialects import named
from graphchannel.compiler.syntax.liveness import of_query
from graphchannel.compiler.values.doubts import as_float
from graphchannel.compiler.values.keys import not_nan
from graphchannel.compiler.values.model import Entity, Path, Scalar, Value, WrittenTime
from graphchannel.compiler.values.representation import to_sql
from graphchannel.compiler.values.session import Session
from graphchannel.errors import UnknownName

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphchannel.compiler.clauses.projection import Output
    from graphchannel.schema.model import GraphSchema


def lowered(
    query: s.RegularQuery,
    schema: GraphSchema,
    dialect: str,
    parameters: Mapping[str, t.CypherType],
    name: str,
    *,
    exploring: bool = False,
) -> Compiled:
    """Lower a parsed query.

    Types of parameters are inferred from use; a use may come before the one that tells the type, so
    the query is lowered again while a pass learns something. Raises
    CypherError for what is no portable query.
    """
    known: dict[str, t.CypherType] = {}
    while True:
        session = Session(
            schema=schema,
            dialect=named(dialect),
            name=name,
            declared=parameters,
            indirect=of_query(query).indirect,
            inferred=dict(known),
            exploring=exploring,
        )
        compiled = _QueryLowering(session).compile(query)
        # only a use that passed for null, of a type told later, was lowered without knowing it
        if not session.untyped.keys() & session.inferred.keys():
            break
        known = session.inferred
    for parameter, at in session.untyped.items():
        if parameter not in session.used:
            raise UnknownName(
                f"The type of ${parameter} cannot be told from its use; compare it with "
                "a property, or write the value itself.",
                line=at.line,
                column=at.column,
                name=name,
            )
    return compiled


class _QueryLowering:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._tables = Tables(session.stages)
        self._lowering = Subqueries(session).lowering

    def compile(self, query: s.RegularQuery) -> Compiled:
        outputs = [Clauses(self._lowering, self._tables).lower(part) for part in query.parts]
        for part, output in zip(query.parts, outputs, strict=True):
            self._refuse_identities(part, output)
        if len(outputs) == 1:
            selected, columns = self._single(outputs[0])
            ordered = bool(outputs[0].order)
        else:
            selected, columns = self._union(query, outputs)
            ordered = False
        whole = self._tables.onto(selected)
        return Compiled(
            sql=self._session.dialect.print(whole),
            columns=columns,
            parameters=MappingProxyType(self._parameters(whole)),
            tables=frozenset(self._session.touched),
            ordered=ordered,
            notes=tuple(self._session.notes),
        )

    def _parameters(self, query: exp.Query) -> dict[str, t.CypherType]:
        """Return the parameters that the SQL names: one that is always null is not among them."""
        named_ = {placeholder.name for placeholder in query.find_all(exp.Placeholder)}
        return {name: type_ for name, type_ in self._session.used.items() if name in named_}

    def _refuse_identities(self, part: s.SingleQuery, output: Output) -> None:
        """Refuse to show what `id` or `elementId` gives: each engine has its own."""
        last = part.clauses[-1]
        items = last.projection.items if isinstance(last, s.Return) else ()
        places = {item.alias or item.text: item.at for item in items}
        for name, value in output.items:
            shown = t.identity_in(value.type)
            if shown is not None:
                raise self._session.refuse(
                    places.get(name, last.at),
                    f"{shown.function}() in a result",
                    "return the node itself, or a property that identifies it",
                )

    def _single(self, output: Output) -> tuple[exp.Query, tuple[ResultColumn, ...]]:
        query = output.query
        query.set(
            "expressions",
            [sql.aliased(self._shown(value), name) for name, value in output.items],
        )
        columns = tuple(ResultColumn(name, value.type) for name, value in output.items)
        return bounded(query, output.order, output.skip, output.limit), columns

    # --- UNION ---

    def _union(
        self, query: s.RegularQuery, outputs: list[Output]
    ) -> tuple[exp.Query, tuple[ResultColumn, ...]]:
        names = [name for name, _ in outputs[0].items]
        types: dict[str, t.CypherType] = {}
        for part, output in zip(query.parts, outputs, strict=True):
            values = dict(output.items)
            if sorted(values) != sorted(names):
                raise self._session.wrong(
                    part.at, "All parts of a UNION must return columns of the same names."
                )
            for name in names:
                before = types.get(name, t.NULL)
                types[name] = united(self._session, part.at, name, before, values[name].type)
        distinct = not query.all_rows
        branches = [self._branch(output, names, types, distinct=distinct) for output in outputs]
        joined: exp.Query = branches[0]
        for branch in branches[1:]:
            joined = exp.Union(this=joined, expression=branch, distinct=distinct)
        alias = self._session.fresh("u")
        self._tables.add(alias, joined)
        shown = []
        for i, name in enumerate(names):
            value = self._value(sql.column(alias, f"c{i}"), types[name])
            shown.append(sql.aliased(self._shown(value), name))
        selected = sql.select(shown, [sql.relation(alias, alias)])
        return selected, tuple(ResultColumn(name, types[name]) for name in names)

    def _branch(
        self,
        output: Output,
        names: list[str],
        types: Mapping[str, t.CypherType],
        *,
        distinct: bool,
    ) -> exp.Query:
        values = dict(output.items)
        columns = []
        for i, name in enumerate(names):
            value, type_ = values[name], types[name]
            if isinstance(value.type, t.NullType):
                one = self._session.null(type_)
            elif isinstance(value, Entity | Scalar):
                one = to_sql(self._session, not_nan(self._session, value) if distinct else value)
            else:
                raise self._session.refuse(
                    s.Position(1, 1), f"UNION of {value.type}", "return scalar values"
                )
            columns.append(sql.aliased(sql.cast(one, self._session.sql_type(type_)), f"c{i}"))
        query = output.query
        query.set("expressions", columns)
        limited = output.skip is not None or output.limit is not None
        order = output.order if limited else ()
        query = bounded(query, order, output.skip, output.limit)
        if not limited:
            return query
        alias = self._session.fresh("v")
        self._tables.add(alias, query)
        return sql.select([exp.Star()], [sql.relation(alias, alias)])

    def _value(self, column: exp.Expression, type_: t.CypherType) -> Value:
        if isinstance(type_, t.NodeType | t.RelationshipType):
            return Entity(type_, sql.field(column, "k"), None, {})
        return Scalar(column, type_)

    # --- what results show ---

    def _shown(self, value: Value) -> exp.Expression:
        """Return a value as results hold it: entities as keys."""
        if isinstance(value, Scalar) and self._session.exploring:
            value = as_float(self._session, value)  # a column has one type: 0.0 for the integer 0
        if isinstance(value, Entity):
            return value.key.copy()
        if isinstance(value, WrittenTime):
            return sql.string(str(value.instant))
        if isinstance(value, Path):
            parts = []
            for text, list_ in (("nodes", value.nodes), ("relationships", value.relationships)):
                keys = self._keys(to_sql(self._session, list_), list_.type)
                parts.append(exp.PropertyEQ(this=exp.to_identifier(text), expression=keys))
            struct = exp.Struct(expressions=parts)
            if not value.nullable:
                return struct
            present = sql.is_not_null(to_sql(self._session, value.nodes))
            return sql.case([(present, struct)], None)
        return self._keys(to_sql(self._session, value), value.type)

    def _keys(self, expression: exp.Expression, type_: t.CypherType) -> exp.Expression:
        """Return lists with entities replaced by their keys, at any depth."""
        if isinstance(type_, t.NodeType | t.RelationshipType):
            return sql.field(expression, "k")
        if isinstance(type_, t.ListType) and _holds_entities(type_):
            name = self._session.fresh("x")
            inner = self._keys(sql.variable(name), type_.element)
            return self._session.dialect.mapped(expression, name, inner)
        if isinstance(type_, t.MapType) and _holds_entities(type_):
            raise self._session.refuse(s.Position(1, 1), "a map of nodes", "return the nodes")
        if isinstance(type_, t.MapType) and not type_.entries:
            raise self._session.refuse(s.Position(1, 1), "an empty map", "return null")
        return expression


def _holds_entities(type_: t.CypherType) -> bool:
    if isinstance(type_, t.ListType):
        return _holds_entities(type_.element)
    if isinstance(type_, t.MapType):
        return any(_holds_entities(inner) for _, inner in type_.entries)
    return t.is_entity(type_)

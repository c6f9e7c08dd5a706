"""Rows between clauses: common table expressions, and variables as their columns."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import types as t
from graphchannel.compiler.clauses.determinacy import Dependencies
from graphchannel.compiler.values.model import (
    Doubt,
    Duration,
    Entity,
    Items,
    Path,
    Scalar,
    Value,
    WrittenTime,
)
from graphchannel.compiler.values.naming import field_name
from graphchannel.compiler.values.representation import to_sql

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from graphchannel.compiler.sql.dialects.base import SortKey
    from graphchannel.compiler.syntax.liveness import Attribute
    from graphchannel.compiler.values.representation import Scope
    from graphchannel.compiler.values.session import Session


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows so far: the table expression that holds them, and the variables as its columns.

    `relation` is None before the first clause: one row of no columns. `order` is what an ORDER BY
    left for a collect() in the next clause. `declared` are all names, those that nobody needs as
    well. `known` says which variables depend on which, `ordered_by` which ones the order fixes.
    `lasting`: a nested query sees these variables also after its WITH.
    """

    relation: str | None = None
    scope: Scope = field(default_factory=dict)
    order: tuple[SortKey, ...] = ()
    declared: frozenset[str] = frozenset()
    known: Dependencies = Dependencies()  # noqa: RUF009 - it cannot be changed
    ordered_by: frozenset[str] = frozenset()
    lasting: bool = False


@dataclass
class Tables:
    """The table expressions of one query, in order."""

    names: set[str]  # grows as well: patterns look up where a bound variable's rows are
    expressions: list[exp.CTE] = field(default_factory=list)

    def add(self, name: str, query: exp.Query, *, materialized: bool | None = None) -> None:
        """Add one."""
        self.names.add(name)
        if any(call.name == "random" for call in query.find_all(exp.Anonymous)):
            materialized = True  # each row has one number, however often it is looked at
        alias = exp.TableAlias(this=sql.name(name))
        self.expressions.append(exp.CTE(this=query, alias=alias, materialized=materialized))

    def onto(self, query: exp.Query) -> exp.Query:
        """Return a query with all table expressions in its WITH."""
        if self.expressions:
            query.set("with_", exp.With(expressions=list(self.expressions)))
        return query


@dataclass(frozen=True, slots=True)
class Stored:
    """A variable on its way into a table expression."""

    columns: tuple[tuple[str, exp.Expression], ...]
    rebuild: Callable[[str], Value]

    @property
    def projections(self) -> list[exp.Expression]:
        """The columns as items of SELECT."""
        return [sql.aliased(expression.copy(), text) for text, expression in self.columns]


def stored(
    session: Session,
    name: str,
    value: Value,
    keep: frozenset[Attribute] | None = None,
) -> Stored:
    """Lay a value out as columns; of an entity only the attributes in `keep` (None: all)."""
    base = session.fresh(name)
    if isinstance(value, Entity):
        return _stored_entity(base, value, keep)
    if isinstance(value, Path):
        nodes, relationships = (
            _list_sql(session, part) for part in (value.nodes, value.relationships)
        )
        columns = ((f"{base}__n", nodes), (f"{base}__r", relationships))

        def rebuild_path(alias: str) -> Value:
            return Path(
                value.type,
                Scalar(
                    sql.column(alias, f"{base}__n"),
                    t.ListType(value.type.nodes, nullable=False),
                    nullable=value.nullable,
                ),
                Scalar(
                    sql.column(alias, f"{base}__r"),
                    t.ListType(value.type.relationships, nullable=False),
                    nullable=value.nullable,
                ),
                nullable=value.nullable,
            )

        return Stored(columns, rebuild_path)
    if isinstance(value, Duration):
        return _stored_duration(base, value)
    if isinstance(value, WrittenTime):  # known without a column
        return Stored((), lambda _: value)
    # what is doubtful about it is kept in mind until it is compared, or handed out
    doubts = value.doubts if isinstance(value, Scalar) else Doubt(0)
    plain = replace(value, doubts=Doubt(0)) if isinstance(value, Scalar) else value
    nan = isinstance(value, Scalar) and value.nan
    return Stored(
        ((base, to_sql(session, plain)),),
        lambda alias: Scalar(
            sql.column(alias, base), value.type, nullable=value.nullable, nan=nan, doubts=doubts
        ),
    )


def _stored_duration(base: str, value: Duration) -> Stored:
    parts = {"months": value.months, "days": value.days, "seconds": value.seconds}
    held = [(f"{base}__{name}", part) for name, part in parts.items() if part is not None]

    def rebuild(alias: str) -> Value:
        months, days, seconds = (
            None if part is None else sql.column(alias, f"{base}__{name}")
            for name, part in parts.items()
        )
        return replace(value, months=months, days=days, seconds=seconds)

    return Stored(tuple(held), rebuild)


def _list_sql(session: Session, value: Items | Scalar) -> exp.Expression:
    return sql.cast(to_sql(session, value), session.sql_type(value.type))


def _stored_entity(base: str, value: Entity, keep: frozenset[Attribute] | None) -> Stored:
    columns: list[tuple[str, exp.Expression]] = [(base, value.key)]
    if value.tag is not None:
        columns.append((f"{base}__t", value.tag))
    names: dict[Attribute, str] = {}
    for attribute in sorted(value.attributes, key=lambda a: (a.label, a.name)):
        expression = value.attributes[attribute]
        if keep is None or attribute in keep:
            names[attribute] = f"{base}__{field_name(attribute)}"
            columns.append((names[attribute], expression))

    def rebuild(alias: str) -> Value:
        return replace(
            value,
            key=sql.column(alias, base),
            tag=sql.column(alias, f"{base}__t") if value.tag is not None else None,
            attributes={a: sql.column(alias, text) for a, text in names.items()},
            source=None,
            target=None,
        )

    return Stored(tuple(columns), rebuild)


def tie_breakers(value: Value) -> list[exp.Expression]:
    """Return columns that tell the values of a variable apart, to sort by."""
    if isinstance(value, Entity):
        return [value.key] if value.tag is None else [value.key, value.tag]
    if isinstance(value, Path):
        return [part.sql for part in (value.nodes, value.relationships) if isinstance(part, Scalar)]
    if isinstance(value, Duration):
        return [part for part in (value.months, value.days, value.seconds) if part is not None]
    return [value.sql] if isinstance(value, Scalar) else []


def as_nullable(value: Value) -> Value:
    """Return a value that may be null, because OPTIONAL MATCH may not have found it."""
    return replace(value, nullable=True)


def renamed(value: Value, alias: str) -> Value:
    """Return a stored value as columns of the same names under another alias."""

    def moved(expression: exp.Expression | None) -> exp.Expression | None:
        if not isinstance(expression, exp.Column):
            return expression
        return sql.column(alias, expression.name)

    def kept(expression: exp.Expression) -> exp.Expression:
        found = moved(expression)
        return expression if found is None else found

    if isinstance(value, Scalar):
        return replace(value, sql=kept(value.sql))
    if isinstance(value, Entity):
        attributes: Mapping[Attribute, exp.Expression] = {
            a: kept(column) for a, column in value.attributes.items()
        }
        return replace(value, key=kept(value.key), tag=moved(value.tag), attributes=attributes)
    if isinstance(value, Duration):
        months, days, seconds = map(moved, (value.months, value.days, value.seconds))
        return replace(value, months=months, days=days, seconds=seconds)
    if isinstance(value, Path):
        nodes, relationships = value.nodes, value.relationships
        if isinstance(nodes, Scalar) and isinstance(relationships, Scalar):
            return replace(
                value,
                nodes=replace(nodes, sql=kept(nodes.sql)),
                relationships=replace(relationships, sql=kept(relationships.sql)),
            )
    return value

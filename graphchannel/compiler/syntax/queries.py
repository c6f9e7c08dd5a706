"""Clauses, and the queries that they make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from graphchannel.compiler.syntax.base import Expression, Position
    from graphchannel.compiler.syntax.patterns import PathPattern


@dataclass(frozen=True, slots=True)
class Match:
    """`[OPTIONAL] MATCH patterns [WHERE where]`."""

    at: Position
    optional: bool
    patterns: tuple[PathPattern, ...]
    where: Expression | None


@dataclass(frozen=True, slots=True)
class Unwind:
    """`UNWIND expression AS variable`."""

    at: Position
    expression: Expression
    variable: str


@dataclass(frozen=True, slots=True)
class Item:
    """One item of WITH or RETURN; `text` is its source, the column name where `alias` is None."""

    at: Position
    expression: Expression
    alias: str | None
    text: str


@dataclass(frozen=True, slots=True)
class SortItem:
    """One key of ORDER BY."""

    at: Position
    expression: Expression
    descending: bool


@dataclass(frozen=True, slots=True)
class ProjectionBody:
    """The common part of WITH and RETURN; `star` is a leading `*`."""

    at: Position
    distinct: bool
    star: bool
    items: tuple[Item, ...]
    order: tuple[SortItem, ...]
    skip: Expression | None
    limit: Expression | None


@dataclass(frozen=True, slots=True)
class With:
    """`WITH projection [WHERE where]`."""

    at: Position
    projection: ProjectionBody
    where: Expression | None


@dataclass(frozen=True, slots=True)
class Return:
    """`RETURN projection`: only the last clause of a query."""

    at: Position
    projection: ProjectionBody


@dataclass(frozen=True, slots=True)
class CallSubquery:
    """`[OPTIONAL] CALL (imports) { query }`: the rows of a query for each row so far.

    `imports` are the variables that it sees; None in the older form, whose parts begin with a WITH
    of what they see. `every` stands for `(*)`.
    """

    at: Position
    optional: bool
    imports: tuple[str, ...] | None
    every: bool
    query: RegularQuery


Clause: TypeAlias = Match | Unwind | With | Return | CallSubquery


@dataclass(frozen=True, slots=True)
class SingleQuery:
    """Clauses in order; the last is a Return, except in the body of EXISTS or COUNT."""

    at: Position
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class RegularQuery:
    """One query, or several joined by UNION (`all_rows`: by UNION ALL)."""

    at: Position
    parts: tuple[SingleQuery, ...]
    all_rows: bool = False

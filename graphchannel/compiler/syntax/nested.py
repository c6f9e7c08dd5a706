"""Expressions that hold a pattern or a whole query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.compiler.syntax.base import Expression

if TYPE_CHECKING:
    from graphchannel.compiler.syntax.patterns import PathPattern
    from graphchannel.compiler.syntax.queries import RegularQuery


@dataclass(frozen=True, slots=True)
class PatternPredicate(Expression):
    """A pattern used as a predicate: `WHERE (a)-->(b)`."""

    pattern: PathPattern


@dataclass(frozen=True, slots=True)
class PatternComprehension(Expression):
    """`[(a)-->(b) WHERE where | result]`."""

    pattern: PathPattern
    where: Expression | None
    result: Expression


@dataclass(frozen=True, slots=True)
class Exists(Expression):
    """`EXISTS { … }`.

    The short form `EXISTS { (a)-->(b) WHERE … }` is read as the query of one MATCH clause. Of all
    queries only those in braces may end without RETURN.
    """

    query: RegularQuery


@dataclass(frozen=True, slots=True)
class CollectSubquery(Expression):
    """`COLLECT { … RETURN x }`: the list of all values, nulls included."""

    query: RegularQuery


@dataclass(frozen=True, slots=True)
class CountSubquery(Expression):
    """`COUNT { … }`; its body is read like that of `EXISTS`."""

    query: RegularQuery

"""How large a query may be: what takes a database minutes to plan is refused at once.

Planning cannot be stopped by a timeout. The limits are far above what anybody asks.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING

from graphchannel.compiler.syntax.base import Position
from graphchannel.compiler.syntax.patterns import RelationshipPattern
from graphchannel.compiler.syntax.queries import Match, RegularQuery, SingleQuery
from graphchannel.compiler.syntax.terms import ListLiteral
from graphchannel.errors import NotPortable

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["check_length", "check_size"]

_MOST_CHARACTERS = 100_000
_MOST_RELATIONSHIPS = 40
_MOST_PATTERNS = 8  # of one MATCH; each that shares nothing multiplies the rows
_MOST_VALUES = 5_000  # of a list that is written out
_MOST_CLAUSES = 100


def check_length(text: str, name: str) -> None:
    """Raise NotPortable for a text that nobody wrote by hand."""
    if len(text) > _MOST_CHARACTERS:
        raise _too_much(
            f"The query has more than {_MOST_CHARACTERS:,} characters; give long lists as "
            "parameters.",
            Position(1, 1),
            name,
        )


def check_size(query: RegularQuery, name: str) -> RegularQuery:
    """Return the query; raise NotPortable for more relationships or clauses than are planned."""
    relationships = clauses = 0
    for node in _nodes(query):
        if isinstance(node, RelationshipPattern):
            relationships += 1
        if isinstance(node, SingleQuery):
            clauses += len(node.clauses)
        if isinstance(node, Match):
            _check_patterns(node, name)
        if isinstance(node, ListLiteral) and len(node.items) > _MOST_VALUES:
            raise _too_much(
                f"The list has more than {_MOST_VALUES:,} values; give it as a parameter.",
                node.at,
                name,
            )
        if relationships > _MOST_RELATIONSHIPS:
            raise _too_much(
                f"The query has more than {_MOST_RELATIONSHIPS} relationships; follow long chains "
                "with a path such as -[:T*1..8]->.",
                getattr(node, "at", query.at),
                name,
            )
        if clauses > _MOST_CLAUSES:
            raise _too_much(
                f"The query has more than {_MOST_CLAUSES} clauses; ask in several queries.",
                getattr(node, "at", query.at),
                name,
            )
    return query


def _check_patterns(match: Match, name: str) -> None:
    if len(match.patterns) > _MOST_PATTERNS:
        raise _too_much(
            f"This MATCH joins more than {_MOST_PATTERNS} patterns by commas, whose rows multiply; "
            "split it with WITH.",
            match.at,
            name,
        )


def _nodes(query: RegularQuery) -> Iterator[object]:
    """Yield all nodes of a tree; not by recursion, for it may be deep."""
    pending: list[object] = [query]
    while pending:
        node = pending.pop()
        if isinstance(node, tuple):
            pending.extend(node)
        elif is_dataclass(node):
            yield node
            pending.extend(getattr(node, field.name) for field in fields(node))


def _too_much(message: str, at: Position, name: str) -> NotPortable:
    return NotPortable(
        message, construct="a query of this size", line=at.line, column=at.column, name=name
    )

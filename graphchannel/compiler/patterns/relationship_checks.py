"""Relationships of a MATCH that Neo4j refuses, or that engines do not read alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.compiler import syntax as s

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphchannel.compiler.values.session import Session

__all__ = ["check_relationships"]


def check_relationships(session: Session, match: s.Match) -> None:
    """Refuse relationships that are not portable, by themselves or beside others."""
    for path in match.patterns:
        for relationship in path.relationships:
            _check_range(session, relationship)
            _check_types(session, relationship)
    _check_mixture(session, match)


def _check_range(session: Session, relationship: s.RelationshipPattern) -> None:
    if relationship.hops is not None and relationship.where is not None:
        raise session.refuse(
            relationship.at,
            "WHERE inside a variable-length relationship",
            "write WHERE all(r IN relationships(p) WHERE …)",
        )


def _check_types(session: Session, relationship: s.RelationshipPattern) -> None:
    """Refuse a type that is named twice: where Neo4j counts by its statistics, it counts twice."""
    names = list(_alternatives_of(relationship.types))
    for place, one in enumerate(names):
        if one.name in (other.name for other in names[:place]):
            raise session.refuse(one.at, f"the type {one.name} twice in one |", "name it once")


def _alternatives_of(types: s.LabelExpression | None) -> Iterator[s.LabelName]:
    match types:
        case s.LabelName():
            yield types
        case s.LabelOr():
            for operand in types.operands:
                yield from _alternatives_of(operand)


def _check_mixture(session: Session, match: s.Match) -> None:
    """Refuse `*1..3` beside `{1,3}`, and bounds of these that are none, as Neo4j does."""
    ranged = [r for p in match.patterns for r in p.relationships if r.hops is not None]
    for relationship in ranged:
        if not relationship.quantified or relationship.hops is None:
            continue
        least, most = relationship.hops.minimum or 0, relationship.hops.maximum
        if most is not None and most < max(least, 1):
            raise session.wrong(
                relationship.at, "{m,n} needs an n above 0 that is not less than m."
            )
        if not all(one.quantified for one in ranged):
            raise session.wrong(
                relationship.at, "Paths of one MATCH are written with * or with {m,n}, not both."
            )

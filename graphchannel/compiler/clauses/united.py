"""The type of a column that the parts of a UNION return."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.compiler import types as t

if TYPE_CHECKING:
    from graphchannel.compiler.syntax import Position
    from graphchannel.compiler.values.session import Session

__all__ = ["united"]


def united(
    session: Session, at: Position, name: str, before: t.CypherType, more: t.CypherType
) -> t.CypherType:
    """Return the type of a column that was of one type before and is of another in one part more.

    Raises NotPortable where one column cannot hold both, or for paths.
    """
    if isinstance(before, t.PathType) or isinstance(more, t.PathType):
        raise session.refuse(at, f"UNION of paths in '{name}'", "return nodes(p) or length(p)")
    both = t.unified(before, more)
    if both is None:
        instead = "return values of one type"
        if {before, more} == {t.INTEGER, t.FLOAT}:
            instead = "write toFloat(x) in each part"
        raise session.refuse(at, f"UNION of {before} and {more} in '{name}'", instead)
    return both

"""How fine the published graph is: each line of goods, or the trade of each month.

Rules need lines. Where they are too many to look at, or to keep on a server, the months of a pair
of parties and a product stand in their place; such a graph has a format of its own, so that nobody
takes it for one with lines.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from graphchannel.neo4j.parts import node_parts, relationship_parts
from graphchannel.neo4j.reading_aids import months_part, trades_part
from graphchannel.schema import CHANNEL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphchannel.neo4j.parts import GraphPart

__all__ = ["FORMATS", "Grain", "grain_of", "parts_of", "parts_of_others"]

Grain = Literal["line", "month"]
FORMATS: dict[Grain, int] = {"line": 3, "month": 4}  # of the published graph; no other is touched
_LINES = frozenset(edge.type for edge in CHANNEL.edges if edge.table in ("shipments", "serials"))


def grain_of(format_: int) -> Grain | None:
    """Return the grain of a graph of a format, None for one of another version."""
    return next((grain for grain, known in FORMATS.items() if known == format_), None)


def parts_of(grain: Grain, further_labels: tuple[str, ...] = ()) -> Iterator[GraphPart]:
    """Return what a graph of a grain is made of: nodes before the relationships between them."""
    yield from node_parts(further_labels)
    for part in relationship_parts():
        if grain == "line" or part.name not in _LINES:
            yield part
    if grain == "month":
        yield months_part()
    yield trades_part()


def parts_of_others(grain: Grain) -> Iterator[GraphPart]:
    """Return what only graphs of other grains have, without any row: it is to go."""
    own = {part.name for part in parts_of(grain)}
    for other in FORMATS:
        for part in parts_of(other):
            if part.name not in own:
                none = (
                    replace(piece, select=f"SELECT * FROM ({piece.select}) WHERE false")
                    for piece in part.pieces
                )
                yield replace(part, pieces=tuple(none))

"""Ways that a unit of one product can have taken, line by line, if quantities are minded.

A unit that a party received can have gone out with a later line unless the party's stock was empty
on an evening in between: as long as something was left, this unit may have been. What becomes of it
at one party does not hang on what became of others elsewhere, so a way is possible if each line can
have followed the one before.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from graphchannel.network.ledger import Ledger, Line

__all__ = ["is_possible", "shortest_way"]


def is_possible(ledger: Ledger, way: Sequence[Line]) -> bool:
    """Tell whether a unit can have gone along these lines, given in order."""
    return all(
        before.day <= after.day <= ledger.empty_from(before.buyer, before.day)
        for before, after in pairwise(way)
    )


def shortest_way(
    ledger: Ledger,
    sent: Iterable[str],
    arriving: Collection[str],
    within: Collection[str] | None = None,
    window: int | None = None,
) -> list[Line] | None:
    """Return a way with the fewest lines from one of `sent` to one of `arriving`, all by id.

    It goes over lines of `within`, or any, with at most `window` days between a line and the next.
    Of several it is the first by its ids; None if there is none.
    """
    came_from: dict[str, Line | None] = {line.shipment: None for line in ledger.chosen(sent)}
    layer = [ledger.lines[id_] for id_ in came_from]
    while layer:
        ends = [line for line in layer if line.shipment in arriving]
        if ends:
            return _back(ends[0], came_from)
        onward: list[Line] = []  # in the order of the ways that lead to them
        for line in layer:
            if line.buyer in ledger.makers:
                continue
            until = ledger.empty_from(line.buyer, line.day)
            if window is not None:
                until = min(until, line.day + window)
            following = [
                later
                for later in ledger.outbound[line.buyer]
                if line.day <= later.day <= until
                and later.shipment not in came_from
                and (within is None or later.shipment in within)
            ]
            came_from |= {later.shipment: line for later in following}
            onward += sorted(following, key=lambda later: later.shipment)
        layer = onward
    return None


def _back(line: Line, came_from: dict[str, Line | None]) -> list[Line]:
    way = [line]
    while (before := came_from[way[0].shipment]) is not None:
        way.insert(0, before)
    return way

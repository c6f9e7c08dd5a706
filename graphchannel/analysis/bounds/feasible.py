"""Paths that a unit of one product can have taken, line by line, in view of quantities.

A unit that a party received can have gone out with a later line unless the party's stock was empty
on an evening in between: as long as something was left, it may have been this unit. What becomes of
a unit at one party does not depend on other units elsewhere, so a path is possible if each of its
lines can have followed the one before.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from graphchannel.analysis.bounds.ledger import Ledger, Line

__all__ = ["is_possible", "shortest_path"]


def is_possible(ledger: Ledger, path: Sequence[Line]) -> bool:
    """Tell whether a unit can have gone along these lines, given in order."""
    return all(
        before.day <= after.day <= ledger.empty_from(before.buyer, before.day)
        for before, after in pairwise(path)
    )


def shortest_path(
    ledger: Ledger,
    sent: Iterable[str],
    arriving: Collection[str],
    within: Collection[str] | None = None,
    window: int | None = None,
) -> list[Line] | None:
    """Return a path with the fewest lines from one of `sent` to one of `arriving`, all by id.

    It goes over lines of `within`, or any, with at most `window` days between a line and the next.
    Of several it is the one with the earliest lines, hop by hop; None if there is none.
    """
    first = sorted(ledger.chosen(sent), key=_early)
    came_from: dict[str, Line | None] = {line.shipment: None for line in first}
    layer = [ledger.lines[id_] for id_ in came_from]
    left = cache(lambda party: _Left(ledger.outbound[party]))
    while layer:
        ends = [line for line in layer if line.shipment in arriving]
        if ends:
            return _back(ends[0], came_from)
        onward: list[Line] = []  # in the order of the paths that lead to them
        for line in layer:
            if line.buyer in ledger.makers:
                continue
            until = ledger.empty_from(line.buyer, line.day)
            if window is not None:
                until = min(until, line.day + window)
            following = [
                later
                for later in left(line.buyer).take(line.day, until)
                if later.shipment not in came_from and (within is None or later.shipment in within)
            ]
            came_from |= {later.shipment: line for later in following}
            onward += sorted(following, key=_early)
        layer = onward
    return None


class _Left:
    """Lines by day, each of which is taken once."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._days = [line.day for line in lines]
        self._next = list(range(len(lines) + 1))  # where to look for the first that is left

    def take(self, first: int, last: float) -> Iterator[Line]:
        """Take those from a first day to a last."""
        place = self._first(bisect_left(self._days, first))
        while place < len(self._lines) and self._days[place] <= last:
            yield self._lines[place]
            self._next[place] = place + 1
            place = self._first(place)

    def _first(self, place: int) -> int:
        while (after := self._next[place]) != place:
            self._next[place] = self._next[after]
            place = after
        return place


def _early(line: Line) -> tuple[int, str]:
    return line.day, line.shipment


def _back(line: Line, came_from: dict[str, Line | None]) -> list[Line]:
    path = [line]
    while (before := came_from[path[0].shipment]) is not None:
        path.insert(0, before)
    return path

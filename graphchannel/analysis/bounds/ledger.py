"""The lines of one product, by party, and the stock that follows from them.

Each party's stock from day to day follows from its lines; a party that sold on more than it had
received by some day had the rest before, or from a source that nobody reported.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from itertools import accumulate
from math import inf
from typing import TYPE_CHECKING, Any, Self

from graphchannel.policy import VENDOR

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

__all__ = ["Calendar", "Ledger", "Line", "by_buyer"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the one product that is looked at; `day` counts from any day."""

    shipment: str
    seller: str
    buyer: str
    day: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days on which a party had lines, in order; its `stocks` on the evenings of those days.

    `handed` are the units that it had handed over by then.
    """

    days: Sequence[int]
    stocks: Sequence[int]
    handed: Sequence[int]

    def place(self, day: int) -> int:
        """Return which of the days it is, from 0 on."""
        return bisect_left(self.days, day)

    def handed_over(self, first: int, last: int) -> int:
        """Return the units handed over on the days from one place to another, that one included."""
        return self.handed[last] - (self.handed[first - 1] if first else 0)


class Ledger:
    """The lines of one product, and the stock that each party must have had.

    `makers` are parties that need no source, such as vendors: what they take back is not followed
    on, for what they sell are other goods. `opening_stock` are units that any party may have had
    before the first line, beyond what its lines prove. `inbound` and `outbound` are a party's lines
    by day and id.
    """

    def __init__(
        self, lines: Iterable[Line], makers: Collection[str] = (), opening_stock: int = 0
    ) -> None:
        """Take the lines, in any order."""
        in_order = sorted(lines, key=lambda line: (line.day, line.shipment))
        self.lines = {line.shipment: line for line in in_order}
        self.makers = frozenset(makers)
        self.inbound: dict[str, list[Line]] = defaultdict(list)
        self.outbound: dict[str, list[Line]] = defaultdict(list)
        for line in self.lines.values():
            self.inbound[line.buyer].append(line)
            self.outbound[line.seller].append(line)
        self._opening_stock = opening_stock
        self._total = sum(line.quantity for line in self.lines.values())
        self._stocks: dict[str, dict[int, int]] = {}
        self._empty: dict[str, list[int]] = {}
        self._calendars: dict[str, Calendar] = {}
        self._sales: dict[str, dict[str, list[Line]]] = {}

    @classmethod
    def of_rows(cls, rows: Iterable[tuple[Any, ...]], opening_stock: int) -> Self:
        """Take rows of a line's id, seller, buyer, day, quantity and seller's role, and no more.

        The makers are the vendors.
        """
        lines, makers = [], set()
        for *line, seller_role in rows:
            lines.append(Line(*line))
            if seller_role == VENDOR:
                makers.add(lines[-1].seller)
        return cls(lines, makers, opening_stock)

    def chosen(self, ids: Iterable[str]) -> list[Line]:
        """Return the lines with these ids, those that there are, in order."""
        return [self.lines[id_] for id_ in sorted(set(ids)) if id_ in self.lines]

    def stock(self, party: str) -> dict[int, int]:
        """Return a party's stock at the end of each day on which it had a line."""
        if party not in self._stocks:
            self._stocks[party] = self._stock(party)
        return self._stocks[party]

    def empty_from(self, party: str, day: int) -> float:
        """Return the first day, from one on, on whose evening a party had nothing left.

        It is infinite if there is none.
        """
        if party not in self._empty:
            self._empty[party] = sorted(
                evening for evening, left in self.stock(party).items() if not left
            )
        empty = self._empty[party]
        place = bisect_left(empty, day)
        return empty[place] if place < len(empty) else inf

    def sales(self, party: str) -> dict[str, list[Line]]:
        """Return the outbound lines of a party by buyer."""
        if party not in self._sales:
            self._sales[party] = by_buyer(self.outbound[party])
        return self._sales[party]

    def calendar(self, party: str) -> Calendar:
        """Return what a party did day by day."""
        if party not in self._calendars:
            stock = self.stock(party)
            handed = dict.fromkeys(stock, 0)
            for line in self.outbound[party]:
                handed[line.day] += line.quantity
            self._calendars[party] = Calendar(
                tuple(stock), tuple(stock.values()), tuple(accumulate(handed.values()))
            )
        return self._calendars[party]

    def before(
        self, asked: Iterable[Line], within: Collection[str] | None = None
    ) -> dict[str, Line]:
        """Return the lines that goods on some lines can have come along, those included.

        Goods came along lines of `within`, by id, or along any.
        """
        found = {line.shipment: line for line in asked}
        seen: dict[str, int] = defaultdict(int)  # of each party's lines, the first so many
        queue = list(found.values())
        while queue:
            line = queue.pop()
            if line.seller in self.makers:
                continue
            came = self.inbound[line.seller]
            while seen[line.seller] < len(came) and came[seen[line.seller]].day <= line.day:
                earlier = came[seen[line.seller]]
                seen[line.seller] += 1
                if earlier.shipment not in found and (within is None or earlier.shipment in within):
                    found[earlier.shipment] = earlier
                    queue.append(earlier)
        return found

    def after(
        self,
        given: Iterable[Line],
        ends: Callable[[Line], bool],
        among: Mapping[str, Sequence[Line]] | None = None,
    ) -> dict[str, Line]:
        """Return the lines on which goods of the lines `given` can have gone on.

        They do not go on from a line that `ends` their path. A given line is among them if goods of
        another can have gone over it. Goods went on along any line, or along those `among` which
        they are looked for: by seller, in the order of day and id.
        """
        outbound = self.outbound if among is None else among
        found: dict[str, Line] = {}
        seen: dict[str, int] = defaultdict(int)  # of each party's lines, the last so many
        queue = list(given)
        while queue:
            line = queue.pop()
            if line.buyer in self.makers or ends(line):
                continue
            went = outbound.get(line.buyer, ())
            while seen[line.buyer] < len(went) and went[~seen[line.buyer]].day >= line.day:
                later = went[~seen[line.buyer]]
                seen[line.buyer] += 1
                if later.shipment not in found:
                    found[later.shipment] = later
                    queue.append(later)
        return found

    def _stock(self, party: str) -> dict[int, int]:
        moved: dict[int, int] = defaultdict(int)
        for line in self.inbound[party]:
            moved[line.day] += line.quantity
        for line in self.outbound[party]:
            moved[line.day] -= line.quantity
        stock, now = {}, 0
        for day in sorted(moved):
            now += moved[day]
            stock[day] = now
        spare = self._total if party in self.makers else self._opening_stock
        opening = max(0, -min(stock.values(), default=0)) + spare
        return {day: opening + held for day, held in stock.items()}


def by_buyer(lines: Iterable[Line]) -> dict[str, list[Line]]:
    """Return lines by buyer, in the order in which they are given."""
    bought: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        bought[line.buyer].append(line)
    return bought

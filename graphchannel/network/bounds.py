"""How many of some units can have come through a party: the least and the most, exactly.

Lines say how many units moved, not which. Of one product, each party's stock from day to day
follows from its lines; a party that sold on more than it had received by some day had the rest
before, or from a source that nobody reported. In this network, each party once a day, units that
came through a party are a flow of their own within the whole: all that the party hands over belongs
to it, everybody else hands over of it what came in, at most what a line or a stock holds, and the
rest must fit in beside it. The least and the most of it on the lines asked about is a linear
programme whose corners are whole numbers.

On equal days the order of lines is unknown, and any is allowed. Where goods went round within one
day, this allows a little too much: bounds may then be wider than they need be, never too narrow.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.network.programme import Programme

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

__all__ = ["Bound", "Line", "Network", "upstream"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the one product that is looked at; `day` counts from any day."""

    shipment: str
    seller: str
    buyer: str
    day: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Bound:
    """Of `of` units, at least `least` and at most `most` came through the party."""

    party: str
    least: int
    most: int
    of: int

    @property
    def certainty(self) -> str | None:
        """`proved` where all came through it, `implied` where some did; None where none can."""
        if self.most == 0:
            return None
        if self.least == self.of:
            return "proved"
        return "implied" if self.least else "possible"


class Network:
    """The lines of one product, and the stock that each party must have had.

    `makers` are parties that need no source, such as vendors. `opening_stock` are units that any
    party may have had before the first line, beyond what its lines prove.
    """

    def __init__(
        self, lines: Iterable[Line], makers: Collection[str] = (), opening_stock: int = 0
    ) -> None:
        """Take the lines, in any order."""
        self.lines = sorted(lines, key=lambda line: (line.day, line.shipment))
        self.makers = frozenset(makers)
        self.inbound: dict[str, list[Line]] = defaultdict(list)
        self.outbound: dict[str, list[Line]] = defaultdict(list)
        for line in self.lines:
            self.inbound[line.buyer].append(line)
            self.outbound[line.seller].append(line)
        self._opening_stock = opening_stock
        self._total = sum(line.quantity for line in self.lines)

    def bound(self, party: str, leaked: Collection[str]) -> Bound:
        """Return how many units of the lines `leaked`, by id, can have come through a party."""
        asked = self.asked(leaked)
        of = sum(line.quantity for line in asked)
        own = sum(line.quantity for line in asked if line.seller == party)
        relevant = self.before(asked, party)
        carrying = self._after(party, relevant)
        programme = Programme()
        columns = {
            line.shipment: programme.column(line.quantity)
            for line in carrying
            if line.seller != party
        }
        for holder in sorted({line.seller for line in carrying} - {party}):
            self._balance(programme, holder, party, columns)
        wanted = [columns[line.shipment] for line in asked if line.shipment in columns]
        least, most = programme.range(wanted)
        return Bound(party, own + least, own + most, of)

    def asked(self, leaked: Collection[str]) -> list[Line]:
        """Return the lines with these ids."""
        ids = frozenset(leaked)
        return [line for line in self.lines if line.shipment in ids]

    def before(self, asked: Sequence[Line], party: str | None = None) -> dict[str, Line]:
        """Return the lines that goods on the lines asked about can have come along, those included.

        Goods are not followed back beyond `party`.
        """
        found = {line.shipment: line for line in asked}
        latest: dict[str, int] = {}
        queue = list(asked)
        while queue:
            line = queue.pop()
            if line.seller == party or latest.get(line.seller, line.day - 1) >= line.day:
                continue
            latest[line.seller] = line.day
            for earlier in self.inbound[line.seller]:
                if earlier.day > line.day:
                    break
                if earlier.shipment not in found:
                    found[earlier.shipment] = earlier
                    queue.append(earlier)
        return found

    def _after(self, party: str, relevant: dict[str, Line]) -> list[Line]:
        """Return those of the relevant lines on which goods from the party can have gone."""
        earliest: dict[str, int] = {}
        found: dict[str, Line] = {}
        queue = [line for line in self.outbound[party] if line.shipment in relevant]
        found |= {line.shipment: line for line in queue}
        while queue:
            line = queue.pop()
            if line.buyer == party or earliest.get(line.buyer, line.day + 1) <= line.day:
                continue
            earliest[line.buyer] = line.day
            for later in self.outbound[line.buyer]:
                if later.day < line.day or later.shipment not in relevant:
                    continue
                if later.shipment not in found:
                    found[later.shipment] = later
                    queue.append(later)
        return list(found.values())

    def _balance(
        self,
        programme: Programme,
        holder: str,
        party: str,
        columns: dict[str, int],
    ) -> None:
        """Add what a holder of the party's goods can do with them, day by day.

        After the last day on which it sold on to where it matters, nothing is asked any more.
        """
        last = max(line.day for line in self.outbound[holder] if line.shipment in columns)
        days: dict[int, tuple[list[int], list[int], int, int]] = {}
        for line in (*self.inbound[holder], *self.outbound[holder]):
            if line.day > last:
                continue
            comes, goes, given, other = days.setdefault(line.day, ([], [], 0, 0))
            column = columns.get(line.shipment)
            if line.buyer == holder:
                if column is not None:
                    comes.append(column)
                elif line.seller == party:
                    given += line.quantity
            elif column is not None:
                goes.append(column)
            else:
                other += line.quantity
            days[line.day] = (comes, goes, given, other)
        stock = self._stock(holder)
        before: int | None = None
        for day, (comes, goes, given, other) in sorted(days.items()):
            kept = programme.column(stock[day])
            out = [*goes, kept]
            if other:
                out.append(programme.column(other))
            programme.balance([*comes, *([] if before is None else [before])], given, out)
            before = kept

    def _stock(self, party: str) -> dict[int, int]:
        """Return a party's stock at the end of each day on which it had a line."""
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


def upstream(network: Network, leaked: Collection[str]) -> list[str]:
    """Return the parties, makers left out, that goods on the lines `leaked` can have come through.

    The sellers of these lines are the first of them: all came through them together.
    """
    sellers = {line.seller for line in network.before(network.asked(leaked)).values()}
    return sorted(sellers - network.makers)

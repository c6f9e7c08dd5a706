"""How many of some units can have come through a party, or got somewhere: the least and the most.

Lines say how many units moved, not which. The numbers that days and quantities allow are worked out
exactly, see `flow_problem`. The order of lines within a day is unknown, so any is allowed. Where
goods went in a cycle within one day, this allows a little too much: bounds may then be wider than
necessary, never too narrow.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from graphchannel.analysis.bounds.flow_problem import FlowProblem
from graphchannel.analysis.bounds.ledger import by_buyer

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from graphchannel.analysis.bounds.ledger import Ledger, Line

__all__ = ["Certainty", "PartyBounds", "UnitBounds", "arrived", "came_through", "upstream_bounds"]

Certainty = Literal["proved", "implied", "possible", "excluded"]


@dataclass(frozen=True, slots=True)
class UnitBounds:
    """Of `of` units, at least `least` and at most `most` went where it is asked about."""

    least: int
    most: int
    of: int

    @property
    def certainty(self) -> Certainty:
        """How sure it is that some did: `proved` if it is known how many."""
        if self.most == 0:
            return "excluded"
        if self.least == self.most:
            return "proved"
        return "implied" if self.least else "possible"

    def __add__(self, other: UnitBounds) -> UnitBounds:
        """Add what is known of other units, such as those of another product."""
        return UnitBounds(self.least + other.least, self.most + other.most, self.of + other.of)

    def __str__(self) -> str:
        """Say how many, as the subject of a sentence.

        >>> str(UnitBounds(0, 1200, 5000))
        'up to 1,200 of the 5,000 units'
        """
        if self.most == 0:
            return f"none of the {self.of:,} units" if self.of > 1 else "not the one unit"
        if self.of == 1:
            return "the one unit" if self.least else "perhaps the one unit"
        if self.least == self.of:
            return f"all {self.of:,} units"
        if self.least == self.most:
            return f"{self.most:,} of the {self.of:,} units"
        some = f"between {self.least:,} and" if self.least else "up to"
        return f"{some} {self.most:,} of the {self.of:,} units"


@dataclass(frozen=True, slots=True)
class PartyBounds(UnitBounds):
    """How many of some units came through a party."""

    party: str


def came_through(ledger: Ledger, party: str, leaked: Collection[str]) -> UnitBounds:
    """Return how many units of the lines `leaked`, by id, can have come through a party."""
    asked = ledger.chosen(leaked)
    before = ledger.before(asked)
    sold = _by_seller(before)
    return _came_through(ledger, party, asked, sold) if party in sold else _none_of(asked)


def upstream_bounds(ledger: Ledger, leaked: Collection[str]) -> list[PartyBounds]:
    """Return who can have had the units of the lines `leaked` before their sellers, and how many.

    By party; makers are left out, and those through whom none can have come.
    """
    asked = ledger.chosen(leaked)
    sold = _by_seller(ledger.before(asked))
    parties = sold.keys() - ledger.makers - {line.seller for line in asked}
    bounds = {party: _came_through(ledger, party, asked, sold) for party in parties}
    return [
        PartyBounds(found.least, found.most, found.of, party)
        for party, found in sorted(bounds.items())
        if found.most
    ]


def arrived(ledger: Ledger, sent: Collection[str], arriving: Collection[str]) -> UnitBounds:
    """Return how many units of the lines `sent` can have been on a line of `arriving`, by id.

    A unit is followed until it arrives, or is sent again, whereupon it is another of those sent.
    """
    given, ends = frozenset(sent), frozenset(arriving)
    starts = ledger.chosen(given)
    reached = ledger.after(starts, lambda line: line.shipment in ends)
    aims = [line for id_, line in reached.items() if id_ in ends]
    leading = ledger.before(aims, reached)
    carrying = {id_: line for id_, line in leading.items() if id_ not in given}
    part = FlowProblem(ledger, by_buyer(starts), carrying, ends, ends=True)
    least, most = part.range()
    there = _units(line for line in starts if line.shipment in ends)
    return UnitBounds(there + least, there + most, _units(starts))


def _came_through(
    ledger: Ledger, party: str, asked: Collection[Line], sold: Mapping[str, Sequence[Line]]
) -> UnitBounds:
    """Bound a party that is a seller of lines that goods asked about can have come along.

    `sold` are all of these lines by seller. A line over which goods of one of them can have got to
    another is one of them, too.
    """
    after = ledger.after(sold[party], lambda line: line.buyer == party, sold)
    carrying = {id_: line for id_, line in after.items() if line.seller != party}
    wanted = frozenset(line.shipment for line in asked)
    least, most = FlowProblem(ledger, ledger.sales(party), carrying, wanted).range()
    there = _units(line for line in asked if line.seller == party)
    return UnitBounds(there + least, there + most, _units(asked))


def _by_seller(lines: Mapping[str, Line]) -> dict[str, list[Line]]:
    """Return lines by seller, in the order of day and id."""
    sold: dict[str, list[Line]] = defaultdict(list)
    for line in sorted(lines.values(), key=lambda line: (line.day, line.shipment)):
        sold[line.seller].append(line)
    return sold


def _none_of(asked: Iterable[Line]) -> UnitBounds:
    return UnitBounds(0, 0, _units(asked))


def _units(lines: Iterable[Line]) -> int:
    return sum(line.quantity for line in lines)

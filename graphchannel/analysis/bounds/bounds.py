"""How many of some units can have come through a party, or got somewhere: the least and the most.

Lines say how many units moved, not which. What days and quantities leave open is worked out
exactly, see `portion`. On equal days the order of lines is unknown, and any is allowed. Where goods
went round within one day, this allows a little too much: bounds may then be wider than they need
be, never too narrow.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from graphchannel.analysis.bounds.flow_problem import Portion

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from graphchannel.analysis.bounds.ledger import Ledger, Line

__all__ = ["Arrived", "Bound", "Certainty", "arrived", "came_through", "upstream_bounds"]

Certainty = Literal["proved", "implied", "possible", "excluded"]


@dataclass(frozen=True, slots=True)
class Bound:
    """Of `of` units, at least `least` and at most `most` came through the party."""

    party: str
    least: int
    most: int
    of: int

    def __add__(self, other: Bound) -> Bound:
        """Add other units of the same party, such as those of another product."""
        least, most = self.least + other.least, self.most + other.most
        return Bound(self.party, least, most, self.of + other.of)


@dataclass(frozen=True, slots=True)
class Arrived:
    """Of `of` units that were sent, at least `least` and at most `most` arrived."""

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

    def __add__(self, other: Arrived) -> Arrived:
        """Add what is known of other units, such as those of another product."""
        return Arrived(self.least + other.least, self.most + other.most, self.of + other.of)


def came_through(ledger: Ledger, party: str, leaked: Collection[str]) -> Bound:
    """Return how many units of the lines `leaked`, by id, can have come through a party."""
    asked = ledger.chosen(leaked)
    before = ledger.before(asked)
    own = [line for line in ledger.outbound[party] if line.shipment in before]
    return _came_through(ledger, own, asked, before) if own else Bound(party, 0, 0, _units(asked))


def upstream_bounds(ledger: Ledger, leaked: Collection[str]) -> list[Bound]:
    """Return who can have had the units of the lines `leaked` before their sellers, and how many.

    By party; makers are left out, and those through whom none can have come.
    """
    asked = ledger.chosen(leaked)
    before = ledger.before(asked)
    sold: dict[str, list[Line]] = defaultdict(list)
    for line in before.values():
        sold[line.seller].append(line)
    parties = sold.keys() - ledger.makers - {line.seller for line in asked}
    bounds = [_came_through(ledger, sold[party], asked, before) for party in sorted(parties)]
    return [bound for bound in bounds if bound.most]


def arrived(ledger: Ledger, sent: Collection[str], arriving: Collection[str]) -> Arrived:
    """Return how many units of the lines `sent` can have been on a line of `arriving`, by id.

    A unit is followed until it arrives, or is sent again, whereupon it is another of those sent.
    """
    given, ends = frozenset(sent), frozenset(arriving)
    starts = ledger.chosen(given)
    reached = ledger.after(starts, lambda line: line.shipment in ends)
    aims = [line for id_, line in reached.items() if id_ in ends]
    leading = ledger.before(aims, reached)
    carrying = {id_: line for id_, line in leading.items() if id_ not in given}
    part = Portion(ledger, lambda line: line.shipment in given, carrying, ends, ends=True)
    least, most = part.range()
    there = _units(line for line in starts if line.shipment in ends)
    return Arrived(there + least, there + most, _units(starts))


def _came_through(
    ledger: Ledger, own: Sequence[Line], asked: Collection[Line], before: Mapping[str, Line]
) -> Bound:
    """Bound a party by its `own` lines among those `before` the lines asked about."""
    party = own[0].seller
    after = ledger.after(own, lambda line: line.buyer == party)
    carrying = {id_: line for id_, line in after.items() if id_ in before and line.seller != party}
    wanted = frozenset(line.shipment for line in asked)
    least, most = Portion(ledger, lambda line: line.seller == party, carrying, wanted).range()
    there = _units(line for line in asked if line.seller == party)
    return Bound(party, there + least, there + most, _units(asked))


def _units(lines: Iterable[Line]) -> int:
    return sum(line.quantity for line in lines)

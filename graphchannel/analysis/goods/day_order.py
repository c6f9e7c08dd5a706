"""The order of a unit's hand-overs within a day: one that hangs together, for nobody reports it.

A *break* is where the seller of a hand-over is not the buyer of the one before. Of all orders of
the days' hand-overs one with the fewest breaks over the whole history is taken: where two parties
handed a number over on one day, it matters who did so the day before and who does the day after. Of
several such orders the one that hangs together for longest is taken, whose breaks come late: a line
that was reported twice must not tear what the other lines tell. Where that leaves a choice, who the
parties are decides, and never the ids of lines.
"""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from graphchannel.policy import VENDOR

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphchannel.analysis.goods.model import Hop

__all__ = ["in_order"]

# On a day of more hand-overs of one number, which then names no single unit, each hop is followed
# by one that hangs together with it where there is one, without looking further ahead.
_LOOKED_AHEAD = 7
_Order = tuple["Hop", ...]
_Found = tuple[tuple[int, ...], _Order]  # before which of the hops there is a break, and the hops
# By the party that has the unit in the end: what is found since all agree.
_States = dict[str | None, _Found]


def in_order(hops: Sequence[Hop]) -> list[Hop]:
    """Return a history, given by day, in an order of each day with the fewest breaks of all."""
    settled: list[Hop] = []
    states: _States = {None: ((), ())}
    for _, group in groupby(hops, key=lambda hop: hop.day):
        day = list(group)
        states = _searched(day, states) if len(day) <= _LOOKED_AHEAD else _greedy(day, states)
        if len(states) == 1:
            ((holder, (_, order)),) = states.items()
            settled += order
            states = {holder: ((), ())}
    return settled + list(min(states.values(), key=_rank)[1])


def _searched(day: Sequence[Hop], states: _States) -> _States:
    """Try all orders of a day: of those of the same hops with the same end the best goes on."""
    reached: dict[tuple[int, int], _Found] = {
        (1 << number, number): _entered(hop, states) for number, hop in enumerate(day)
    }
    for _ in day[1:]:
        longer: dict[tuple[int, int], _Found] = {}
        for (taken, last), (breaks, order) in reached.items():
            for number, hop in enumerate(day):
                if taken & 1 << number:
                    continue
                torn = _torn(breaks, order, day[last].buyer, hop)
                place, found = (taken | 1 << number, number), (torn, (*order, hop))
                if place not in longer or _rank(found) < _rank(longer[place]):
                    longer[place] = found
        reached = longer
    return _best({number: found for (_, number), found in reached.items()}, day)


def _torn(breaks: tuple[int, ...], order: _Order, holder: str | None, hop: Hop) -> tuple[int, ...]:
    """Return the breaks when a hop comes after an order that ends with a holder."""
    return breaks if holder in (None, hop.seller) else (*breaks, len(order))


def _entered(hop: Hop, states: _States) -> _Found:
    """Return the best way to come to a hop from what was before the day."""
    ways = [
        (_torn(breaks, order, holder, hop), (*order, hop))
        for holder, (breaks, order) in states.items()
    ]
    return min(ways, key=_rank)


def _best(ends: Mapping[int, _Found], day: Sequence[Hop]) -> _States:
    """Keep what has the fewest breaks: a break more now saves one later at most."""
    fewest = min(len(breaks) for breaks, _ in ends.values())
    states: _States = {}
    for number, found in ends.items():
        holder = day[number].buyer
        if len(found[0]) == fewest and (
            holder not in states or _rank(found) < _rank(states[holder])
        ):
            states[holder] = found
    return states


def _greedy(day: Sequence[Hop], states: _States) -> _States:
    """Put many hand-overs into an order hop by hop."""
    sellers = {hop.seller for hop in day}
    holder = min(states, key=lambda party: (party not in sellers, _rank(states[party])))
    breaks, order = states[holder]
    left = list(day)
    while left:
        hop = _next(left, holder)
        left.remove(hop)
        breaks = _torn(breaks, order, holder, hop)
        order = (*order, hop)
        holder = hop.buyer
    return {holder: (breaks, order)}


def _next(left: Sequence[Hop], holder: str | None) -> Hop:
    """Choose which hand-over comes next: one by the holder, after which others can go on.

    Where the holder hands nothing over, it is one by somebody who handed over more often than it
    received that day, or, where nobody did, by a vendor.
    """
    moved = Counter(hop.seller for hop in left)
    sellers = set(moved)
    moved.subtract(hop.buyer for hop in left)
    own = [hop for hop in left if hop.seller == holder]
    first = own or [hop for hop in left if moved[hop.seller] > 0] or left
    return min(first, key=lambda hop: (hop.buyer not in sellers, *_preferred(hop)))


def _rank(found: _Found) -> tuple[object, ...]:
    breaks, order = found
    return len(breaks), [-place for place in breaks], [_preferred(hop) for hop in order]


def _preferred(hop: Hop) -> tuple[object, ...]:
    """Prefer a vendor; ids of lines tell apart only what is otherwise the same."""
    return hop.seller_role != VENDOR, hop.seller, hop.buyer, hop.shipment

"""Who trades with whom in the clean network: pairs with an interval, from which lines are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from graphchannel.demo.days import END, START, index, season
from graphchannel.demo.network import VENDOR

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from graphchannel.demo.draws import Draws, Floats, Ints
    from graphchannel.demo.market import EndUser, EndUserMarket
    from graphchannel.demo.partners import Roster, Stint


class Flow(NamedTuple):
    """A kind of trade: its share of all lines, and how lots and prices differ from sell-out."""

    share: int
    lot: int  # quantities are multiplied by it
    price: int  # percent of the list price


FLOWS = (
    Flow(14, 10, 55),  # vendor → distributor
    Flow(6, 4, 62),  # vendor → value-added partner
    Flow(32, 3, 68),  # distributor → tier-2
    Flow(10, 1, 84),  # value-added partner → end user
    Flow(38, 1, 90),  # tier-2 → end user
)
INTO_A_PARTNER, OUT_OF_THE_CHANNEL = (0, 1, 2), (3, 4)  # positions in FLOWS
_FLATTEN = 12  # added to a pair's rank before the Zipf weight 1/rank, so that no pair has it all


class Pair(NamedTuple):
    """Lines may run from seller to buyer between two days; `flow` is a position in FLOWS."""

    flow: int
    seller: str
    buyer: str
    country: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Pairs:
    """All pairs as columns; `steps` adds up their weights, for drawing.

    `seller` and `buyer` are the parties' numbers. `supply` is the pair through which the seller
    buys while it sells through this one, -1 for the vendor.
    """

    sellers: list[str]
    buyers: list[str]
    seller: Ints
    buyer: Ints
    supply: Ints
    countries: list[str]
    flows: Ints
    first: Ints
    last: Ints
    steps: Floats


def make_pairs(roster: Roster, market: EndUserMarket, draws: Draws) -> Pairs:
    """Find the pairs of the clean network and weigh them."""
    pairs = [*_into_the_channel(roster), *_out_of_the_channel(roster.stints, market, draws)]
    flows = np.asarray([pair.flow for pair in pairs], dtype=np.int64)
    first = np.asarray([max(index(pair.first), 0) for pair in pairs], dtype=np.int64)
    last = np.asarray([index(min(pair.last, END)) for pair in pairs], dtype=np.int64)
    numbers: dict[str, int] = {}
    for pair in pairs:
        for party in (pair.seller, pair.buyer):
            numbers.setdefault(party, len(numbers))
    return Pairs(
        sellers=[pair.seller for pair in pairs],
        buyers=[pair.buyer for pair in pairs],
        seller=np.asarray([numbers[pair.seller] for pair in pairs], dtype=np.int64),
        buyer=np.asarray([numbers[pair.buyer] for pair in pairs], dtype=np.int64),
        supply=np.asarray(_supply(pairs), dtype=np.int64),
        countries=[pair.country for pair in pairs],
        flows=flows,
        first=first,
        last=last,
        steps=np.cumsum(_weights(flows, first, last, draws)),
    )


def _supply(pairs: Sequence[Pair]) -> list[int]:
    """Return for each pair the one through which its seller buys in the same stint."""
    purchases = {
        (pair.buyer,) if pair.flow == 0 else (pair.buyer, pair.first, pair.last): number
        for number, pair in enumerate(pairs)
        if pair.flow in INTO_A_PARTNER
    }
    return [
        -1
        if pair.seller == VENDOR
        else purchases[(pair.seller,) if pair.flow == 2 else (pair.seller, pair.first, pair.last)]
        for pair in pairs
    ]


def _into_the_channel(roster: Roster) -> Iterator[Pair]:
    for distributor in roster.distributors:
        last = distributor.last or END
        yield Pair(0, VENDOR, distributor.id, distributor.countries[-1], START, last)
    for stint in roster.stints:
        flow = 1 if stint.role == "vap" else 2
        yield Pair(flow, stint.supplier, stint.partner, stint.country, stint.first, stint.last)


def _out_of_the_channel(
    stints: Sequence[Stint], market: EndUserMarket, draws: Draws
) -> Iterator[Pair]:
    """Give each reseller customers within its territory; recognized ones only certified users."""
    for stint in stints:
        flow = 3 if stint.role == "vap" else 4
        chosen = set()
        for _ in range(3 + draws.below(8)):
            pool = customers(stint, market, draws)
            if not pool:
                continue
            buyer = draws.pick(pool).id
            if buyer not in chosen:
                chosen.add(buyer)
                yield Pair(flow, stint.partner, buyer, stint.country, stint.first, stint.last)


def customers(stint: Stint, market: EndUserMarket, draws: Draws) -> list[EndUser]:
    """Draw a part of a reseller's territory, and return the end users there that it may serve."""
    recognized = stint.role == "recognized"
    where = ((stint.region, None),) if recognized else stint.territory
    region, industry = draws.pick(where)
    return market.pool(stint.country, region, industry, certified=recognized)


def _weights(flows: Ints, first: Ints, last: Ints, draws: Draws) -> Floats:
    """Return Zipf weights within each flow, in proportion to the trading days of the interval."""
    calendar = season()
    weights = np.zeros(len(flows))
    for flow, terms in enumerate(FLOWS):
        members = np.flatnonzero(flows == flow)
        if len(members) == 0:
            continue
        ranks = draws.order(len(members)) + _FLATTEN
        busy = calendar[last[members] + 1] - calendar[first[members]]
        raw = busy / ranks
        weights[members] = raw * (terms.share / np.cumsum(raw)[-1])
    return weights

"""Shipment lines of the clean network, drawn in chunks so that memory does not grow with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graphchannel.demo import names
from graphchannel.demo.days import HALVES, index, season
from graphchannel.demo.geography import COUNTRIES
from graphchannel.demo.stock import enough, handed_down, restocked, sources
from graphchannel.demo.trade import FLOWS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphchannel.demo.draws import Draws, Ints
    from graphchannel.demo.trade import Pairs

CHUNK = 1 << 19
_RATES = {"EUR": 100, "GBP": 74, "CHF": 106}  # percent of the euro price
_LOTS = (1, 1, 1, 1, 1, 2, 2, 2, 3, 4, 5, 8, 10, 16, 25, 48)
_UNPRICED = 0.002  # share of lines without amount and currency
_SHIPPED_TO = 0.6  # share of lines that name the city of delivery (the buyer's)


@dataclass(frozen=True, slots=True)
class Chunk:
    """Columns of some lines in order of day; `pair` is a position in the pairs, amounts in cents.

    `unpriced` lines have neither amount nor currency.
    """

    pair: Ints
    day: Ints
    product: Ints
    quantity: Ints
    cents: Ints
    unpriced: np.ndarray[tuple[int], np.dtype[np.bool_]]
    shipped_to: np.ndarray[tuple[int], np.dtype[np.bool_]]


def draw_lines(pairs: Pairs, draws: Draws, count: int) -> Iterator[Chunk]:
    """Yield `count` lines; the same draws give the same lines."""
    calendar = season()
    prices = np.asarray(names.product_prices(), dtype=np.int64)
    traded = np.asarray(names.traded_products(), dtype=np.int64)
    popularity = 1.0 / (draws.order(len(traded)) + 3)
    lots = np.asarray(_LOTS, dtype=np.int64)
    lot_of_flow = np.asarray([flow.lot for flow in FLOWS], dtype=np.int64)
    price_of_flow = np.asarray([flow.price for flow in FLOWS], dtype=np.int64)
    rates = np.asarray(
        [_RATES[COUNTRIES[country].currency] for country in pairs.countries], dtype=np.int64
    )
    for start in range(0, count, CHUNK):
        size = min(CHUNK, count - start)
        drawn = np.searchsorted(pairs.steps, draws.uniform(size) * pairs.steps[-1], side="right")
        pair = np.minimum(drawn, len(pairs.steps) - 1)
        day = _days(calendar, pairs.first[pair], pairs.last[pair], draws)
        order = np.argsort(day, kind="stable")
        pair, day = restocked(pairs, pair[order]), day[order]
        source = sources(pairs, pair, draws)
        product = handed_down(pairs, pair, source, traded[draws.weighted(popularity, size)])
        drawn_lots = lots[draws.integers(len(lots), size)] * lot_of_flow[pairs.flows[pair]]
        quantity = enough(pairs, pair, source, drawn_lots)
        percent = price_of_flow[pairs.flows[pair]] * rates[pair]
        discount = 100 - draws.integers(9, size)
        yield Chunk(
            pair=pair,
            day=day,
            product=product,
            quantity=quantity,
            cents=prices[product] * quantity * percent // 10_000 * discount // 100,
            unpriced=draws.uniform(size) < _UNPRICED,
            shipped_to=draws.uniform(size) < _SHIPPED_TO,
        )


def _days(calendar: Ints, first: Ints, last: Ints, draws: Draws) -> Ints:
    """Draw days between `first` and `last` as busy as the season."""
    low, high = calendar[first], calendar[last + 1]
    moment = low + (draws.uniform(len(low)) * (high - low)).astype(np.int64)
    return np.searchsorted(calendar, moment, side="right") - 1


@dataclass(slots=True)
class Sales:
    """What each seller sold in each half-year; grows with each chunk.

    `sellers` are the numbers of each pair's seller. `cents` and `unpriced`, how many lines have no
    amount, have one row for each seller and one column for each half-year.
    """

    sellers: Ints
    cents: Ints
    unpriced: Ints

    def count(self, chunk: Chunk) -> None:
        """Add a chunk's lines."""
        starts = np.asarray([index(first) for first, _ in HALVES], dtype=np.int64)
        half = np.searchsorted(starts, chunk.day, side="right") - 1
        priced = np.where(chunk.unpriced, 0, chunk.cents)
        where = self.sellers[chunk.pair], half
        np.add.at(self.cents, where, priced)
        np.add.at(self.unpriced, where, chunk.unpriced)

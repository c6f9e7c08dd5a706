"""Units followed by serial number from the vendor to the end user, through clean partners."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.demo import names
from graphchannel.demo.days import START, after
from graphchannel.demo.geography import COUNTRIES
from graphchannel.demo.network import VENDOR
from graphchannel.demo.trade import FLOWS, OUT_OF_THE_CHANNEL

if TYPE_CHECKING:
    from datetime import date

    from graphchannel.demo.draws import Draws
    from graphchannel.demo.network import Network
    from graphchannel.demo.trade import Pairs

_MOST_UNITS = 4


def add_serials(network: Network, draws: Draws, pairs: Pairs, count: int) -> None:
    """Add `count` chains of lines, each of which hands on the same few units."""
    chains = _Chains(network, draws, pairs)
    for number in range(count):
        chains.add(number)


class _Chains:
    """Knows the pairs that sell to end users, and the products of clean trade."""

    def __init__(self, network: Network, draws: Draws, pairs: Pairs) -> None:
        self._network, self._draws, self._pairs = network, draws, pairs
        self._products = [str(row[0]) for row in names.product_rows()]
        self._prices = names.product_prices()
        self._traded = names.traded_products()
        self._sales = [
            pair for pair, flow in enumerate(pairs.flows.tolist()) if flow in OUT_OF_THE_CHANNEL
        ]

    def add(self, number: int) -> None:
        """Sell up to four units of a product to an end user, and before that down the channel."""
        pairs, draws = self._pairs, self._draws
        sale = draws.pick(self._sales)
        first, last = int(pairs.first[sale]), int(pairs.last[sale])
        purchase = int(pairs.supply[sale])
        sold = first + draws.below(last - first + 1)
        bought = first + draws.below(sold - first + 1)
        product = draws.pick(self._traded)
        units = 1 + draws.below(_MOST_UNITS)
        serials = [f"SN{number * _MOST_UNITS + unit:08d}" for unit in range(units)]
        supplier = pairs.sellers[purchase]
        if supplier != VENDOR:
            delivered = after(START, draws.below(bought + 1))
            price = FLOWS[0].price
            self._hand_on(
                VENDOR, supplier, delivered, product, serials, price=price, currency="EUR"
            )
        for pair, day in ((purchase, bought), (sale, sold)):
            self._hand_on(
                pairs.sellers[pair],
                pairs.buyers[pair],
                after(START, day),
                product,
                serials,
                price=FLOWS[int(pairs.flows[pair])].price,
                currency=COUNTRIES[pairs.countries[pair]].currency,
            )

    def _hand_on(
        self,
        seller: str,
        buyer: str,
        day: date,
        product: int,
        serials: list[str],
        *,
        price: int,
        currency: str,
    ) -> None:
        position = len(self._network.lines)
        self._network.serials += [(position, serial) for serial in serials]
        self._network.sell(
            seller,
            buyer,
            day,
            amount=self._prices[product] * len(serials) * price,  # cents by percent
            currency=currency,
            quantity=len(serials),
            product=self._products[product],
        )

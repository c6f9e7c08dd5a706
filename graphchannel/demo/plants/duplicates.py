"""Plants for lines that were reported twice, and for those that only look alike."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from graphchannel.demo.days import AS_OF, after

if TYPE_CHECKING:
    from graphchannel.demo.network import Network

DUPLICATE = "data/likely-duplicate"
_DAY = date(2015, 3, 11)
_INVOICE = "R-2015-0311"


def plant_duplicates(network: Network) -> None:
    """Plant one sale that three reports brought, and lines that differ in one thing.

    The reseller of the last line sells them to end users that it has already: nobody joins the
    network for a line that is there twice.
    """
    sell = network.sell
    reseller = network.lines[-1].seller
    bought = (line.buyer for line in network.lines if line.seller == reseller)
    user, other, *_ = dict.fromkeys(buyer for buyer in bought if buyer.startswith("E"))
    sell(reseller, user, _DAY, quantity=3, document=_INVOICE)
    sell(reseller, user, _DAY, DUPLICATE, quantity=3, document=_INVOICE)
    sell(
        reseller, user, _DAY, DUPLICATE, quantity=3, amount=None, currency=None, document=_INVOICE
    )  # whatever it is worth
    sell(reseller, user, _DAY, quantity=3)
    sell(reseller, user, _DAY, quantity=2, document=_INVOICE)
    sell(reseller, user, after(_DAY), quantity=3, document=_INVOICE)
    sell(reseller, user, _DAY, quantity=3, product="RT-1000", document=_INVOICE)
    sell(reseller, other, _DAY, quantity=3, document=_INVOICE)
    for number in ("ZA1", "ZA2"):  # two units
        network.serials.append((len(network.lines), number))
        sell(reseller, other, _DAY, document=_INVOICE)
    for _ in range(2):  # not yet on the as-of day
        sell(reseller, other, after(AS_OF), document=_INVOICE)

"""Plants for lines that were reported twice, and for those that only look alike."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from graphchannel.demo.actors import Held
from graphchannel.demo.days import AS_OF, after

if TYPE_CHECKING:
    from graphchannel.demo.actors import Actors

DUPLICATE = "data/likely-duplicate"
_DAY = date(2015, 3, 11)
_INVOICE = "R-2015-0311"


def plant_duplicates(actors: Actors) -> None:
    """Plant one sale that three reports brought, and lines that differ in one thing."""
    network = actors.network
    sell = network.sell
    city = actors.city("DE")
    gold = actors.partner("DE", Held("gold"), city=city)
    user, other = (actors.end_user("DE", city=city) for _ in range(2))
    sell(gold, user, _DAY, quantity=3, document=_INVOICE)
    sell(gold, user, _DAY, DUPLICATE, quantity=3, document=_INVOICE)
    sell(
        gold, user, _DAY, DUPLICATE, quantity=3, amount=None, currency=None, document=_INVOICE
    )  # whatever it is worth
    sell(gold, user, _DAY, quantity=3)
    sell(gold, user, _DAY, quantity=2, document=_INVOICE)
    sell(gold, user, after(_DAY), quantity=3, document=_INVOICE)
    sell(gold, user, _DAY, quantity=3, product="RT-1000", document=_INVOICE)
    sell(gold, other, _DAY, quantity=3, document=_INVOICE)
    for number in ("ZA1", "ZA2"):  # two units
        network.serials.append((len(network.lines), number))
        sell(gold, other, _DAY, document=_INVOICE)
    for _ in range(2):  # not yet on the as-of day
        sell(gold, other, after(AS_OF), document=_INVOICE)

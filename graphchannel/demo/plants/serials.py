"""Plants for the rules on serial numbers: a copied number, a number from nowhere, near misses."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from graphchannel.demo.cast import Held
from graphchannel.demo.days import after
from graphchannel.demo.network import VENDOR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphchannel.demo.cast import Cast
    from graphchannel.demo.geography import City

TWICE = "serials/handed-over-twice"
TWO_END_USERS = "serials/with-two-end-users"
NEVER_RECEIVED = "serials/never-received"
_FIRST = date(2015, 2, 2)
_NAMED, _UNNAMED = "WL-1050", "WL-1100"  # products that the vendor names by the unit, and does not
_OPENING_STOCK = 50  # units without a source that the shipped policy lets pass


def plant_serials(cast: Cast) -> None:
    """Plant units whose numbers give them away; theirs begin with X."""
    _copied_by_a_distributor(cast)
    _copied_by_somebody(cast)
    _from_nowhere(cast)


def _copied_by_a_distributor(cast: Cast) -> None:
    house = cast.house("GB")
    city = cast.city("GB")
    gold, silver = _reseller(cast, "gold", city), _reseller(cast, "silver", city)
    one, two = ["XA1"], ["XA2"]
    _hand_over(cast, VENDOR, house, 0, one + two)
    _hand_over(cast, house, gold, 3, one)
    _hand_over(cast, house, silver, 5, one, TWICE)
    _hand_over(cast, house, silver, 6, two)
    _hand_over(cast, gold, cast.end_user("GB", city=city), 8, one)
    user = cast.end_user("GB", city=city)
    _hand_over(cast, silver, user, 9, one, TWO_END_USERS)
    _hand_over(cast, silver, user, 9, two)


def _copied_by_somebody(cast: Cast) -> None:
    house = cast.house("NL")
    city = cast.city("NL")
    first, second = _reseller(cast, "gold", city), _reseller(cast, "platinum", city)
    _hand_over(cast, VENDOR, house, 0, ["XB1", "XB2"])
    _hand_over(cast, house, first, 2, ["XB1"])
    # where this one had its unit from, nobody can tell: its purchase names none
    _hand_over(cast, house, second, 2, [], quantity=1)
    _hand_over(cast, first, cast.end_user("NL", city=city), 4, ["XB1"])
    _hand_over(cast, second, cast.end_user("NL", city=city), 6, ["XB1"], TWO_END_USERS)
    # the same number on another product is another unit
    third = _reseller(cast, "gold", city)
    _hand_over(cast, VENDOR, house, 0, [], quantity=1, product=_UNNAMED)
    _hand_over(cast, house, third, 3, [], quantity=1, product=_UNNAMED)
    user = cast.end_user("NL", city=city)
    _hand_over(cast, third, user, 7, ["XB1"], product=_UNNAMED)


def _from_nowhere(cast: Cast) -> None:
    house = cast.house("FR")
    city = cast.city("FR")
    for name, strange, rules in (
        ("C", _OPENING_STOCK + 1, (NEVER_RECEIVED,)),
        ("D", _OPENING_STOCK, ()),  # may have been in stock
    ):
        seller, user = _reseller(cast, "gold", city), cast.end_user("FR", city=city)
        bought = [f"X{name}{unit:03}" for unit in range(60)]
        sold = [f"Y{name}{unit:03}" for unit in range(strange)] + bought[strange:]
        _hand_over(cast, VENDOR, house, 0, bought)
        _hand_over(cast, house, seller, 2, bought)
        _hand_over(cast, seller, user, 4, sold[:25], *rules)
        _hand_over(cast, seller, user, 6, sold[25:], *rules)
    # bought without numbers: its units may have any
    seller = _reseller(cast, "gold", city)
    _hand_over(cast, VENDOR, house, 0, [], quantity=60, product=_UNNAMED)
    _hand_over(cast, house, seller, 2, [], quantity=60, product=_UNNAMED)
    units = [f"YE{unit:03}" for unit in range(60)]
    _hand_over(cast, seller, cast.end_user("FR", city=city), 4, units, product=_UNNAMED)


def _reseller(cast: Cast, role: str, city: City) -> str:
    return cast.partner(city.country, Held(role), city=city)


def _hand_over(
    cast: Cast,
    seller: str,
    buyer: str,
    days: int,
    serials: Sequence[str],
    *rules: str,
    quantity: int | None = None,
    product: str = _NAMED,
) -> None:
    """Sell units with these numbers so many days after the first, or `quantity` without any."""
    network = cast.network
    network.serials += [(len(network.lines), serial) for serial in serials]
    network.sell(
        seller,
        buyer,
        after(_FIRST, days),
        *rules,
        quantity=quantity or len(serials),
        product=product,
    )

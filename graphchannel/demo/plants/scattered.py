"""Violations of the clean partners themselves, more of them the larger the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.demo.days import AS_OF, START, WIND_DOWN, after
from graphchannel.demo.geography import COUNTRIES
from graphchannel.demo.network import TIER_TWO
from graphchannel.demo.plants.supply import (
    DIRECT,
    SELLER,
    TERMINATED,
    UNCERTIFIED_USER,
    VAP_TIER_TWO,
)
from graphchannel.demo.plants.territory import OTHER, OUTSIDE

if TYPE_CHECKING:
    from datetime import date
    from graphchannel.demo.dice import Dice
    from graphchannel.demo.market import EndUser, Market
    from graphchannel.demo.network import Network
    from graphchannel.demo.partners import Distributor, Roster, Stint

_LATEST = after(AS_OF, 60)  # some lines lie after the as-of day


def plant_scattered(
    network: Network, dice: Dice, roster: Roster, market: Market, count: int
) -> None:
    """Plant about `count` pairs of each kind, and the trade of the distributor that left."""
    _wind_down(network, dice, roster)
    for _ in range(count):
        _direct(network, dice, roster, market)
        _vap_to_tier_two(network, dice, roster)
        _uncertified_user(network, dice, roster, market)
        _outside(network, dice, roster, market)
        _other_distributor(network, dice, roster)


def _wind_down(network: Network, dice: Dice, roster: Roster) -> None:
    """Let the distributor that left sell on, without contract and certificate."""
    (left,) = (d for d in roster.distributors if d.last is not None)
    near = [s for s in _trading(roster, TIER_TWO) if s.country in left.countries]
    now = [s for s in near if s.first <= WIND_DOWN and s.last >= AS_OF]
    now += [s for s in near if s.first == after(WIND_DOWN) and s.last >= AS_OF]
    for stint in dice.sample(now, 3):
        for line in range(1 + dice.below(6)):
            day = after(WIND_DOWN, 1 + line * 5)
            _sell(network, dice, left.id, stint.partner, day, TERMINATED, SELLER)


def _direct(network: Network, dice: Dice, roster: Roster, market: Market) -> None:
    seller = dice.pick([d for d in roster.distributors if d.last is None])
    user = dice.pick(market.users)
    for day in _days(dice, START, _LATEST):
        _sell(network, dice, seller.id, user.id, day, DIRECT)


def _vap_to_tier_two(network: Network, dice: Dice, roster: Roster) -> None:
    seller = dice.pick(_trading(roster, ("vap",)))
    buyer = dice.pick(_trading(roster, TIER_TWO))
    for day in _days(dice, max(seller.first, buyer.first), min(seller.last, buyer.last)):
        _sell(network, dice, seller.partner, buyer.partner, day, VAP_TIER_TWO)


def _uncertified_user(network: Network, dice: Dice, roster: Roster, market: Market) -> None:
    seller = dice.pick(_trading(roster, ("recognized",)))
    user = dice.pick([user for user in market.users[:2000] if not user.certified])
    for day in _days(dice, seller.first, seller.last):
        _sell(network, dice, seller.partner, user.id, day, UNCERTIFIED_USER)


def _outside(network: Network, dice: Dice, roster: Roster, market: Market) -> None:
    """Sell abroad; a reseller that may sell to an industry everywhere is no candidate."""
    sellers = [
        stint
        for stint in _trading(roster, ("platinum", "gold", "silver"))
        if all(region for region, _ in stint.territory)
    ]
    seller = dice.pick(sellers)
    user: EndUser = dice.pick(market.users)
    if user.city.country == seller.country:
        return
    for day in _days(dice, seller.first, seller.last):
        _sell(network, dice, seller.partner, user.id, day, OUTSIDE)


def _other_distributor(network: Network, dice: Dice, roster: Roster) -> None:
    """Buy in the own country, but from a distributor that never certified the buyer."""
    buyer = dice.pick(_trading(roster, TIER_TWO))
    certified = {row[2] for row in network.rows["certifications"] if row[0] == buyer.partner}
    sellers: list[Distributor] = [
        d
        for d in roster.distributors
        if d.last is None and buyer.country in d.countries and d.id not in certified
    ]
    if not sellers or any(str(issuer).startswith("V") for issuer in certified):
        return
    seller = dice.pick(sellers)
    for day in _days(dice, buyer.first, buyer.last):
        _sell(network, dice, seller.id, buyer.partner, day, OTHER)


def _trading(roster: Roster, roles: tuple[str, ...]) -> list[Stint]:
    """Return stints in these roles in the time that shipments are recorded."""
    return [s for s in roster.stints if s.role in roles and s.last >= START and s.first <= AS_OF]


def _days(dice: Dice, first: date, last: date) -> list[date]:
    """Draw one to a dozen days of an interval; none if it is empty."""
    start, span = max(first, START), (min(last, _LATEST) - max(first, START)).days + 1
    return [after(start, dice.below(span)) for _ in range(1 + dice.below(12) if span > 0 else 0)]


def _sell(network: Network, dice: Dice, seller: str, buyer: str, day: date, *rules: str) -> None:
    currency = dice.pick(sorted({country.currency for country in COUNTRIES.values()}))
    priced = dice.chance(0.95)
    network.sell(
        seller,
        buyer,
        day,
        *rules,
        quantity=1 + dice.below(30),
        amount=(1_000 + dice.below(9_000_000)) * 100 if priced else None,
        currency=currency if priced else None,
        product=dice.pick(("SW-1000", "RT-1050", "FW-1100", "ST-1550")),
    )

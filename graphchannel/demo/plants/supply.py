"""Plants for the supply rules: who may hand goods to whom, and the days on which roles end."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from graphchannel.demo.actors import Held
from graphchannel.demo.days import AS_OF, SINCE, START, after
from graphchannel.demo.network import SECOND_VENDOR, TIER_TWO, VENDOR

if TYPE_CHECKING:
    from graphchannel.demo.actors import Actors

DIRECT = "supply/distributor-supplies-end-user"
VAP_TIER_TWO = "supply/vap-supplies-tier-two"
UNCERTIFIED_USER = "supply/recognized-supplies-uncertified-end-user"
SELLER = "supply/uncertified-seller"
BUYER = "supply/uncertified-buyer"
NOT_VENDOR = "supply/distributor-not-supplied-by-vendor"
SCOPE = "supply/outside-market-scope"
TERMINATED = "supply/after-termination"
UNLISTED = "supply/unlisted-pair"
UNLISTED_HOP = "paths/unlisted-hop"  # a line that is a path by itself, or the first of one
DUAL = "certification/distributor-and-vap"

_DAY = date(2015, 3, 17)


def plant_supply(actors: Actors, hub_lines: int) -> None:
    """Plant all of them."""
    _hub(actors, hub_lines)
    _distributor_to_end_user(actors)
    _vap_to_tier_two(actors)
    _recognized_to_end_user(actors)
    _uncertified(actors)
    _to_distributors(actors)
    _market_scope(actors)
    _terminated(actors)
    _unlisted(actors)


def _hub(actors: Actors, lines: int) -> None:
    """Thousands of parallel lines between one pair; the last few lie after the as-of day."""
    seller, buyer = actors.house("DE"), actors.end_user("DE", industry="manufacturing")
    days = (AS_OF - START).days
    for number in range(lines):
        day = after(START, number * 11 % (days + 1))
        amount = 1_230_000 + 100 * (number * 37 % 9_973)
        quantity = 1 + number % 7
        actors.network.sell(seller, buyer, day, DIRECT, quantity=quantity, amount=amount)
    for late in (1, 2, 90):
        actors.network.sell(seller, buyer, after(AS_OF, late), DIRECT)


def _distributor_to_end_user(actors: Actors) -> None:
    sell = actors.network.sell
    seller, buyer = actors.house("GB"), actors.end_user("GB", industry="finance")
    sell(seller, buyer, date(2014, 5, 5), DIRECT, amount=125_000, quantity=3)
    sell(seller, buyer, AS_OF, DIRECT, amount=80_100, currency="GBP", quantity=2)
    sell(seller, buyer, date(2014, 2, 3), DIRECT, amount=None, currency=None, quantity=11)
    unpriced = actors.end_user("GB")
    sell(seller, unpriced, date(2015, 1, 9), DIRECT, amount=None, currency=None)
    odd = actors.end_user("GB")
    sell(seller, odd, date(2015, 1, 9), DIRECT, amount=123_456)  # four decimals
    sell(seller, odd, date(2015, 1, 9), DIRECT, amount=1_250_000, currency=None)
    # both certificates on one day: a distributor here, a value-added partner from the next day
    change = date(2014, 3, 31)
    dual = actors.partner("FR", Held("distributor", SINCE, change), Held("vap", change))
    actors.network.truth.expect(DUAL, dual)
    customer = actors.end_user("FR")
    sell(dual, customer, change, DIRECT)
    sell(dual, customer, after(change))


def _vap_to_tier_two(actors: Actors) -> None:
    sell = actors.network.sell
    seller = actors.vap("IT")
    for turn, role in enumerate(TIER_TWO):
        buyer = actors.reseller("IT", role)
        for line in range(turn + 1):
            day = after(date(2014, 8, 4), 31 * line)
            sell(seller, buyer, day, VAP_TIER_TWO, amount=99_990 + turn, quantity=5)
    # a distributor until the last day of September, a value-added partner from October on
    change = date(2014, 9, 30)
    changed = actors.partner("FR", Held("distributor", SINCE, change), Held("vap", after(change)))
    buyer = actors.reseller("FR", "platinum")
    sell(changed, buyer, change)
    sell(changed, buyer, after(change), VAP_TIER_TWO)


def _recognized_to_end_user(actors: Actors) -> None:
    network = actors.network
    sell = network.sell
    city = actors.city("NL")
    seller = actors.reseller("NL", "recognized")
    never = actors.end_user("NL")
    sell(seller, never, date(2015, 2, 2), UNCERTIFIED_USER, amount=None, currency=None)
    sell(seller, never, date(2015, 2, 3), UNCERTIFIED_USER, amount=4_999_900)
    gap = actors.end_user("NL", city=city)
    role = "certified_end_user"
    network.certify(gap, role, VENDOR, date(2014, 1, 1), date(2014, 6, 30))
    network.certify(gap, role, VENDOR, date(2014, 9, 1), None)
    sell(seller, gap, date(2014, 6, 30))
    sell(seller, gap, date(2014, 7, 1), UNCERTIFIED_USER)
    sell(seller, gap, date(2014, 8, 31), UNCERTIFIED_USER)
    sell(seller, gap, date(2014, 9, 1))
    # a gold partner may sell to anybody in its region
    sell(actors.partner("NL", Held("gold"), city=city), gap, date(2014, 8, 1))


def _uncertified(actors: Actors) -> None:
    sell = actors.network.sell
    last = date(2014, 12, 31)
    city = actors.city("BE")
    lapsed = actors.partner("BE", Held("silver", SINCE, last), city=city)
    customer = actors.end_user("BE", city=city)
    sell(lapsed, customer, last)
    early_sale = sell(lapsed, customer, after(last), SELLER, UNLISTED_HOP, amount=7_700_000)
    late_sale = sell(
        lapsed, customer, after(last, 40), SELLER, UNLISTED_HOP, amount=None, currency=None
    )
    supplier = actors.house("BE")
    sell(supplier, lapsed, last)
    expect = actors.network.expect_path
    expect(UNLISTED_HOP, sell(supplier, lapsed, after(last), BUYER), early_sale)
    expect(UNLISTED_HOP, sell(VENDOR, lapsed, after(last, 2), BUYER), late_sale)
    # before its first certificate
    early = actors.partner("BE", Held("gold", _DAY), city=city)
    sell(supplier, early, after(_DAY, -1), BUYER)
    sell(supplier, early, _DAY)
    sell(lapsed, early, after(_DAY, -1), SELLER, BUYER)
    sell(lapsed, supplier, _DAY, SELLER)  # sends goods back


def _to_distributors(actors: Actors) -> None:
    sell = actors.network.sell
    one, other = actors.house("PT"), actors.house("AT")
    sell(SECOND_VENDOR, one, _DAY)
    sell(other, one, _DAY, NOT_VENDOR, UNLISTED, quantity=40)
    sell(actors.vap("PT"), one, after(_DAY), NOT_VENDOR, UNLISTED)
    # returns reach a distributor rightly, though no ruling lists them
    sell(actors.reseller("PT", "gold"), one, _DAY, UNLISTED)
    sell(actors.end_user("PT"), one, _DAY, UNLISTED)
    sell(one, VENDOR, _DAY, UNLISTED)


def _market_scope(actors: Actors) -> None:
    sell = actors.network.sell
    seller = actors.vap("CH")
    sell(seller, actors.end_user("CH", segment="consumer"), _DAY, SCOPE, currency="CHF")
    sell(seller, actors.end_user("CH", segment="carrier"), AS_OF, SCOPE, amount=None, currency=None)
    sell(seller, actors.end_user("CH", segment=None), _DAY)
    sell(seller, actors.end_user("CH", segment="commercial"), _DAY)
    sell(VENDOR, actors.end_user("CH", segment="consumer"), _DAY, SCOPE, UNLISTED, UNLISTED_HOP)


def _terminated(actors: Actors) -> None:
    sell = actors.network.sell
    last = date(2014, 10, 31)
    seller = actors.partner("IE", Held("vap"), terminated=last)
    customer = actors.end_user("IE")
    sell(seller, customer, last)
    sell(seller, customer, after(last), TERMINATED, amount=33_333_300)
    city = actors.city("IE")
    buyer = actors.partner("IE", Held("silver"), city=city, terminated=last)
    supplier = actors.house("IE")
    sell(supplier, buyer, last)
    sell(supplier, buyer, after(last, 5), TERMINATED)
    sell(buyer, supplier, after(last, 10), UNLISTED)  # sends goods back
    # contract and certificate end together
    ended = actors.partner("IE", Held("gold", SINCE, last), city=city, terminated=last)
    sell(ended, actors.end_user("IE", city=city), after(last), TERMINATED, SELLER, UNLISTED_HOP)
    # a termination on the as-of day has not happened before it
    leaving = actors.partner("IE", Held("vap"), terminated=AS_OF)
    sell(leaving, customer, AS_OF)
    sell(leaving, customer, after(AS_OF), TERMINATED)


def _unlisted(actors: Actors) -> None:
    sell = actors.network.sell
    silver, gold = actors.reseller("LU", "silver"), actors.reseller("LU", "gold")
    vap, distributor = actors.vap("LU"), actors.house("LU")
    user, neighbour = actors.end_user("LU"), actors.end_user("LU")
    for seller, buyer in (
        (VENDOR, silver),
        (silver, gold),
        (vap, actors.vap("LU")),
        (distributor, vap),
        (user, silver),
        (user, neighbour),
        (vap, VENDOR),
    ):
        sell(seller, buyer, _DAY, UNLISTED, amount=6_543_200)
    sell(VENDOR, user, _DAY, UNLISTED, UNLISTED_HOP, amount=6_543_200)

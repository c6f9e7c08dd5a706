"""Plants for territories and suppliers: where goods go, and who certified the buyer."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from graphchannel.demo.actors import Held
from graphchannel.demo.days import AS_OF, SINCE, after
from graphchannel.demo.geography import ROOT
from graphchannel.demo.network import TIER_TWO, VENDOR
from graphchannel.demo.plants.supply import DIRECT, UNLISTED, UNLISTED_HOP

if TYPE_CHECKING:
    from graphchannel.demo.actors import Actors

OUTSIDE = "territory/sale-outside-authorization"
NONE_HELD = "territory/no-authorization"
ABROAD = "territory/distributor-outside-country"
OTHER = "certification/buys-from-other-distributor"
NOWHERE = "data/line-without-destination"

_DAY = date(2015, 4, 14)


def plant_territory(actors: Actors) -> None:
    """Plant all of them."""
    _by_region(actors)
    _by_industry(actors)
    _by_day(actors)
    _for_a_day(actors)
    _wide(actors)
    _distributor_abroad(actors)
    _distributor_without_region(actors)
    _other_distributor(actors)
    _nowhere(actors)


def _by_region(actors: Actors) -> None:
    sell = actors.network.sell
    home, abroad = actors.city("DE"), actors.city("FR")
    gold = actors.partner("DE", Held("gold"), city=home)
    near, far = actors.end_user("DE", city=home), actors.end_user("FR", city=abroad)
    lost = actors.end_user("DE", homeless=True)
    sell(gold, near, _DAY)
    sell(gold, far, _DAY, OUTSIDE, amount=45_678_900, quantity=9)
    sell(gold, far, after(_DAY), OUTSIDE, amount=None, currency=None)
    sell(gold, near, _DAY, OUTSIDE, ship_to=abroad.id)
    sell(gold, far, _DAY, ship_to=home.id)
    sell(gold, lost, _DAY, NOWHERE)
    # the territory binds platinum, gold and silver only
    sell(actors.vap("DE"), far, _DAY)
    recognized = actors.partner("DE", Held("recognized"), city=home)
    actors.network.certify(far, "certified_end_user", VENDOR, SINCE, None)
    sell(recognized, far, _DAY)


def _by_industry(actors: Actors) -> None:
    sell = actors.network.sell
    home, away = actors.city("GB"), actors.city("IE")
    both = actors.partner("GB", Held("silver"), city=home, territory=[(home.region, "finance")])
    sell(both, actors.end_user("GB", city=home, industry="finance"), _DAY)
    sell(both, actors.end_user("GB", city=home, industry="energy"), _DAY, OUTSIDE, currency="GBP")
    sell(both, actors.end_user("GB", city=home, industry=None), _DAY)
    sell(both, actors.end_user("GB", homeless=True, industry="energy"), _DAY, OUTSIDE, NOWHERE)
    sell(both, actors.end_user("GB", homeless=True, industry="finance"), _DAY, NOWHERE)
    sell(both, actors.end_user("IE", city=away, industry=None), _DAY, OUTSIDE)
    anywhere = actors.partner("GB", Held("platinum"), city=home, territory=[(None, "finance")])
    sell(anywhere, actors.end_user("IE", city=away, industry="finance"), _DAY)
    sell(anywhere, actors.end_user("GB", city=home, industry="energy"), _DAY, OUTSIDE)


def _by_day(actors: Actors) -> None:
    network = actors.network
    last = date(2014, 6, 30)
    here, there = actors.city("FR"), actors.city("BE")
    user = actors.end_user("FR", city=here)
    # two regions, the one that matters ends
    two = actors.partner("FR", Held("gold"), city=here, territory=[(there.region, None)])
    network.authorize(two, here.region, None, SINCE, last)
    network.sell(two, user, last)
    network.sell(two, user, after(last), OUTSIDE)
    # one region with a day's gap, in which nothing is held
    gap = actors.partner("FR", Held("silver"), city=here, territory=[])
    network.authorize(gap, here.region, None, SINCE, last)
    network.authorize(gap, here.region, None, after(last, 2), None)
    network.sell(gap, user, last)
    network.sell(gap, user, after(last), NONE_HELD)
    network.sell(gap, user, after(last, 2))
    for role in ("platinum", "gold", "silver"):
        never = actors.partner("FR", Held(role), city=here, territory=[])
        network.sell(never, user, last, NONE_HELD, amount=2_500_000)
    network.sell(never, actors.end_user("FR", homeless=True), last, NONE_HELD, NOWHERE)


def _for_a_day(actors: Actors) -> None:
    """Let authorizations hold on just the day of the lines."""
    network, home = actors.network, actors.city("DE")
    gold = actors.partner("DE", Held("gold"), city=home, territory=[])
    network.authorize(gold, home.region, "finance", _DAY, _DAY)
    network.authorize(gold, home.region, "energy", after(_DAY), None)
    network.sell(gold, actors.end_user("DE", city=home), _DAY)
    network.sell(gold, actors.end_user("DE", city=home, industry="energy"), _DAY, OUTSIDE)
    network.sell(gold, actors.end_user("DE", homeless=True), _DAY, NOWHERE)
    lost = actors.end_user("DE", homeless=True, industry="energy")
    network.sell(gold, lost, _DAY, OUTSIDE, NOWHERE)
    distributor = actors.partner("NL", Held("distributor"), territory=[])
    network.authorize(distributor, "NL", None, _DAY, _DAY)
    network.sell(distributor, actors.reseller("NL", "gold"), _DAY)


def _wide(actors: Actors) -> None:
    network = actors.network
    home = actors.city("AT")
    far = actors.end_user("PT")
    wide = actors.partner("AT", Held("gold"), city=home)
    # everywhere, until the day before the as-of day
    network.authorize(wide, ROOT, None, SINCE, after(AS_OF, -1))
    network.sell(wide, far, after(AS_OF, -1))
    network.sell(wide, far, AS_OF, OUTSIDE)
    country = actors.partner("AT", Held("platinum"), city=home, territory=[("AT", None)])
    for city in network.geography.by_country["AT"][:4]:
        network.sell(country, actors.end_user("AT", city=city), _DAY)


def _distributor_abroad(actors: Actors) -> None:
    sell = actors.network.sell
    at_home, abroad = actors.city("ES"), actors.city("PT")
    seller = actors.house("ES")
    neighbour = actors.partner("PT", Held("gold"), city=abroad)
    for role in TIER_TWO:
        sell(seller, actors.partner("PT", Held(role), city=abroad), _DAY, ABROAD)
    own = actors.partner("ES", Held("gold"), city=at_home)
    lost = actors.partner("ES", Held("recognized"), homeless=True)
    sell(seller, neighbour, _DAY, ABROAD, amount=88_000_000, quantity=120)
    sell(seller, neighbour, _DAY, ship_to=at_home.id)
    sell(seller, own, _DAY)
    sell(seller, own, _DAY, ABROAD, ship_to=abroad.id)
    sell(seller, lost, _DAY)


def _distributor_without_region(actors: Actors) -> None:
    network = actors.network
    last = date(2015, 1, 15)
    city = actors.city("NL")
    buyer = actors.partner("NL", Held("platinum"), city=city)
    seller = actors.partner("NL", Held("distributor"), territory=[(None, "finance")])
    network.authorize(seller, "NL", None, SINCE, last)
    network.sell(seller, buyer, last)
    network.sell(seller, buyer, after(last), ABROAD)


def _other_distributor(actors: Actors) -> None:
    network = actors.network
    change = date(2014, 11, 3)
    one, other = actors.house("IT"), actors.distributor("IT")
    city = actors.city("IT")
    before = Held("silver", SINCE, after(change, -1), one)
    buyer = actors.partner("IT", before, Held("silver", change, None, other), city=city)
    network.sell(one, buyer, after(change, -1))
    network.sell(one, buyer, change, OTHER, amount=1_999_900)
    network.sell(other, buyer, after(change, -1), OTHER, quantity=12)
    network.sell(other, buyer, change)
    for role in TIER_TWO:
        network.sell(other, actors.reseller("IT", role, issuer=one), _DAY, OTHER)
    # a second role from another distributor, or from the vendor, opens another source
    twice = actors.partner("IT", Held("gold", issuer=one), Held("recognized", issuer=other))
    network.sell(one, twice, _DAY)
    network.sell(other, twice, _DAY)
    network.sell(other, actors.reseller("IT", "gold"), _DAY)


def _nowhere(actors: Actors) -> None:
    sell = actors.network.sell
    lost = actors.end_user("AT", homeless=True)
    vap = actors.vap("AT")
    sell(vap, lost, _DAY, NOWHERE, quantity=4)
    sell(vap, lost, _DAY, ship_to=actors.city("AT").id)
    sell(actors.house("AT"), lost, _DAY, DIRECT, NOWHERE)
    sell(VENDOR, lost, _DAY, UNLISTED, NOWHERE, UNLISTED_HOP)

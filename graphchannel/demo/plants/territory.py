"""Plants for territories and suppliers: where goods go, and who certified the buyer."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from graphchannel.demo.cast import Held
from graphchannel.demo.days import AS_OF, SINCE, after
from graphchannel.demo.geography import ROOT
from graphchannel.demo.network import TIER_TWO, VENDOR
from graphchannel.demo.plants.supply import DIRECT, UNLISTED, UNLISTED_HOP

if TYPE_CHECKING:
    from graphchannel.demo.cast import Cast

OUTSIDE = "territory/sale-outside-authorization"
NONE_HELD = "territory/no-authorization"
ABROAD = "territory/distributor-outside-country"
OTHER = "certification/buys-from-other-distributor"
NOWHERE = "data/line-without-destination"

_DAY = date(2015, 4, 14)


def plant_territory(cast: Cast) -> None:
    """Plant all of them."""
    _by_region(cast)
    _by_industry(cast)
    _by_day(cast)
    _for_a_day(cast)
    _wide(cast)
    _distributor_abroad(cast)
    _distributor_without_region(cast)
    _other_distributor(cast)
    _nowhere(cast)


def _by_region(cast: Cast) -> None:
    sell = cast.network.sell
    home, abroad = cast.city("DE"), cast.city("FR")
    gold = cast.partner("DE", Held("gold"), city=home)
    near, far = cast.end_user("DE", city=home), cast.end_user("FR", city=abroad)
    lost = cast.end_user("DE", homeless=True)
    sell(gold, near, _DAY)
    sell(gold, far, _DAY, OUTSIDE, amount=45_678_900, quantity=9)
    sell(gold, far, after(_DAY), OUTSIDE, amount=None, currency=None)
    sell(gold, near, _DAY, OUTSIDE, ship_to=abroad.id)
    sell(gold, far, _DAY, ship_to=home.id)
    sell(gold, lost, _DAY, NOWHERE)
    # the territory binds platinum, gold and silver only
    sell(cast.vap("DE"), far, _DAY)
    recognized = cast.partner("DE", Held("recognized"), city=home)
    cast.network.certify(far, "certified_end_user", VENDOR, SINCE, None)
    sell(recognized, far, _DAY)


def _by_industry(cast: Cast) -> None:
    sell = cast.network.sell
    home, away = cast.city("GB"), cast.city("IE")
    both = cast.partner("GB", Held("silver"), city=home, territory=[(home.region, "finance")])
    sell(both, cast.end_user("GB", city=home, industry="finance"), _DAY)
    sell(both, cast.end_user("GB", city=home, industry="energy"), _DAY, OUTSIDE, currency="GBP")
    sell(both, cast.end_user("GB", city=home, industry=None), _DAY)
    sell(both, cast.end_user("GB", homeless=True, industry="energy"), _DAY, OUTSIDE, NOWHERE)
    sell(both, cast.end_user("GB", homeless=True, industry="finance"), _DAY, NOWHERE)
    sell(both, cast.end_user("IE", city=away, industry=None), _DAY, OUTSIDE)
    anywhere = cast.partner("GB", Held("platinum"), city=home, territory=[(None, "finance")])
    sell(anywhere, cast.end_user("IE", city=away, industry="finance"), _DAY)
    sell(anywhere, cast.end_user("GB", city=home, industry="energy"), _DAY, OUTSIDE)


def _by_day(cast: Cast) -> None:
    network = cast.network
    last = date(2014, 6, 30)
    here, there = cast.city("FR"), cast.city("BE")
    user = cast.end_user("FR", city=here)
    # two regions, the one that matters ends
    two = cast.partner("FR", Held("gold"), city=here, territory=[(there.region, None)])
    network.authorize(two, here.region, None, SINCE, last)
    network.sell(two, user, last)
    network.sell(two, user, after(last), OUTSIDE)
    # one region with a day's gap, in which nothing is held
    gap = cast.partner("FR", Held("silver"), city=here, territory=[])
    network.authorize(gap, here.region, None, SINCE, last)
    network.authorize(gap, here.region, None, after(last, 2), None)
    network.sell(gap, user, last)
    network.sell(gap, user, after(last), NONE_HELD)
    network.sell(gap, user, after(last, 2))
    for role in ("platinum", "gold", "silver"):
        never = cast.partner("FR", Held(role), city=here, territory=[])
        network.sell(never, user, last, NONE_HELD, amount=2_500_000)
    network.sell(never, cast.end_user("FR", homeless=True), last, NONE_HELD, NOWHERE)


def _for_a_day(cast: Cast) -> None:
    """Let authorizations hold on just the day of the lines."""
    network, home = cast.network, cast.city("DE")
    gold = cast.partner("DE", Held("gold"), city=home, territory=[])
    network.authorize(gold, home.region, "finance", _DAY, _DAY)
    network.authorize(gold, home.region, "energy", after(_DAY), None)
    network.sell(gold, cast.end_user("DE", city=home), _DAY)
    network.sell(gold, cast.end_user("DE", city=home, industry="energy"), _DAY, OUTSIDE)
    network.sell(gold, cast.end_user("DE", homeless=True), _DAY, NOWHERE)
    lost = cast.end_user("DE", homeless=True, industry="energy")
    network.sell(gold, lost, _DAY, OUTSIDE, NOWHERE)
    distributor = cast.partner("NL", Held("distributor"), territory=[])
    network.authorize(distributor, "NL", None, _DAY, _DAY)
    network.sell(distributor, cast.reseller("NL", "gold"), _DAY)


def _wide(cast: Cast) -> None:
    network = cast.network
    home = cast.city("AT")
    far = cast.end_user("PT")
    wide = cast.partner("AT", Held("gold"), city=home)
    # everywhere, until the day before the as-of day
    network.authorize(wide, ROOT, None, SINCE, after(AS_OF, -1))
    network.sell(wide, far, after(AS_OF, -1))
    network.sell(wide, far, AS_OF, OUTSIDE)
    country = cast.partner("AT", Held("platinum"), city=home, territory=[("AT", None)])
    for city in network.geography.by_country["AT"][:4]:
        network.sell(country, cast.end_user("AT", city=city), _DAY)


def _distributor_abroad(cast: Cast) -> None:
    sell = cast.network.sell
    at_home, abroad = cast.city("ES"), cast.city("PT")
    seller = cast.house("ES")
    neighbour = cast.partner("PT", Held("gold"), city=abroad)
    for role in TIER_TWO:
        sell(seller, cast.partner("PT", Held(role), city=abroad), _DAY, ABROAD)
    own = cast.partner("ES", Held("gold"), city=at_home)
    lost = cast.partner("ES", Held("recognized"), homeless=True)
    sell(seller, neighbour, _DAY, ABROAD, amount=88_000_000, quantity=120)
    sell(seller, neighbour, _DAY, ship_to=at_home.id)
    sell(seller, own, _DAY)
    sell(seller, own, _DAY, ABROAD, ship_to=abroad.id)
    sell(seller, lost, _DAY)


def _distributor_without_region(cast: Cast) -> None:
    network = cast.network
    last = date(2015, 1, 15)
    city = cast.city("NL")
    buyer = cast.partner("NL", Held("platinum"), city=city)
    seller = cast.partner("NL", Held("distributor"), territory=[(None, "finance")])
    network.authorize(seller, "NL", None, SINCE, last)
    network.sell(seller, buyer, last)
    network.sell(seller, buyer, after(last), ABROAD)


def _other_distributor(cast: Cast) -> None:
    network = cast.network
    change = date(2014, 11, 3)
    one, other = cast.house("IT"), cast.distributor("IT")
    city = cast.city("IT")
    before = Held("silver", SINCE, after(change, -1), one)
    buyer = cast.partner("IT", before, Held("silver", change, None, other), city=city)
    network.sell(one, buyer, after(change, -1))
    network.sell(one, buyer, change, OTHER, amount=1_999_900)
    network.sell(other, buyer, after(change, -1), OTHER, quantity=12)
    network.sell(other, buyer, change)
    for role in TIER_TWO:
        network.sell(other, cast.reseller("IT", role, issuer=one), _DAY, OTHER)
    # a second role from another distributor, or from the vendor, opens another source
    twice = cast.partner("IT", Held("gold", issuer=one), Held("recognized", issuer=other))
    network.sell(one, twice, _DAY)
    network.sell(other, twice, _DAY)
    network.sell(other, cast.reseller("IT", "gold"), _DAY)


def _nowhere(cast: Cast) -> None:
    sell = cast.network.sell
    lost = cast.end_user("AT", homeless=True)
    vap = cast.vap("AT")
    sell(vap, lost, _DAY, NOWHERE, quantity=4)
    sell(vap, lost, _DAY, ship_to=cast.city("AT").id)
    sell(cast.house("AT"), lost, _DAY, DIRECT, NOWHERE)
    sell(VENDOR, lost, _DAY, UNLISTED, NOWHERE, UNLISTED_HOP)

"""Plants for coverage: places that the plan sets aside, and what nearly covers them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.demo.actors import Held
from graphchannel.demo.days import AS_OF, SINCE, after
from graphchannel.demo.plants.routes import NO_ROUTE, SINGLE

if TYPE_CHECKING:
    from graphchannel.demo.actors import Actors
    from graphchannel.demo.plan import Plan

REGION = "coverage/region-without-tier-two"
KEY_CITY = "coverage/key-city-without-branch"

_YESTERDAY = after(AS_OF, -1)
_TOMORROW = after(AS_OF)


def plant_coverage(actors: Actors, plan: Plan) -> None:
    """Plant all but one region and one city; branches missing in bare cities are noted there."""
    for region in plan.bare_regions:
        actors.network.truth.expect(REGION, region)
    for city in plan.bare_cities:
        actors.network.truth.expect(KEY_CITY, city.id)
    _regions(actors, plan)
    _cities(actors, plan)


def _regions(actors: Actors, plan: Plan) -> None:
    network = actors.network
    ended, ends, starts, by_vap, left, lapsed, _ = plan.special_regions
    for region in (ended, by_vap, left, lapsed):
        network.truth.expect(REGION, region)
    for region in (left, lapsed):
        network.truth.expect(NO_ROUTE, region)
    silver = actors.partner("DE", Held("silver"))
    network.truth.expect(SINGLE, ends, silver)
    network.authorize(silver, ended, None, SINCE, _YESTERDAY)
    network.authorize(silver, ends, None, SINCE, AS_OF)
    network.authorize(silver, ended, None, _TOMORROW, None)
    recognized, vap = actors.reseller("DE", "recognized"), actors.vap("DE")
    network.authorize(recognized, starts, "energy", AS_OF, None)
    network.truth.expect(SINGLE, starts, recognized)
    network.authorize(vap, by_vap, None, SINCE, None)
    network.truth.expect(SINGLE, by_vap, vap)
    gone = actors.partner("DE", Held("gold"), terminated=_YESTERDAY)
    network.authorize(gone, left, None, SINCE, None)
    former = actors.partner("DE", Held("gold", SINCE, _YESTERDAY))
    network.authorize(former, lapsed, None, SINCE, None)


def _cities(actors: Actors, plan: Plan) -> None:
    """In the special cities no distributor has a branch but those that are planted here."""
    network = actors.network
    closed, closes, opens, stranger, former, region, _ = plan.special_cities
    for city in (closed, stranger, former):
        network.truth.expect(KEY_CITY, city.id)
    for city, first, last in (
        (closed, SINCE, _YESTERDAY),
        (closes, SINCE, AS_OF),
        (opens, AS_OF, None),
    ):
        actors.distributor(city.country, branches={city.id: (first, last)})
    # an office of a distributor of another country, of one that is bound to no region or no
    # longer, of a reseller, of a former distributor, of one that has left
    anywhere = actors.partner(stranger.country, Held("distributor"), territory=[(None, "finance")])
    network.authorize(anywhere, stranger.country, None, SINCE, _YESTERDAY)
    network.add("branches", anywhere, stranger.id, SINCE, None)
    gone = actors.partner(former.country, Held("distributor"), terminated=_YESTERDAY, territory=[])
    network.authorize(gone, former.country, None, SINCE, None)
    network.add("branches", gone, former.id, SINCE, None)
    network.add("branches", actors.house("LU"), stranger.id, SINCE, None)
    network.add("branches", actors.reseller(stranger.country, "gold"), stranger.id, SINCE, None)
    past = actors.partner(former.country, Held("distributor", SINCE, _YESTERDAY))
    network.add("branches", past, former.id, SINCE, None)
    # a distributor of just this region and of no other
    actors.partner(
        region.country,
        Held("distributor"),
        territory=[(region.region, None)],
        branches={region.id: (SINCE, None)},
    )

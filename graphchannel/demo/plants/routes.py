"""Plants for routes: what leads into which region, and how much of a country is in reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.demo.actors import Held
from graphchannel.demo.days import AS_OF, SINCE, after
from graphchannel.demo.geography import COUNTRIES

if TYPE_CHECKING:
    from graphchannel.demo.actors import Actors
    from graphchannel.demo.plan import Plan

NO_ROUTE = "coverage/no-compliant-route"
SINGLE = "coverage/single-source-region"
THIN = "coverage/distributor-thin-country"

_YESTERDAY = after(AS_OF, -1)


def plant_routes(actors: Actors, plan: Plan) -> None:
    """Plant all of them; integrators first, which keep every other region from being a finding."""
    _integrators(actors, plan)
    _dependent(actors, plan)
    _orphaned(actors, plan)
    _thin(actors)


def _integrators(actors: Actors, plan: Plan) -> None:
    """Add two that sell everywhere but in the regions set aside, and a second Portuguese house.

    Whatever the draw, two routes lead into each other region, and resellers that the vendor
    certified may buy from two distributors in each country that has regions set aside.
    """
    network = actors.network
    actors.house("PT")
    for _ in range(2):
        integrator = actors.vap("DE")
        for country in COUNTRIES:
            if country in plan.wide_countries:
                network.authorize(integrator, country, None, SINCE, None)
                continue
            for region in network.geography.regions[country]:
                if region not in plan.untouched:
                    network.authorize(integrator, region, None, SINCE, None)


def _dependent(actors: Actors, plan: Plan) -> None:
    """Let regions depend on one distributor, whose two resellers nobody else may supply."""
    expect = actors.network.truth.expect
    regions = [(region, None) for region in plan.dependent_regions]
    hub = actors.partner("ES", Held("distributor"), territory=regions)
    first = actors.partner("ES", Held("gold", issuer=hub), territory=regions)
    actors.partner("ES", Held("silver", issuer=hub), territory=regions[:-1])
    for region in plan.dependent_regions:
        expect(SINGLE, region, hub)
    expect(SINGLE, plan.dependent_regions[-1], first)


def _orphaned(actors: Actors, plan: Plan) -> None:
    """Let resellers be authorized where the distributor that certified them is not any more."""
    elsewhere, former = plan.orphaned_regions
    for region in (elsewhere, former):
        actors.network.truth.expect(NO_ROUTE, region)
    actors.partner("ES", Held("gold", issuer=actors.house("LU")), territory=[(elsewhere, None)])
    past = actors.partner("ES", Held("distributor", SINCE, _YESTERDAY), territory=[(former, None)])
    actors.partner("ES", Held("recognized", issuer=past), territory=[(former, None)])


def _thin(actors: Actors) -> None:
    """Let distributors without a branch reach a country through resellers alone, or not."""
    network = actors.network
    thin = actors.distributor("IE", without=("branches",))
    network.truth.expect(THIN, thin, country="IE")
    small = min(network.geography.regions["IE"], key=network.geography.demand)
    actors.partner("IE", Held("silver", issuer=thin), territory=[(small, None)])
    late = actors.distributor("BE", without=("branches",))
    network.truth.expect(THIN, late, country="BE")
    actors.partner("BE", Held("platinum", SINCE, _YESTERDAY, late), territory=[("BE", None)])
    enough = actors.distributor("AT", without=("branches",))
    actors.partner("AT", Held("platinum", issuer=enough), territory=[("AT", None)])

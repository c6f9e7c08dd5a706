"""Plants for the edges of the as-of day: partners that are there on that day alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.demo.days import AS_OF
from graphchannel.demo.network import TIER_TWO, VENDOR
from graphchannel.demo.plants import obligations
from graphchannel.demo.plants.routes import SINGLE, THIN

if TYPE_CHECKING:
    from graphchannel.demo.actors import Actors
    from graphchannel.demo.plan import Plan

_COUNTRY = "LU"


def plant_one_day(actors: Actors, plan: Plan) -> None:
    """Plant all of them, and the region and the city that the plan keeps for them."""
    for role in ("distributor", "vap", "silver"):
        _bare(actors, role)
    _complete_distributor(actors, plan)
    _complete(actors, "vap", None)
    region = plan.special_regions[-1]
    actors.network.truth.expect(SINGLE, region, _complete(actors, "silver", region))


def _join(actors: Actors, role: str, *, employees: int = 120) -> str:
    """Add a partner that holds a role on the as-of day alone, its last one."""
    network = actors.network
    partner = network.new_partner(
        actors.city(_COUNTRY), _COUNTRY, terminated=AS_OF, employees=employees
    )
    network.certify(partner, role, VENDOR, AS_OF, AS_OF)
    return partner


def _bare(actors: Actors, role: str) -> None:
    """Let it have nothing of what the role owes."""
    network = actors.network
    expect = network.truth.expect
    partner = _join(actors, role, employees=1)
    for obligation in network.policy.obligations:
        if obligation.role == role:
            expect(obligations.CAPABILITY, partner, obligation.capability)
    if role == "vap":
        expect(obligations.INDUSTRY, partner)
    if role in ("vap", "silver"):
        expect(obligations.NO_TARGET, partner)
    if role in ("vap", "distributor"):
        network.truth.expect_dormant(obligations.STRENGTH, partner)
    if role == "distributor":
        for rule in (obligations.INCENTIVE, obligations.MARKETING, obligations.TIER_TWO):
            expect(rule, partner)
        network.authorize(partner, _COUNTRY, None, AS_OF, AS_OF)
        network.open_no_branches(partner, _COUNTRY)
        network.truth.expect(THIN, partner, country=_COUNTRY)
        for respondent in (*(actors.regular("DE", r) for r in TIER_TWO), actors.stooge):
            network.add("surveys", respondent, partner, AS_OF, 5.5)
        expect(obligations.SATISFACTION, partner)


def _complete(actors: Actors, role: str, region: str | None) -> str:
    """Let it have on the day all that the role owes."""
    network = actors.network
    partner = _join(actors, role)
    network.offer(partner, (role,), AS_OF, AS_OF)
    network.authorize(partner, region, "energy", AS_OF, AS_OF)
    if role != "distributor":
        network.add("targets", partner, None, "energy", AS_OF, AS_OF, 10_000, "EUR")
    return partner


def _complete_distributor(actors: Actors, plan: Plan) -> None:
    network = actors.network
    city = plan.special_cities[-1]
    partner = _complete(actors, "distributor", city.region)
    for kind in ("incentive", "marketing"):
        network.add("programs", partner, kind, None, AS_OF, AS_OF)
    network.certify(actors.stooge, "gold", partner, AS_OF, AS_OF)
    planted = {city.id: (AS_OF, AS_OF)}
    network.open_branches(partner, city.region, planted=planted)

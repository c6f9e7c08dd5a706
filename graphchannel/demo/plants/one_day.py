"""Plants for the edges of the as-of day: partners that are there on that day alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.demo.days import AS_OF
from graphchannel.demo.network import TIER_TWO, VENDOR
from graphchannel.demo.plants import obligations
from graphchannel.demo.plants.routes import SINGLE, THIN

if TYPE_CHECKING:
    from graphchannel.demo.cast import Cast
    from graphchannel.demo.plan import Plan

_COUNTRY = "LU"


def plant_one_day(cast: Cast, plan: Plan) -> None:
    """Plant all of them, and the region and the city that the plan keeps for them."""
    for role in ("distributor", "vap", "silver"):
        _bare(cast, role)
    _complete_distributor(cast, plan)
    _complete(cast, "vap", None)
    region = plan.special_regions[-1]
    cast.network.truth.expect(SINGLE, region, _complete(cast, "silver", region))


def _join(cast: Cast, role: str, *, employees: int = 120) -> str:
    """Add a partner that holds a role on the as-of day alone, its last one."""
    network = cast.network
    partner = network.new_partner(
        cast.city(_COUNTRY), _COUNTRY, terminated=AS_OF, employees=employees
    )
    network.certify(partner, role, VENDOR, AS_OF, AS_OF)
    return partner


def _bare(cast: Cast, role: str) -> None:
    """Let it have nothing of what the role owes."""
    network = cast.network
    expect = network.truth.expect
    partner = _join(cast, role, employees=1)
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
        for respondent in (*(cast.regular("DE", r) for r in TIER_TWO), cast.stooge):
            network.add("surveys", respondent, partner, AS_OF, 5.5)
        expect(obligations.SATISFACTION, partner)


def _complete(cast: Cast, role: str, region: str | None) -> str:
    """Let it have on the day all that the role owes."""
    network = cast.network
    partner = _join(cast, role)
    network.offer(partner, (role,), AS_OF, AS_OF)
    network.authorize(partner, region, "energy", AS_OF, AS_OF)
    if role != "distributor":
        network.add("targets", partner, None, "energy", AS_OF, AS_OF, 10_000, "EUR")
    return partner


def _complete_distributor(cast: Cast, plan: Plan) -> None:
    network = cast.network
    city = plan.special_cities[-1]
    partner = _complete(cast, "distributor", city.region)
    for kind in ("incentive", "marketing"):
        network.add("programs", partner, kind, None, AS_OF, AS_OF)
    network.certify(cast.stooge, "gold", partner, AS_OF, AS_OF)
    planted = {city.id: (AS_OF, AS_OF)}
    network.open_branches(partner, city.region, planted=planted)

"""Recruits against every choice of regions, and partners that could be granted them."""

from __future__ import annotations

import itertools
import math
import random
from math import fsum
from typing import TYPE_CHECKING

import pytest

from graphchannel.analysis.siting.recruiting import plan_recruits
from graphchannel.errors import InputError
from tests.analysis.siting.facts import Net, random_net
from tests.analysis.siting.test_branching import apart

if TYPE_CHECKING:
    from graphchannel.analysis.coverage.facts import City, Facts

RESELLERS = {"gold", "silver"}


def middle(facts: Facts, region: str) -> City | None:
    """Return a region's place: the mean of its cities, by population."""
    there = [c for c in facts.cities.values() if c.region == region and c.latitude is not None]
    total = sum(c.population or 1 for c in there)
    if not there:
        return None
    north = sum((c.latitude or 0.0) * (c.population or 1) for c in there) / total
    east = sum((c.longitude or 0.0) * (c.population or 1) for c in there) / total
    return type(there[0])(f"mid {region}", "", region, None, None, north, east)


def least_mean(facts: Facts, radius: float, budget: int) -> tuple[float, float] | None:
    """Return the weighted mean distance today, and the least of any choice of recruits."""
    sellers = {c.partner for c in facts.certificates if c.role in RESELLERS}
    where = {(a.partner, a.region) for a in facts.authorizations if a.partner in sellers}
    covered = {region for _, region in where}
    open_ = [r for r in facts.regions.values() if r.id not in covered]
    weight = {r.id: r.demand or 0.0 for r in open_}
    if not any(weight.values()):
        return None
    mid = {r.id: middle(facts, r.id) for r in open_}

    def far(region: str, place: City | None) -> float:
        own = mid[region]
        return math.inf if own is None or place is None else apart(own, place)

    before = {}
    for r in open_:
        at_home = {p for p, other in where if facts.regions[other].country == r.country}
        seats = [facts.partners[p].city for p in sorted(at_home)]
        seats += [b.city for b in facts.branches if b.partner in at_home]
        places = [facts.cities[city] for city in seats if city is not None]
        before[r.id] = min([radius, *(far(r.id, place) for place in places)])

    def mean(chosen: tuple[str, ...]) -> float:
        total = 0.0
        for r in open_:
            nearer = [
                0.0 if s == r.id else far(r.id, mid[s])
                for s in chosen
                if facts.regions[s].country == r.country
            ]
            total += weight[r.id] * min([before[r.id], *nearer])
        return total / fsum(weight.values())

    choices = itertools.combinations([r.id for r in open_], min(budget, len(open_)))
    return mean(()), min(mean(chosen) for chosen in choices)


def test_no_other_choice_is_nearer() -> None:
    dice = random.Random(11)  # noqa: S311 - a test that can be run again
    planned = 0
    for _ in range(200):
        facts = random_net(dice).facts()
        radius, budget = dice.choice([40.0, 100.0, 300.0]), dice.randint(1, 3)
        expected = least_mean(facts, radius, budget)
        if expected is None:
            continue
        plan = plan_recruits(facts, budget, radius=radius)
        assert plan.mean_km == pytest.approx(expected[0], abs=0.06)  # distances have one decimal
        assert plan.best_km == pytest.approx(expected[1], abs=0.06)
        assert plan.best_km <= plan.greedy_km + 1e-9
        served = (
            fsum(s.weight * (radius if s.km is None else s.km) for s in plan.services) / plan.weight
        )
        assert plan.best_km == pytest.approx(served)
        planned += len(plan.recruits) > 1
    assert planned > 30


def row(*demands: float) -> Net:
    """Return regions in a row, 111 km apart, and a gold partner in the one before them."""
    net = Net()
    net.region("R0")
    net.city("C0", "R0", (48.0, 9.0))
    for number, demand in enumerate(demands, 1):
        net.region(f"R{number}", demand=demand)
        net.city(f"C{number}", f"R{number}", (48.0 + number, 9.0), population=1000)
    net.partner("G", "gold", "R0", city="C0")
    net.partner("D", "distributor", *(f"R{number}" for number in range(len(demands))))
    return net


def test_a_recruit_serves_its_neighbours_and_a_near_partner_is_granted() -> None:
    plan = plan_recruits(row(10, 20, 50, 20).facts(), 1, radius=120)
    assert [recruit.region.id for recruit in plan.recruits] == ["R3"]
    assert {s.region.id: (s.by, s.source, s.km) for s in plan.services} == {
        "R1": ("grant", "G", 111.2),
        "R2": ("recruit", "R3", 111.2),
        "R3": ("recruit", "R3", 0.0),
        "R4": ("recruit", "R3", 111.2),
    }
    assert plan.recruits[0].recruiters == ("D",)
    near = {s.region.id: s for s in plan.services}["R2"].grants
    assert [(g.partner, g.role, g.km, g.neighbour) for g in near] == [("G", "gold", 222.4, "R0")]


def test_a_partner_of_another_role_or_country_is_not_granted() -> None:
    net = row(10, 20)
    facts = net.facts()
    assert plan_recruits(facts, 1, radius=120, role="silver").services[0].grants == ()
    net.region("R8", "FR", 5.0)
    net.city("C8", "R8", (48.1, 9.0))
    services = {s.region.id: s for s in plan_recruits(net.facts(), 1, radius=120).services}
    assert services["R8"].grants == ()
    assert services["R8"].by == "nobody"


def test_without_coordinates_a_recruit_serves_its_own_region() -> None:
    net = Net()
    for number, demand in enumerate((3.0, 5.0)):
        net.region(f"R{number}", demand=demand)
    plan = plan_recruits(net.facts(), 1, radius=100)
    assert [recruit.region.id for recruit in plan.recruits] == ["R1"]
    assert plan.without_point == 2
    assert plan.best_km == pytest.approx(300 / 8)


def test_missing_weights_are_an_error_with_a_way_out() -> None:
    net = Net()
    net.region("R1")
    with pytest.raises(InputError, match=r"None of the 1 regions .* use --by population"):
        plan_recruits(net.facts(), 1, radius=100)
    with pytest.raises(InputError, match=r"city of known population.* use --by demand"):
        plan_recruits(net.facts(), 1, radius=100, by="population")
    net.city("C1", "R1", population=7)
    assert plan_recruits(net.facts(), 1, radius=100, by="population").weight == 7


def test_no_gap_leaves_nothing_to_recruit() -> None:
    net = Net()
    net.region("R1", demand=1.0)
    net.partner("G", "gold", "R1")
    plan = plan_recruits(net.facts(), 3, radius=100)
    assert (plan.recruits, plan.services, plan.mean_km) == ((), (), 0.0)

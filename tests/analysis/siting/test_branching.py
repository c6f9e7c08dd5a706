"""New branches against every choice of cities, and what is said where data is missing."""

from __future__ import annotations

import itertools
import math
import random
from dataclasses import replace
from math import fsum
from typing import TYPE_CHECKING, Literal

import pytest

from graphchannel.analysis.siting.branching import plan_branches
from graphchannel.errors import InputError
from tests.analysis.siting.facts import Net, random_net

if TYPE_CHECKING:
    from graphchannel.analysis.coverage.facts import City, Facts


def apart(one: City, other: City) -> float:
    """Return the distance by the law of cosines; unknown places are infinitely far."""
    if one.id == other.id:
        return 0.0
    if one.latitude is None or other.latitude is None:
        return math.inf
    assert one.longitude is not None
    assert other.longitude is not None
    a, b = math.radians(one.latitude), math.radians(other.latitude)
    turn = math.cos(math.radians(one.longitude - other.longitude))
    angle = math.sin(a) * math.sin(b) + math.cos(a) * math.cos(b) * turn
    return 6371.0088 * math.acos(max(-1.0, min(1.0, angle)))


def weights(facts: Facts, by: Literal["population", "demand"]) -> dict[str, float]:
    if by == "population":
        return {c.id: float(c.population or 0) for c in facts.cities.values() if c.key_city}
    found = {}
    for region in facts.regions.values():
        there = [city for city in facts.cities.values() if city.region == region.id]
        people = sum(city.population or 0 for city in there)
        for city in there:
            share = (city.population or 0) / people if people else 1 / len(there)
            found[city.id] = (region.demand or 0.0) * share
    return found


def best_coverage(
    facts: Facts, by: Literal["population", "demand"], radius: float, budget: int
) -> tuple[float, float]:
    """Return what is covered today, and at best with the new branches, by trying every choice."""
    weight = weights(facts, by)
    country = {city.id: facts.regions[city.region].country for city in facts.cities.values()}

    def near(one: str, other: str) -> bool:
        close = apart(facts.cities[one], facts.cities[other]) <= radius
        return one == other or (close and country[one] == country[other])

    distributors = {c.partner for c in facts.certificates if c.role == "distributor"}
    may = {(a.partner, a.region) for a in facts.authorizations if a.partner in distributors}
    today = {
        city
        for city in weight
        for branch in facts.branches
        if near(branch.city, city) and (branch.partner, facts.cities[city].region) in may
    }
    covers = {site: {city for city in weight if near(site, city)} for site in facts.cities}

    def value(chosen: tuple[str, ...]) -> float:
        reached = today.union(*(covers[site] for site in chosen))
        return fsum(weight[city] for city in sorted(reached))

    choices = itertools.combinations(facts.cities, min(budget, len(facts.cities)))
    return value(()), max(value(chosen) for chosen in choices)


@pytest.mark.parametrize("by", ["population", "demand"])
def test_no_other_choice_covers_more(by: Literal["population", "demand"]) -> None:
    dice = random.Random(3)  # noqa: S311 - a test that can be run again
    planned = 0
    for _ in range(150):
        facts = random_net(dice).facts()
        radius, budget = dice.choice([0.0, 60.0, 150.0]), dice.randint(1, 4)
        if not any(weights(facts, by).values()):
            with pytest.raises(InputError):
                plan_branches(facts, budget, by=by, radius=radius)
            continue
        plan = plan_branches(facts, budget, by=by, radius=radius)
        today, best = best_coverage(facts, by, radius, budget)
        assert plan.covered_today == pytest.approx(today)
        assert plan.covered == pytest.approx(best)
        assert plan.covered == pytest.approx(
            plan.total - fsum(plan.weights[city.id] for city in plan.left)
        )
        assert plan.greedy_covered <= plan.covered * (1 + 1e-9)
        planned += len(plan.branches) > 1
    assert planned > 30


def test_the_plan_does_not_depend_on_the_order_of_rows() -> None:
    dice = random.Random(5)  # noqa: S311 - a test that can be run again
    net = random_net(dice)
    while sum(bool(city.key_city and city.population) for city in net.cities) < 4:
        net = random_net(dice)
    plan = plan_branches(net.facts(), 2, radius=100.0)
    for _ in range(5):
        for rows in (net.regions, net.cities, net.partners, net.certificates, net.branches):
            dice.shuffle(rows)
        assert plan_branches(net.facts(), 2, radius=100.0) == plan


def town() -> Net:
    """Return three key cities in a row, 56 km apart, in the territory of one distributor."""
    net = Net()
    net.region("R1", "DE", 90.0)
    for number, people in enumerate((100, 90, 80)):
        place = (50.0 + number / 2, 8.0)
        net.city(f"C{number}", "R1", place, population=people * 1000, key=True)
    net.partner("D", "distributor", "R1")
    return net


def test_the_middle_covers_its_neighbours_within_the_radius() -> None:
    facts = town().facts()
    alone = plan_branches(facts, 1)
    assert [(b.city.id, b.gain) for b in alone.branches] == [("C0", 100_000.0)]
    near = plan_branches(facts, 1, radius=56.0)
    assert [(b.city.id, b.gain) for b in near.branches] == [("C1", 270_000.0)]
    assert [city.id for city in near.branches[0].covers] == ["C0", "C1", "C2"]
    assert near.left == ()


def test_a_branch_counts_where_its_distributor_is_authorized() -> None:
    net = town()
    net.region("R2")
    net.partner("D2", "distributor", "R2")
    net.branch("D2", "C0")
    assert plan_branches(net.facts(), 1).covered_today == 0
    net.branch("D", "C0")
    plan = plan_branches(net.facts(), 1)
    assert plan.covered_today == 100_000
    assert [(b.city.id, [o.partner for o in b.openers]) for b in plan.branches] == [("C1", ["D"])]
    assert plan.branches[0].openers[0].km == pytest.approx(55.6, abs=0.1)


def test_a_border_stops_a_branch() -> None:
    net = town()
    net.region("R2", "FR")
    net.cities[1] = replace(net.cities[1], region="R2")
    plan = plan_branches(net.facts(), 1, radius=60.0)
    assert [(b.city.id, b.gain) for b in plan.branches] == [("C0", 100_000.0)]
    assert plan_branches(net.facts(), 1, radius=60.0, country="FR").total == 90_000


def test_missing_data_is_said() -> None:
    net = town()
    net.cities[0] = replace(net.cities[0], population=None)
    net.cities[1] = replace(net.cities[1], latitude=None)
    plan = plan_branches(net.facts(), 2, radius=60.0)
    assert [city.id for city in plan.without_weight] == ["C0"]
    assert plan.without_point == 1
    assert [branch.city.id for branch in plan.branches] == ["C1", "C2"]
    net.region("R9", demand=5.0)
    assert plan_branches(net.facts(), 1, by="demand").without_city == ("R9",)


def test_nothing_to_cover_is_an_error_with_a_way_out() -> None:
    net = Net()
    net.region("R1")
    net.city("C1", "R1", population=500)
    with pytest.raises(InputError, match=r"No city is a key city; .* --key-city-population N"):
        plan_branches(net.facts(), 1)
    assert plan_branches(net.facts(), 1, key_city_population=500).covered == 500
    with pytest.raises(InputError, match=r"No region in DE states a demand"):
        plan_branches(net.facts(), 1, by="demand", country="DE")
    net.cities[0] = replace(net.cities[0], population=None, key_city=True)
    with pytest.raises(InputError, match=r"None of the 1 key cities has a population"):
        plan_branches(net.facts(), 1)

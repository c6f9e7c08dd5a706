"""Who is left without a supplier, and who is nearest: against plain computations."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from functools import cache
from math import acos, cos, radians, sin
from typing import TYPE_CHECKING, Any

import pytest

from graphchannel.analysis.coverage.facts import read_facts
from graphchannel.analysis.coverage.stranded import stranded
from tests.analysis.coverage.market import AS_OF, SINCE, fetching, other_policy, random_market
from tests.analysis.coverage.plain import Plain
from tests.findings.network import POLICY
from tests.sampling import sampled

if TYPE_CHECKING:
    from graphchannel.analysis.coverage.facts import Facts
    from graphchannel.analysis.coverage.stranded import Stranded

SEEDS = range(6)
POLICIES = {"shipped": POLICY, "other": other_policy()}
pytestmark = pytest.mark.xdist_group("coverage")


@cache
def market(name: str, seed: int) -> tuple[Facts, Plain]:
    """Return a random market whose cities lie apart, some of them nobody knows where."""
    dice = random.Random(seed)  # noqa: S311 - a seed, not a secret
    tables = random_market(seed, POLICIES[name])
    for city in tables["cities"]:
        known = dice.random() < 0.8
        city["latitude"] = dice.uniform(40, 60) if known else None
        city["longitude"] = dice.uniform(-10, 20) if known else None
    nowhere = {row["id"] for row in (tables["partners"][-6:] if seed % 2 else [])}
    for row in tables["partners"]:
        row["city_id"] = None if row["id"] in nowhere else row["city_id"]
    tables["authorizations"] = [
        row for row in tables["authorizations"] if row["partner_id"] not in nowhere
    ]
    with fetching(tables, POLICIES[name]) as fetch:
        return read_facts(fetch(AS_OF), POLICIES[name]), Plain(tables, POLICIES[name], AS_OF, SINCE)


def without(facts: Facts, partner: str) -> Facts:
    """Return the facts of the same day on which a partner has left."""
    left = replace(facts.partners[partner], terminated_on=AS_OF - timedelta(days=1))
    return replace(facts, partners=dict(facts.partners) | {partner: left})


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("seed", sampled(SEEDS, 3))
def test_whom_each_partner_would_strand(name: str, seed: int) -> None:
    facts, plain = market(name, seed)
    for partner in sorted(plain.suppliable()):
        found = stranded(facts, without(facts, partner))
        left = plain.suppliable(partner)
        assert {one.partner for one in found} == plain.suppliable() - left - {partner}
        for one in found:
            check_takeover(plain, one, left)


def check_takeover(plain: Plain, one: Stranded, left: set[str]) -> None:
    """Look at every distributor that is left, and at every office of it."""
    options = [
        id_
        for id_ in sorted(left)
        if plain.role(id_) in plain.hubs
        and (plain.role(id_), plain.role(one.partner)) in plain.allowed
        and (places(plain, id_) & places(plain, one.partner) or not places(plain, one.partner))
    ]
    assert one.candidates == len(options)
    home = plain.cities.get(plain.partners[one.partner]["city_id"])
    assert one.located == (home is not None and home["latitude"] is not None)
    away = {id_: nearest(plain, home, id_) for id_ in options}
    known = {id_: distance for id_, distance in away.items() if distance is not None}
    if not options:
        assert one.nearest is None
        return
    assert one.nearest is not None
    if not known:
        assert (one.nearest.distributor, one.nearest.kilometres) == (options[0], None)
        return
    assert one.nearest.kilometres == pytest.approx(min(known.values()), abs=0.06)
    assert known[one.nearest.distributor] == pytest.approx(min(known.values()), abs=0.11)


def places(plain: Plain, partner: str) -> set[str]:
    seat = plain.cities.get(plain.partners[partner]["city_id"])
    named = {leaf for leaf in plain.leaves if plain.authorized(partner, leaf)}
    return named | ({seat["region_id"]} if seat else set())


def nearest(plain: Plain, home: dict[str, Any] | None, distributor: str) -> float | None:
    """Return the distance to the nearest seat or open branch, by the law of cosines."""
    offices = {*plain.open_in(distributor), plain.partners[distributor]["city_id"]} - {None}
    if home is None or home["latitude"] is None:
        return None
    distances = []
    for office in offices:
        city = plain.cities[office]
        if city["latitude"] is not None:
            north, south = radians(home["latitude"]), radians(city["latitude"])
            east = radians(city["longitude"] - home["longitude"])
            turn = sin(north) * sin(south) + cos(north) * cos(south) * cos(east)
            distances.append(6371.0088 * acos(max(-1.0, min(1.0, turn))))
    return min(distances, default=None)


@pytest.mark.thorough
def test_the_random_markets_strand_somebody() -> None:
    found = [
        one
        for seed in SEEDS
        for facts, plain in [market("shipped", seed)]
        for partner in plain.suppliable()
        for one in stranded(facts, without(facts, partner))
    ]
    assert any(one.nearest is None for one in found)
    assert any(one.nearest and one.nearest.kilometres for one in found)
    assert any(one.nearest and one.nearest.kilometres is None for one in found)
    assert any(one.candidates > 1 for one in found)

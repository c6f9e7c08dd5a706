"""Every measure of coverage against a plain computation over the rows, on random markets."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import pytest

from graphchannel.analysis.coverage.concentration import concentrations, read_sold
from graphchannel.analysis.coverage.facts import Facts, read_facts
from graphchannel.analysis.coverage.key_cities import key_cities
from graphchannel.analysis.coverage.market import market_reach
from graphchannel.analysis.coverage.regions import Coverage, coverage
from graphchannel.analysis.coverage.resilience import resilience
from tests.analysis.coverage.market import AS_OF, POLICIES, SINCE, fetching, random_market
from tests.analysis.coverage.plain import Plain, counted
from tests.sampling import thinned

if TYPE_CHECKING:
    from graphchannel.analysis.coverage.concentration import Concentration

SEEDS = range(10)
pytestmark = pytest.mark.xdist_group("coverage")


class Case(NamedTuple):
    facts: Facts
    plain: Plain
    concentrations: list[Concentration]

    @property
    def found(self) -> Coverage:
        return coverage(self.facts)


@cache
def market(name: str, seed: int) -> Case:
    policy = POLICIES[name]
    tables = random_market(seed, policy)
    with fetching(tables, policy) as fetch:
        facts = read_facts(fetch(AS_OF), policy)
        groups = concentrations(read_sold(fetch(AS_OF), facts))
    return Case(facts, Plain(tables, policy, AS_OF, SINCE), groups)


@pytest.fixture(params=thinned([(name, seed) for name in POLICIES for seed in SEEDS], 3))
def case(request: pytest.FixtureRequest) -> Case:
    return market(*request.param)


def test_who_is_there_by_role(case: Case) -> None:
    plain = case.plain
    for region in case.found.regions:
        there = {partner: plain.role(partner) for partner in plain.members(region.id)}
        assert region.reach.members == there
        assert region.roles == {role: [*there.values()].count(role) for role in plain.roles}
        assert region.partners == tuple(p for p in sorted(there) if there[p] in plain.last)


def test_routes_and_the_partners_on_every_one_of_them(case: Case) -> None:
    for region in case.found.regions:
        routes = case.plain.routes(region.id)
        reach = region.reach
        assert set(reach.sellers) == {route[-1] for route in routes}
        assert set(reach.on_paper) == case.plain.on_paper(region.id)
        # one partner after the other is taken away
        dependent = {p for p in reach.members if routes and not case.plain.routes(region.id, p)}
        assert set(reach.sole) == dependent
        assert bool(reach.missing) == bool(reach.on_paper and not routes)


def test_shares_by_number_and_by_weight(case: Case) -> None:
    found, plain = case.found, case.plain
    demand = {leaf: amount for leaf, (amount, _) in plain.demand().items()}
    units = plain.units()
    by_demand = any(amount is not None for amount in demand.values())
    assert found.weighted_by == ("demand" if by_demand else "units")
    weight = {
        leaf: demand[leaf] or Fraction(0) if by_demand else Fraction(units[leaf])
        for leaf in plain.leaves
    }
    covered = {
        x for x in plain.leaves if any(plain.role(p) in plain.last for p in plain.members(x))
    }
    served = {leaf for leaf in plain.leaves if plain.routes(leaf)}
    assert {region.id for region in found.regions if region.covered} == covered
    assert found.total.numeric == pytest.approx(len(covered) / len(plain.leaves))
    total = sum(weight.values())
    for share, regions in ((found.total.weighted, covered), (found.total.served_weighted, served)):
        part = sum(weight[region] for region in regions)
        assert share == (pytest.approx(float(part / total)) if total else None)
    assert found.spread == sum(
        amount is not None and not stated for amount, stated in plain.demand().values()
    )
    gaps = sorted(set(plain.leaves) - covered, key=lambda leaf: (-weight[leaf], leaf))
    assert [region.id for region in found.white_space] == gaps


def test_countries_add_up_to_the_whole(case: Case) -> None:
    found, plain = case.found, case.plain
    assert {share.id for share in found.countries} == {plain.country(x) for x in plain.leaves}
    for share in found.countries:
        alone = coverage(case.facts, country=share.id).total if share.id else share
        assert share.regions == sum(plain.country(leaf) == share.id for leaf in plain.leaves)
        assert (share.covered, share.served) == (alone.covered, alone.served)
    assert sum(share.regions for share in found.countries) == found.total.regions
    assert sum(share.units for share in found.countries) == found.total.units


def test_sales_to_end_users(case: Case) -> None:
    amounts: defaultdict[tuple[str | None, str], Decimal] = defaultdict(Decimal)
    for row, place in case.plain.sold():
        if row["currency"] and row["amount"]:
            amounts[place, row["currency"]] += row["amount"]
    units = case.plain.units()
    for region in case.found.regions:
        assert region.units == units[region.id]
        here = {code: amount for (id_, code), amount in amounts.items() if id_ == region.id}
        assert region.sales == here


def test_every_unit_is_accounted_for(case: Case) -> None:
    units = case.plain.units()
    inner = units.keys() - {*case.plain.leaves, None}
    assert case.found.larger == {region: units[region] for region in sorted(filter(None, inner))}
    assert case.found.nowhere == units[None]
    counted_units = case.found.total.units + sum(case.found.larger.values()) + case.found.nowhere
    assert counted_units == sum(units.values())
    for country in {case.plain.country(region) for region in case.plain.regions} - {None}:
        own = {r for r in units if r and case.plain.country(r) == country}
        part = coverage(case.facts, country=country)
        assert part.total.units + sum(part.larger.values()) == sum(units[r] for r in own)


@pytest.mark.parametrize("population", [None, 50])
def test_key_cities_and_their_branches(case: Case, population: int | None) -> None:
    plain = case.plain
    found = key_cities(case.facts, population)
    expected = {
        row["id"]
        for row in plain.cities.values()
        if row["key_city"]
        or (population and row["key_city"] is None and (row["population"] or 0) >= population)
    }
    assert {city.id for city in found.cities} == expected
    rows = {(row.distributor, row.country): row for row in found.distributors}
    pairs: defaultdict[tuple[str, str | None], set[str]] = defaultdict(set)
    for city in found.cities:
        bound = plain.bound(city.id)
        assert set(city.bound) == bound
        assert set(city.distributors) == {p for p in bound if city.id in plain.open_in(p)}
        for partner in bound:
            pairs[partner, plain.country(plain.cities[city.id]["region_id"])].add(city.id)
    assert rows.keys() == pairs.keys()
    for (partner, country), cities in pairs.items():
        row = rows[partner, country]
        missing = cities - plain.open_in(partner)
        assert {city.id for city in row.missing} == missing
        assert (row.cities, row.covered) == (len(cities), len(cities) - len(missing))


def test_the_market_of_each_distributor(case: Case) -> None:
    plain = case.plain
    demand = {leaf: amount if own else None for leaf, (amount, own) in plain.demand().items()}
    found = {(row.distributor, row.country): row for row in market_reach(case.facts)}
    seen = set()
    for partner in plain.hub_holders():
        market = {leaf for leaf in plain.leaves if plain.authorized(partner, leaf)}
        reached = {plain.cities[city]["region_id"] for city in plain.open_in(partner)}
        roles = {row["role"] for row in plain.held(partner)}
        for other in filter(plain.active, plain.partners):
            for row in plain.held(other):
                if (
                    row["issuer_id"] == partner
                    and {(r, row["role"]) for r in roles} & plain.allowed
                ):
                    reached |= {leaf for leaf in market if plain.authorized(other, leaf)}
        for country in {plain.country(leaf) for leaf in market}:
            here = {leaf for leaf in market if plain.country(leaf) == country}
            measured = found[partner, country]
            seen.add((partner, country))
            assert set(measured.regions) == here
            assert set(measured.missing) == here - reached
            known = [demand[leaf] for leaf in here if demand[leaf] is not None]
            inside = [demand[leaf] for leaf in here & reached]
            if None in inside or not sum(Fraction(x or 0) for x in known):
                assert measured.share is None
            else:
                share = sum(x or 0 for x in inside) / sum(x or 0 for x in known)
                assert measured.share == pytest.approx(float(share))
    assert seen == found.keys()


def test_what_is_lost_with_each_partner(case: Case) -> None:
    plain = case.plain
    found = resilience(case.facts)
    losses = {loss.partner: loss for loss in found.losses}
    suppliable = plain.suppliable()
    standing = {p for p in plain.partners if plain.active(p) and plain.role(p)}
    assert set(found.unsupplied) == standing - suppliable
    keys = [row["id"] for row in plain.cities.values() if row["key_city"]]
    covering = {city: {p for p in plain.bound(city) if city in plain.open_in(p)} for city in keys}
    for partner in standing:
        regions = {
            leaf for leaf in plain.leaves if plain.routes(leaf) and not plain.routes(leaf, partner)
        }
        cities = {city for city in keys if covering[city] == {partner}}
        cut_off = suppliable - {partner} - plain.suppliable(partner)
        if not (regions or cities or cut_off or partner in plain.hub_holders()):
            assert partner not in losses
            continue
        loss = losses[partner]
        assert {region.id for region in loss.regions} == regions
        assert {city.id for city in loss.cities} == cities
        assert set(loss.cut_off) == cut_off
        sold = [row for row, _ in plain.sold() if row["seller_id"] in {partner, *cut_off}]
        assert loss.units == sum(row["quantity"] for row in sold)
        known = [amount or Fraction(0) for amount, _ in plain.demand().values()]
        lost = sum(plain.demand()[region][0] or Fraction(0) for region in regions)
        every = sum(row["quantity"] for row, _ in plain.sold())
        shares = [lost / sum(known)] if sum(known) else []
        shares += [Fraction(loss.units, every)] if every else []
        assert loss.stake == pytest.approx(float(sum(shares) / len(shares)))
    assert losses.keys() <= standing
    assert [loss.stake for loss in found.losses] == sorted(
        (loss.stake for loss in found.losses), reverse=True
    )


def test_concentration(case: Case) -> None:
    found = {(str(one.kind), one.group): one for one in case.concentrations}
    groups = case.plain.groups()
    assert found.keys() == groups.keys()
    for group, rows in groups.items():
        currency, parts = counted(rows)
        total = sum(parts.values())
        measured = found[group]
        assert measured.counted_in == currency
        squares = sum((part / total) ** 2 for part in parts.values())
        assert measured.herfindahl == pytest.approx(float(squares))
        assert measured.top_share == pytest.approx(float(max(parts.values()) / total))
        assert parts[measured.top] == max(parts.values())
        assert measured.lines == len(rows)


@pytest.mark.thorough
def test_the_random_markets_have_something_to_find() -> None:
    """Guard the guard: over all seeds every kind of finding is there."""
    counts: defaultdict[str, int] = defaultdict(int)
    for name in POLICIES:
        for seed in SEEDS:
            facts = market(name, seed).facts
            for region in coverage(facts).regions:
                counts["served"] += region.served
                counts["white"] += not region.covered
                counts["missing"] += bool(region.reach.missing)
                counts["sole"] += bool(region.reach.sole) and len(region.reach.members) > 2
            found = resilience(facts)
            counts["cut off"] += any(loss.cut_off for loss in found.losses)
            counts["cities"] += any(loss.cities for loss in found.losses)
            counts["unsupplied"] += bool(found.unsupplied)
            counts["shares"] += sum(
                row.share is not None and 0 < row.share < 1 for row in market_reach(facts)
            )
    assert min(counts.values()) >= 4, dict(counts)
    assert len(counts) == 8

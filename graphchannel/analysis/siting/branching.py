"""Where distributors should open branches: few cities that cover most.

What is to be covered are points: the key cities by population, or the demand of the smallest
regions, each spread over its cities by population. A branch covers the points of its own country
that are at most so many kilometres away; with a radius of 0, or without coordinates, its own city.
An open branch covers a point if its distributor is authorized around it. A new branch may be opened
in any city; who is authorized around that city may open it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING, Literal

from graphchannel.analysis.coverage.distance import kilometres, near
from graphchannel.analysis.coverage.key_cities import authorized_around
from graphchannel.analysis.coverage.places import country_of
from graphchannel.analysis.siting.city_weights import by_demand, by_population, nothing_to_cover
from graphchannel.analysis.siting.covering import Covering, greedy_cover, maximal_cover
from graphchannel.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from graphchannel.analysis.coverage.facts import City, Facts
    from graphchannel.analysis.siting.covering import Cover

__all__ = ["BranchPlan", "Measure", "NewBranch", "Opener", "plan_branches"]

Measure = Literal["population", "demand"]


@dataclass(frozen=True, slots=True)
class Opener:
    """A distributor that is authorized around a city; km from there to its nearest open branch."""

    partner: str
    km: float | None


@dataclass(frozen=True, slots=True)
class NewBranch:
    """A city for a branch: what it adds to those before it, and what is covered with it in all.

    `covers` are the points that it adds, heaviest first; `openers` stand by distance.
    """

    city: City
    country: str | None
    gain: float
    covered: float
    covers: tuple[City, ...]
    openers: tuple[Opener, ...]


@dataclass(frozen=True, slots=True)
class BranchPlan:
    """The best cities for new branches, in the order in which each adds most, and the greedy ones.

    `weights` are those of the points by city, `today` the points that open branches cover, `left`
    those that stay uncovered, heaviest first. `gap` is that of the cover, 0 if proved best.
    `without_weight` are key cities of unknown population, `without_city` regions whose demand no
    city carries, and `without_point` counts cities of unknown position.
    """

    by: Measure
    radius: float
    budget: int
    weights: Mapping[str, float]
    today: frozenset[str]
    branches: tuple[NewBranch, ...]
    gap: float
    greedy: tuple[NewBranch, ...]
    left: tuple[City, ...]
    without_weight: tuple[City, ...]
    without_city: tuple[str, ...]
    without_point: int

    @property
    def total(self) -> float:
        """Weight of all points."""
        return fsum(self.weights.values())

    @property
    def covered_today(self) -> float:
        """Weight of the points that open branches cover."""
        return fsum(self.weights[id_] for id_ in sorted(self.today))

    @property
    def covered(self) -> float:
        """Weight of the points that are covered with the new branches."""
        return self.branches[-1].covered if self.branches else self.covered_today

    @property
    def greedy_covered(self) -> float:
        """Weight of the points that are covered with the greedy choice."""
        return self.greedy[-1].covered if self.greedy else self.covered_today


def plan_branches(
    facts: Facts,
    budget: int,
    *,
    by: Measure = "population",
    radius: float = 0.0,
    country: str | None = None,
    key_city_population: int | None = None,
) -> BranchPlan:
    """Choose cities for at most `budget` new branches; `radius` is in kilometres.

    Raises InputError where there is nothing to cover.
    """
    cities = {
        city.id: city
        for city in facts.cities.values()
        if country in (None, country_of(facts.regions, city.region))
    }
    weights, without_city = (
        (by_population(facts, cities, key_city_population), ())
        if by == "population"
        else by_demand(facts, cities, country)
    )
    weighty = {id_: weight for id_, weight in weights.items() if weight}
    if not weighty:
        raise InputError(nothing_to_cover(by, weights, country))
    reach = _reach(facts, cities, weighty, radius)
    today = _covered_today(facts, weighty, reach)
    sites = _sites(facts, weighty, today, reach, budget)
    best, greedy = maximal_cover(sites.problem), greedy_cover(sites.problem)
    left = [cities[id_] for id_ in sites.left(best)]
    return BranchPlan(
        by=by,
        radius=radius,
        budget=budget,
        weights=weighty,
        today=today,
        branches=sites.branches(best),
        gap=best.gap,
        greedy=sites.branches(greedy),
        left=tuple(sorted(left, key=lambda city: (-weighty[city.id], city.id))),
        without_weight=tuple(cities[id_] for id_, weight in weights.items() if weight is None),
        without_city=without_city,
        without_point=sum(city.point is None for city in cities.values()) if radius else 0,
    )


@dataclass(frozen=True, slots=True)
class _Sites:
    """Cities to cover, and those to cover them from; `covered` is what is covered without them."""

    facts: Facts
    problem: Covering
    candidates: tuple[str, ...]
    points: tuple[str, ...]
    covered: float

    def left(self, cover: Cover) -> list[str]:
        """Return the cities that chosen sites leave uncovered."""
        reached = frozenset[int]().union(*(self.problem.sites[site] for site in cover.sites))
        return [id_ for number, id_ in enumerate(self.points) if number not in reached]

    def branches(self, cover: Cover) -> tuple[NewBranch, ...]:
        """Return the branches at chosen sites, and what each adds."""
        chosen = [self.facts.cities[self.candidates[site]] for site in cover.sites]
        around = authorized_around(self.facts, chosen)
        seen: set[int] = set()
        covered = self.covered
        found = []
        for site, city, gain in zip(cover.sites, chosen, cover.gains, strict=True):
            added = sorted(
                self.problem.sites[site] - seen, key=lambda p: (-self.problem.weights[p], p)
            )
            seen |= self.problem.sites[site]
            covered += gain
            found.append(
                NewBranch(
                    city=city,
                    country=country_of(self.facts.regions, city.region),
                    gain=gain,
                    covered=covered,
                    covers=tuple(self.facts.cities[self.points[point]] for point in added),
                    openers=_openers(self.facts, city, around[city.id]),
                )
            )
        return tuple(found)


def _sites(
    facts: Facts,
    weights: Mapping[str, float],
    today: Collection[str],
    reach: Mapping[str, Collection[str]],
    budget: int,
) -> _Sites:
    """Return what is to be covered beyond what is `today`, from cities with their `reach`."""
    points = [id_ for id_ in weights if id_ not in today]
    place = {id_: number for number, id_ in enumerate(points)}
    candidates = sorted(
        (id_ for id_ in reach if not place.keys().isdisjoint(reach[id_])),
        key=lambda id_: (-weights.get(id_, 0.0), -(facts.cities[id_].population or 0), id_),
    )
    problem = Covering(
        tuple(weights[id_] for id_ in points),
        tuple(frozenset(place[p] for p in reach[id_] if p in place) for id_ in candidates),
        budget,
    )
    covered = fsum(weights[id_] for id_ in sorted(today))
    return _Sites(facts, problem, tuple(candidates), tuple(points), covered)


def _reach(
    facts: Facts, cities: Mapping[str, City], points: Iterable[str], radius: float
) -> dict[str, set[str]]:
    """Return the points that a branch in each city covers, if its distributor may serve them."""
    countries = {id_: country_of(facts.regions, city.region) for id_, city in cities.items()}
    reach: dict[str, set[str]] = {id_: set() for id_ in cities}
    targets = {}
    for id_ in points:
        reach[id_].add(id_)
        if (point := cities[id_].point) is not None:
            targets[id_] = point
    if radius > 0:
        sources = {id_: city.point for id_, city in cities.items() if city.point is not None}
        for source, target, _ in near(sources, targets, radius):
            if countries[source] == countries[target]:
                reach[source].add(target)
    return reach


def _covered_today(
    facts: Facts, points: Iterable[str], reach: Mapping[str, set[str]]
) -> frozenset[str]:
    around = authorized_around(facts, [facts.cities[id_] for id_ in points])
    return frozenset(
        point
        for branch in facts.branches
        for point in reach.get(branch.city, ())
        if branch.partner in around[point]
    )


def _openers(facts: Facts, city: City, authorized: Iterable[str]) -> tuple[Opener, ...]:
    """Return who may open a branch in the city, the nearest first, unknown distances last."""
    found = []
    for partner in authorized:
        cities = [facts.cities[b.city] for b in facts.branches if b.partner == partner]
        if city in cities:
            continue
        known = [
            kilometres(city.point, other.point)
            for other in cities
            if city.point is not None and other.point is not None
        ]
        found.append(Opener(partner, min(known, default=None)))
    return tuple(sorted(found, key=lambda o: (o.km is None, o.km or 0.0, o.partner)))

"""Where to recruit partners, and who could be granted a region instead.

Regions without a partner are to be served from somewhere near: by a new partner recruited in one of
them, or by an existing one of the country to which the territory is granted. So many recruits are
placed that the distance to the serving partner, weighted by the regions' demand, is least. A
partner serves up to a radius; a region with nobody in it counts as that far away. This is the
p-median problem (Hakimi, 1964) with the existing partners as facilities that are open already; each
step nearer is a point of a covering problem (García, Labbé and Marín, 2011), which is solved
exactly.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING, Literal

from graphchannel.analysis.coverage.distance import near
from graphchannel.analysis.coverage.key_cities import holders
from graphchannel.analysis.coverage.regions import coverage
from graphchannel.analysis.coverage.routes import distributing_roles
from graphchannel.analysis.siting.covering import Covering, greedy_cover, maximal_cover
from graphchannel.analysis.siting.granting import grants
from graphchannel.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphchannel.analysis.coverage.facts import Facts
    from graphchannel.analysis.coverage.regions import RegionCoverage
    from graphchannel.analysis.siting.covering import Cover
    from graphchannel.analysis.siting.granting import Grant

__all__ = ["Recruit", "RecruitPlan", "Service", "plan_recruits"]

Weight = Literal["demand", "population"]
_GRANTS = 3  # existing partners that are named for each region


@dataclass(frozen=True, slots=True)
class Recruit:
    """A region to recruit in, and how near partners come.

    `mean_km` is the weighted mean distance of all uncovered regions once it and those before it are
    there. `recruiters` are the distributors authorized there.
    """

    region: RegionCoverage
    mean_km: float
    recruiters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Service:
    """Who is to serve an uncovered region.

    `by` a recruit in the region `source`, a grant to the existing partner `source`, or nobody, if
    none is near. `km` is the distance then, `before` that to the nearest existing partner.
    """

    region: RegionCoverage
    weight: float
    by: Literal["recruit", "grant", "nobody"]
    source: str | None
    km: float | None
    before: float | None
    grants: tuple[Grant, ...]


@dataclass(frozen=True, slots=True)
class RecruitPlan:
    """The best regions to recruit in, in the order in which each helps most, and the greedy ones.

    `mean_km` is the weighted mean distance of the uncovered regions today. `gap` is that of the
    cover, 0 if proved best. `services` are all uncovered regions, heaviest first; `without_point`
    counts those of unknown place.
    """

    roles: tuple[str, ...]
    weighted_by: str
    radius: float
    weight: float
    mean_km: float
    gap: float
    recruits: tuple[Recruit, ...]
    greedy: tuple[Recruit, ...]
    services: tuple[Service, ...]
    without_point: int

    @property
    def best_km(self) -> float:
        """The weighted mean distance with all recruits."""
        return self.recruits[-1].mean_km if self.recruits else self.mean_km

    @property
    def greedy_km(self) -> float:
        """The weighted mean distance with the greedy choice."""
        return self.greedy[-1].mean_km if self.greedy else self.mean_km


def plan_recruits(
    facts: Facts,
    budget: int,
    *,
    by: Weight = "demand",
    radius: float,
    role: str | None = None,
    country: str | None = None,
) -> RecruitPlan:
    """Choose uncovered regions for at most `budget` recruits; `radius` is in kilometres, above 0.

    `role` lets partners of that role alone count, as in coverage.
    Raises InputError where there are no regions, or the uncovered ones weigh nothing.
    """
    found = coverage(facts, role, country)
    if not found.regions:
        where = f" in {country}" if country else ""
        raise InputError(
            f"There are no regions{where}, so nothing tells where partners are missing; load some."
        )
    weights = _weights(facts, found.white_space, by)
    if found.white_space and not any(weights.values()):
        raise InputError(_weightless(len(weights), by))
    regions = sorted(found.white_space, key=lambda region: (-weights[region.id], region.id))
    existing = grants(facts, regions, found.roles, _GRANTS)
    uncovered = _Uncovered(tuple(regions), weights, existing, _distances(regions, radius), radius)
    problem = uncovered.problem(budget)
    best, greedy = maximal_cover(problem), greedy_cover(problem)
    recruiters = _recruiters(facts)
    return RecruitPlan(
        roles=found.roles,
        weighted_by="population" if by == "population" else found.weighted_by,
        radius=radius,
        weight=uncovered.weight,
        mean_km=uncovered.mean_km(),
        gap=best.gap,
        recruits=uncovered.recruits(best, recruiters),
        greedy=uncovered.recruits(greedy, recruiters),
        services=tuple(uncovered.service(region, best.sites) for region in regions),
        without_point=sum(region.point is None for region in regions),
    )


@dataclass(frozen=True, slots=True)
class _Uncovered:
    """Uncovered regions, heaviest first, who could be granted each, and who is how far from whom.

    `distances` holds, for each region, those in which a recruit could serve it.
    """

    regions: tuple[RegionCoverage, ...]
    weights: Mapping[str, float]
    grants: Mapping[str, tuple[Grant, ...]]
    distances: Mapping[str, Mapping[str, float]]
    radius: float

    @property
    def weight(self) -> float:
        return fsum(self.weights.values())

    def before(self, region: str) -> float | None:
        """Return how far the nearest existing partner is, None if that is not known."""
        return self.grants[region][0].km if self.grants[region] else None

    def today(self, region: str) -> float:
        """Return the same, but at most the radius."""
        km = self.before(region)
        return self.radius if km is None else min(km, self.radius)

    def mean_km(self, gained: float = 0.0) -> float:
        """Return the mean distance, so many weighted kilometres below that of today."""
        now = fsum(self.weights[region.id] * self.today(region.id) for region in self.regions)
        return (now - gained) / self.weight if self.weight else 0.0

    def problem(self, budget: int) -> Covering:
        """Return the covering problem whose points are the steps by which regions come nearer."""
        place = {region.id: number for number, region in enumerate(self.regions)}
        covers: list[set[int]] = [set() for _ in self.regions]
        steps: list[float] = []
        for region in self.regions:
            outer = self.today(region.id)
            nearer = {s: km for s, km in self.distances[region.id].items() if km < outer}
            for inner in sorted(set(nearer.values()), reverse=True):
                for source, km in nearer.items():
                    if km <= inner:
                        covers[place[source]].add(len(steps))
                steps.append(self.weights[region.id] * (outer - inner))
                outer = inner
        return Covering(tuple(steps), tuple(map(frozenset, covers)), budget)

    def recruits(
        self, cover: Cover, recruiters: Mapping[str, tuple[str, ...]]
    ) -> tuple[Recruit, ...]:
        """Return the recruits at chosen sites, each with the mean distance once it is there."""
        return tuple(
            Recruit(
                region=self.regions[site],
                mean_km=self.mean_km(fsum(cover.gains[: number + 1])),
                recruiters=recruiters.get(self.regions[site].id, ()),
            )
            for number, site in enumerate(cover.sites)
        )

    def service(self, region: RegionCoverage, sites: Sequence[int]) -> Service:
        """Tell who serves a region if recruits are at the sites."""
        before = self.before(region.id)
        near_sites = [
            (km, source)
            for source in (self.regions[site].id for site in sites)
            if (km := self.distances[region.id].get(source)) is not None
        ]
        by: Literal["recruit", "grant", "nobody"] = "nobody"
        km, source = min(near_sites, default=(None, None))
        if km is not None and km < self.today(region.id):
            by = "recruit"
        elif before is not None and before <= self.radius:
            by, source, km = "grant", self.grants[region.id][0].partner, before
        else:
            source, km = None, None
        return Service(
            region, self.weights[region.id], by, source, km, before, self.grants[region.id]
        )


def _weights(facts: Facts, regions: Sequence[RegionCoverage], by: Weight) -> dict[str, float]:
    if by == "demand":
        return {region.id: region.weight for region in regions}
    inhabitants: defaultdict[str, int] = defaultdict(int)
    for city in facts.cities.values():
        inhabitants[city.region] += city.population or 0
    return {region.id: float(inhabitants[region.id]) for region in regions}


def _weightless(regions: int, by: Weight) -> str:
    if by == "demand":
        return (
            f"None of the {regions} regions without a partner states a demand or had sales; fill "
            "'demand' in regions, or use --by population."
        )
    return (
        f"None of the {regions} regions without a partner has a city of known population; fill "
        "'population' in cities, or use --by demand."
    )


def _distances(regions: Sequence[RegionCoverage], radius: float) -> dict[str, dict[str, float]]:
    """Return, for each region, how far those of its country are that are near; itself is 0 away."""
    country = {region.id: region.country for region in regions}
    points = {region.id: region.point for region in regions if region.point is not None}
    found = {region.id: {region.id: 0.0} for region in regions}
    for id_, other, km in near(points, points, radius):
        if country[id_] == country[other]:
            found[id_].setdefault(other, km)
    return found


def _recruiters(facts: Facts) -> dict[str, tuple[str, ...]]:
    """Return the distributors that are authorized in each smallest region."""
    distributors = holders(facts, distributing_roles(facts.policy))
    found: defaultdict[str, set[str]] = defaultdict(set)
    for authorization in facts.authorizations:
        if authorization.partner in distributors:
            found[authorization.region].add(authorization.partner)
    return {region: tuple(sorted(partners)) for region, partners in found.items()}

"""Key cities against branches: which distributor keeps a branch where, which cities have none.

A key city is one that the data marks, or, where a size is given, one of that size that the data
neither marks nor excludes. A distributor covers it with a branch that is open on the day, if it is
active, holds a distributing role and is authorized around the city: in every smallest region within
the city's region.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.analysis.coverage.places import around, country_of, inside
from graphchannel.analysis.coverage.regions import money
from graphchannel.analysis.coverage.routes import distributing_roles

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    from graphchannel.analysis.coverage.facts import City, Facts, Sale
    from graphchannel.analysis.coverage.places import Point

__all__ = [
    "CityCoverage",
    "DistributorCities",
    "KeyCities",
    "authorized_around",
    "holders",
    "key_cities",
    "narrowed",
]


@dataclass(frozen=True, slots=True)
class CityCoverage:
    """One key city; `marked` tells that the data marks it, else its size makes it one.

    `distributors` cover it; `bound` are authorized around it, covering or not. `units` and `sales`
    went to end users in the city's region, or in one within it, in the period.
    """

    id: str
    name: str
    country: str | None
    point: Point | None
    population: int | None
    marked: bool
    units: int
    sales: Mapping[str, Decimal]
    distributors: tuple[str, ...]
    bound: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DistributorCities:
    """The key cities of one country around which a distributor is authorized.

    `missing` are those in which it has no open branch, largest first.
    """

    distributor: str
    name: str
    country: str | None
    cities: int
    covered: int
    missing: tuple[CityCoverage, ...]


@dataclass(frozen=True, slots=True)
class KeyCities:
    """All of them, uncovered ones first, then by falling population and sales."""

    cities: tuple[CityCoverage, ...]
    distributors: tuple[DistributorCities, ...]


def key_cities(facts: Facts, population: int | None = None) -> KeyCities:
    """Measure how the key cities are covered; `population` makes unmarked cities key cities."""
    chosen = [city for city in facts.cities.values() if _is_key(city, population)]
    bound = authorized_around(facts, chosen)
    branches = {(branch.city, branch.partner) for branch in facts.branches}
    nearby: defaultdict[str, list[Sale]] = defaultdict(list)
    for sale in facts.sales:
        for region in around(facts.regions, sale.region) if sale.region else ():
            nearby[region.id].append(sale)
    cities = [
        CityCoverage(
            id=city.id,
            name=city.name,
            country=country_of(facts.regions, city.region),
            point=city.point,
            population=city.population,
            marked=city.key_city is True,
            units=sum(sale.units for sale in nearby[city.region]),
            sales=money(nearby[city.region]),
            distributors=tuple(d for d in bound[city.id] if (city.id, d) in branches),
            bound=bound[city.id],
        )
        for city in chosen
    ]
    cities.sort(key=lambda c: (bool(c.distributors), -(c.population or 0), -c.units, c.id))
    return KeyCities(
        cities=tuple(cities),
        distributors=tuple(_by_distributor(facts, cities)),
    )


def narrowed(found: KeyCities, distributor: str | None, country: str | None) -> KeyCities:
    """Return what is about one distributor, one country, or both."""
    cities = tuple(
        city
        for city in found.cities
        if country in (None, city.country) and (distributor is None or distributor in city.bound)
    )
    rows = tuple(
        row
        for row in found.distributors
        if country in (None, row.country) and distributor in (None, row.distributor)
    )
    return KeyCities(cities, rows)


def holders(facts: Facts, roles: Iterable[str]) -> dict[str, str]:
    """Return the active partners that hold one of the roles, with the first that they hold."""
    found: dict[str, str] = {}
    for role in roles:
        for certificate in facts.certificates:
            partner = facts.partners[certificate.partner]
            if certificate.role == role and certificate.holds and partner.active(facts.as_of):
                found.setdefault(partner.id, role)
    return dict(sorted(found.items()))


def authorized_around(facts: Facts, cities: Iterable[City]) -> dict[str, tuple[str, ...]]:
    """Return the distributors that are authorized around each city, by id."""
    distributors = holders(facts, distributing_roles(facts.policy))
    territory: defaultdict[str, set[str]] = defaultdict(set)
    for authorization in facts.authorizations:
        if authorization.partner in distributors:
            territory[authorization.region].add(authorization.partner)
    within = inside(facts.regions)
    return {
        city.id: tuple(sorted(set.intersection(*(territory[r] for r in within[city.region]))))
        for city in cities
    }


def _is_key(city: City, population: int | None) -> bool:
    if city.key_city is None:
        return population is not None and (city.population or 0) >= population
    return city.key_city


def _by_distributor(facts: Facts, cities: list[CityCoverage]) -> list[DistributorCities]:
    """Return a row for each distributor and country, those that miss most of them first."""
    around: defaultdict[tuple[str, str | None], list[CityCoverage]] = defaultdict(list)
    for city in cities:
        for distributor in city.bound:
            around[distributor, city.country].append(city)
    rows = []
    for (distributor, country), bound in around.items():
        missing = [city for city in bound if distributor not in city.distributors]
        missing.sort(key=lambda c: (-(c.population or 0), -c.units, c.id))
        rows.append(
            DistributorCities(
                distributor=distributor,
                name=facts.partners[distributor].name,
                country=country,
                cities=len(bound),
                covered=len(bound) - len(missing),
                missing=tuple(missing),
            )
        )
    return sorted(
        rows, key=lambda r: (r.covered / r.cities, -len(r.missing), r.country or "", r.distributor)
    )

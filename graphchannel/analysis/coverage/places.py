"""Regions as places: which are the smallest, in which country, how large their market is, where."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.analysis.coverage.facts import Point

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from graphchannel.analysis.coverage.facts import City, Region

__all__ = [
    "Demand",
    "Place",
    "Point",
    "around",
    "country_of",
    "demand_of",
    "inside",
    "places",
    "smallest",
]


@dataclass(frozen=True, slots=True)
class Place:
    """A smallest region: one that no other is part of.

    `country` is that of `country_of`. `point` is the mean of its cities, weighted by population;
    None without coordinates.
    """

    id: str
    name: str
    country: str | None
    point: Point | None


@dataclass(frozen=True, slots=True)
class Demand:
    """The demand of a smallest region.

    It is `stated` for the region itself, or an equal share of what is known only for a region
    around it; None where nothing is known.
    """

    amount: float | None
    stated: bool


def smallest(regions: Mapping[str, Region]) -> list[str]:
    """Return the ids of the regions that no other is part of."""
    parents = {region.parent for region in regions.values()}
    return [id_ for id_ in regions if id_ not in parents]


def around(regions: Mapping[str, Region], region: str) -> Iterator[Region]:
    """Yield a region, the one that it is part of, and so on."""
    following: str | None = region
    while following is not None:
        yield regions[following]
        following = regions[following].parent


def country_of(regions: Mapping[str, Region], region: str) -> str | None:
    """Return a region's own country, else the first in the alphabet of those around it."""
    others = (outer.country for outer in around(regions, region) if outer.country)
    return regions[region].country or min(others, default=None)


def inside(regions: Mapping[str, Region]) -> dict[str, list[str]]:
    """Return the smallest regions within each region (itself, if it is one)."""
    found: dict[str, list[str]] = {id_: [] for id_ in regions}
    for leaf in smallest(regions):
        for region in around(regions, leaf):
            found[region.id].append(leaf)
    return found


def places(regions: Mapping[str, Region], cities: Iterable[City]) -> dict[str, Place]:
    """Return the smallest regions by id."""
    points = _points(cities)
    return {
        leaf: Place(
            leaf,
            regions[leaf].name,
            country_of(regions, leaf),
            points.get(leaf),
        )
        for leaf in smallest(regions)
    }


def demand_of(regions: Mapping[str, Region]) -> dict[str, Demand]:
    """Return the demand of each smallest region.

    A region's own demand counts only where no region within it states any; it is then spread evenly
    over its smallest regions.
    """
    within = inside(regions)
    known_below = {
        outer.id
        for region in regions.values()
        if region.demand is not None and region.parent is not None
        for outer in around(regions, region.parent)
    }
    found = {leaf: Demand(None, stated=False) for leaf in smallest(regions)}
    for region in regions.values():
        if region.demand is None or region.id in known_below:
            continue
        for leaf in within[region.id]:
            share = region.demand / len(within[region.id])
            found[leaf] = Demand(share, stated=leaf == region.id)
    return found


def _points(cities: Iterable[City]) -> dict[str, Point]:
    """Return the mean position of the cities of each region."""
    known: defaultdict[str, list[tuple[float, float, float]]] = defaultdict(list)
    for city in cities:
        if city.point is not None:
            known[city.region].append((float(city.population or 1), *city.point))
    return {region: _mean(positions) for region, positions in known.items()}


def _mean(positions: list[tuple[float, float, float]]) -> Point:
    total = sum(weight for weight, _, _ in positions)
    latitude = sum(weight * north for weight, north, _ in positions) / total
    longitude = sum(weight * east for weight, _, east in positions) / total
    return round(latitude, 5), round(longitude, 5)

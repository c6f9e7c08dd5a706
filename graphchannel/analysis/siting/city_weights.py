"""What branches are to cover: cities, weighed by their inhabitants or by the demand around them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from graphchannel.analysis.coverage.key_cities import key_cities
from graphchannel.analysis.coverage.places import country_of, demand_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphchannel.analysis.coverage.facts import City, Facts

__all__ = ["by_demand", "by_population", "nothing_to_cover"]


def by_population(
    facts: Facts, cities: Mapping[str, City], key_city_population: int | None
) -> dict[str, float | None]:
    """Return the population of the key cities."""
    keys = {city.id: city for city in key_cities(facts, key_city_population).cities}
    found = {id_: keys[id_].population for id_ in cities if id_ in keys}
    return {id_: None if people is None else float(people) for id_, people in found.items()}


def by_demand(
    facts: Facts, cities: Mapping[str, City], country: str | None
) -> tuple[dict[str, float | None], tuple[str, ...]]:
    """Return the demand by city, and the regions whose demand no city carries.

    Cities of unknown population carry none, unless no population in the region is known; then all
    cities carry the same.
    """
    there: defaultdict[str, list[City]] = defaultdict(list)
    for city in cities.values():
        there[city.region].append(city)
    found: dict[str, float | None] = {}
    without = []
    for region, demand in demand_of(facts.regions).items():
        if not demand.amount or country not in (None, country_of(facts.regions, region)):
            continue
        if not there[region]:
            without.append(region)
        known = any(city.population for city in there[region])
        shares = {city.id: (city.population or 0) if known else 1 for city in there[region]}
        whole = sum(shares.values())
        found |= {id_: demand.amount * share / whole for id_, share in shares.items()}
    return dict(sorted(found.items())), tuple(without)


def nothing_to_cover(by: str, weights: Mapping[str, float | None], country: str | None) -> str:
    """Say why there is nothing to cover, and what to do about it."""
    where = f" in {country}" if country else ""
    if by == "demand":
        return (
            f"No region{where} states a demand that a city there could carry; fill 'demand' in "
            "regions, or use --by population."
        )
    if weights:
        return (
            f"None of the {len(weights)} key cities{where} has a population; fill 'population' in "
            "cities, or use --by demand."
        )
    return (
        f"No city{where} is a key city; fill 'key_city' in cities, count large ones with "
        "--key-city-population N, or use --by demand."
    )

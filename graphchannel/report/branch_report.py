"""Branches and markets of distributors as documents: tables and the sentences beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.analysis.coverage.market import threshold_of
from graphchannel.report.coverage_report import SHOWN, change_of, why
from graphchannel.report.figures import Figures, percent
from graphchannel.report.sections import Document, Section
from graphchannel.text import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from graphchannel.analysis.coverage.changes import CityChange
    from graphchannel.analysis.coverage.facts import Facts
    from graphchannel.analysis.coverage.key_cities import KeyCities
    from graphchannel.analysis.coverage.market import MarketReach

__all__ = ["cities_document", "distributors_document"]


def cities_document(
    facts: Facts,
    found: KeyCities,
    changes: Sequence[CityChange] | None = None,
    before: date | None = None,
) -> Document:
    """Tell which key cities have a branch, and which distributor misses which.

    `changes` are those from the day `before`.
    """
    uncovered = [city for city in found.cities if not city.distributors]
    distributors = Section(
        "distributors",
        "Distributors by country, those that miss most first",
        ("distributor", "name", "country", "cities", "covered", "percent", "missing"),
        [
            (
                row.distributor,
                row.name,
                row.country,
                row.cities,
                row.covered,
                percent(row.covered / row.cities),
                listed([city.name for city in row.missing]),
            )
            for row in found.distributors
        ],
        shown=SHOWN,
    )
    cities = Section(
        "cities",
        "Key cities, those without a branch first",
        ("city", "name", "country", "population", "units_nearby", "sales_nearby", "distributors"),
        [
            (
                city.id,
                city.name,
                city.country,
                city.population,
                city.units,
                Figures(city.sales),
                len(city.distributors),
            )
            for city in found.cities
        ],
        shown=SHOWN,
    )
    sections = [distributors, cities]
    if changes is not None:
        sections.append(
            Section(
                "changes",
                f"Key cities gained and lost from {before} to {facts.as_of}",
                ("city", "name", "change", "why"),
                [(c.id, c.name, change_of(gained=c.gained), why(c.reasons)) for c in changes],
            )
        )
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


def distributors_document(
    facts: Facts,
    found: Sequence[MarketReach],
    before: Sequence[MarketReach] | None = None,
    day_before: date | None = None,
) -> Document:
    """Tell which share of its market each distributor reaches in each country.

    `before` is the same on the day `day_before`.
    """
    threshold = threshold_of(facts.policy)
    old = {(row.distributor, row.country): row for row in before or ()}
    columns = ["distributor", "name", "country", "percent"]
    columns += [f"percent_{day_before}"] if before is not None else []
    columns += ["demand", "reached", "regions", "in_reach", "resellers", "missing"]
    rows: list[list[object]] = []
    for row in found:
        was = old.get((row.distributor, row.country))
        rows.append(
            [
                row.distributor,
                facts.partners[row.distributor].name,
                row.country,
                percent(row.share),
                *([percent(was.share if was else None)] if before is not None else []),
                row.demand,
                row.reached,
                len(row.regions),
                len(row.regions) - len(row.missing),
                len(row.resellers),
                listed([facts.regions[region].name for region in row.missing]),
            ]
        )
    known = [row for row in found if row.share is not None]
    least = f"the policy's {100 * threshold:g} %" if threshold is not None else None
    thin = [row for row in known if threshold is not None and (row.share or 0.0) < threshold]
    return Document(
        headline=(
            f"Markets as of {facts.as_of}, one for each distributor and country: {len(found)}."
            + (
                f" Reached below {least}: {len(thin)} of {len(known)} whose demand is known."
                if least
                else ""
            )
        ),
        facts={
            "as_of": facts.as_of,
            "threshold_percent": percent(threshold),
            "markets": len(found),
            "below": len(thin) if least else None,
        },
        sections=(
            Section(
                "distributors",
                "Distributors by country, the thinnest first",
                tuple(columns),
                rows,
                shown=SHOWN,
                details=frozenset({"reached", "resellers"}),
            ),
        ),
        remarks=tuple(_market_remarks(found, least)),
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


def _market_remarks(found: Sequence[MarketReach], least: str | None) -> Iterator[str]:
    if not found:
        yield "No distributor is authorized by name in any region on that day."
        return
    yield (
        "A region is reached by an open branch of the distributor there, or by a partner that it "
        "certified and that is authorized there."
    )
    if least is None:
        yield "The policy sets no market_share_threshold, so no share is called too thin."
    unknown = sum(row.share is None for row in found)
    if unknown:
        yield (
            f"The share of {unknown} markets is unknown, because regions that are reached state no "
            "demand; the number of regions still tells."
        )

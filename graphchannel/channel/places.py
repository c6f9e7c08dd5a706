"""Questions about places: coverage, resilience, and where to open and recruit."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.analysis.coverage.changes import city_changes, compared
from graphchannel.analysis.coverage.concentration import concentrations, read_sold
from graphchannel.analysis.coverage.facts import on_another_day, read_facts
from graphchannel.analysis.coverage.key_cities import key_cities, narrowed
from graphchannel.analysis.coverage.market import market_reach
from graphchannel.analysis.coverage.regions import coverage
from graphchannel.analysis.coverage.resilience import resilience
from graphchannel.analysis.coverage.routes import distributing_roles
from graphchannel.analysis.fetch import fetch_from
from graphchannel.channel.distances import BRANCH_KM
from graphchannel.channel.opening import year_before
from graphchannel.channel.place_results import (
    BranchSites,
    CityCoverages,
    MarketReaches,
    RecruitSites,
    RegionCoverages,
    ResilienceFigures,
)
from graphchannel.errors import InputError, check_known

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from graphchannel.analysis.coverage.facts import Facts
    from graphchannel.analysis.fetch import Fetch
    from graphchannel.analysis.siting.branching import Measure
    from graphchannel.analysis.siting.recruiting import Weight
    from graphchannel.channel.opening import Opening

__all__ = [
    "AskedDays",
    "branches",
    "cities",
    "dependencies",
    "distributors",
    "recruits",
    "regions",
]


@dataclass(frozen=True, slots=True)
class AskedDays:
    """The day that is judged, the first whose sales count, and a day to compare with.

    None stands for the channel's own day, for a year before the day, and for no comparison.
    """

    as_of: date | None = None
    since: date | None = None
    compare_to: date | None = None


@dataclass(frozen=True, slots=True)
class _Read:
    """The facts of the day, those of the day to compare to, and what fetches more rows."""

    facts: Facts
    before: Facts | None
    fetch: Fetch


def regions(
    opening: Opening, days: AskedDays, *, role: str | None, country: str | None
) -> RegionCoverages:
    """Return coverage by region, of partners of one role or all, in one country or all."""
    with _read(opening, days) as read:
        check_known("--role", role, read.facts.policy.role_ids)
        _check_country(country, read.facts)
        now = coverage(read.facts, role, country)
        if read.before is None:
            return RegionCoverages(read.facts, now)
        was = coverage(read.before, role, country)
        changes = tuple(compared(was, now, read.before, read.facts))
        return RegionCoverages(read.facts, now, was, changes, days.compare_to)


def cities(
    opening: Opening,
    days: AskedDays,
    *,
    distributor: str | None,
    country: str | None,
    key_city_population: int | None,
) -> CityCoverages:
    """Return key cities against branches, of one distributor or country, or all."""
    with _read(opening, days) as read:
        check_known("--distributor", distributor, read.facts.partners)
        _check_country(country, read.facts)
        found = narrowed(key_cities(read.facts, key_city_population), distributor, country)
        if read.before is None:
            return CityCoverages(read.facts, found)
        chosen = {city.id for city in found.cities}
        changes = tuple(city_changes(read.before, read.facts, chosen, key_city_population))
        return CityCoverages(read.facts, found, changes, days.compare_to)


def distributors(opening: Opening, days: AskedDays, *, country: str | None) -> MarketReaches:
    """Return how much of its market each distributor reaches."""
    with _read(opening, days) as read:
        _check_country(country, read.facts)
        found = tuple(market_reach(read.facts, country))
        if read.before is None:
            return MarketReaches(read.facts, found)
        return MarketReaches(
            read.facts, found, tuple(market_reach(read.before, country)), days.compare_to
        )


def dependencies(
    opening: Opening, days: AskedDays, *, key_city_population: int | None
) -> ResilienceFigures:
    """Return what depends on single partners, and how concentrated the sales are."""
    with _read(opening, days) as read:
        found = resilience(read.facts, key_city_population)
        sold = concentrations(read_sold(read.fetch, read.facts))
        return ResilienceFigures(read.facts, found, tuple(sold))


def branches(
    opening: Opening,
    days: AskedDays,
    budget: int,
    *,
    by: Measure,
    radius: float | None,
    country: str | None,
    key_city_population: int | None,
) -> BranchSites:
    """Return where `budget` new branches cover most; the default radius (km) depends on `by`."""
    from graphchannel.analysis.siting.branching import plan_branches  # noqa: PLC0415 - the solver

    usual = 0.0 if by == "population" else BRANCH_KM
    with _read(opening, days) as read:
        _check_country(country, read.facts)
        plan = plan_branches(
            read.facts,
            budget,
            by=by,
            radius=usual if radius is None else radius,
            country=country,
            key_city_population=key_city_population,
        )
        return BranchSites(read.facts, plan)


def recruits(
    opening: Opening,
    days: AskedDays,
    budget: int,
    *,
    by: Weight,
    radius: float,
    role: str | None,
    country: str | None,
) -> RecruitSites:
    """Return where `budget` recruits serve most; a partner serves regions within `radius` km."""
    from graphchannel.analysis.siting.recruiting import plan_recruits  # noqa: PLC0415 - the solver

    with _read(opening, days) as read:
        check_known("--role", role, read.facts.policy.role_ids)
        _check_country(country, read.facts)
        plan = plan_recruits(read.facts, budget, by=by, radius=radius, role=role, country=country)
        return RecruitSites(read.facts, plan)


@contextmanager
def _read(opening: Opening, days: AskedDays) -> Iterator[_Read]:
    policy = opening.catalogue.policy
    day = opening.day(days.as_of)
    since = days.since or year_before(day)
    if since > day:
        raise InputError(f"--since {since} is after the as-of day {day}.")
    roles = list(distributing_roles(policy))
    with opening.asking() as (engine, _):

        def fetch(on: date) -> Fetch:
            return fetch_from(engine, policy, on, since=since, distributing=roles)

        today = fetch(day)
        facts = read_facts(today, policy)
        compare_to = days.compare_to
        yield _Read(facts, on_another_day(facts, fetch(compare_to)) if compare_to else None, today)


def _check_country(country: str | None, facts: Facts) -> None:
    known = (region.country for region in facts.regions.values())
    check_known("--country", country, {code for code in known if code})

"""What `coverage` and `resilience` do alike: their options, and the facts of one day or two."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeVar

import click

from graphchannel.cli._neo4j import engine_options
from graphchannel.cli._options import pack_option, workspace_option
from graphchannel.cli._printing import printing_options
from graphchannel.cli._scanning import (
    as_of_option,
    catalogue_of,
    current_workspace,
    day,
)
from graphchannel.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from graphchannel.analysis.coverage.facts import Facts
    from graphchannel.analysis.fetch import Fetch
    from graphchannel.cli._neo4j import ChosenEngine

__all__ = [
    "Given",
    "check_country",
    "check_known",
    "compare_option",
    "country_option",
    "facts_options",
    "opened_facts",
    "population_option",
    "year_before",
]

_Decorated = TypeVar("_Decorated", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Given:
    """The facts of the day, those of the day to compare to, and what fetches more rows."""

    facts: Facts
    before: Facts | None
    fetch: Fetch


def facts_options(*sections: str) -> Callable[[Callable[..., object]], Callable[..., object]]:
    """Add the options of every command on coverage and resilience, which has these sections."""

    def decorated(function: Callable[..., object]) -> Callable[..., object]:
        since = click.option(
            "--since",
            type=day,
            metavar="DAY",
            help="Count sales from this day on.  [default: a year before the as-of day]",
        )
        described = printing_options(*sections)(function)
        placed = pack_option(engine_options(as_of_option(since(described))))
        return workspace_option(placed)

    return decorated


def country_option(function: _Decorated) -> _Decorated:
    """Add `--country`; the command receives `country: str | None`."""
    return click.option("--country", metavar="CODE", help="Look at this country only.")(function)


def compare_option(function: _Decorated) -> _Decorated:
    """Add `--compare-to`; the command receives `compare_to: date | None`."""
    return click.option(
        "--compare-to",
        type=day,
        metavar="DAY",
        help="Show what was gained and lost since this day, and why.",
    )(function)


def population_option(function: _Decorated) -> _Decorated:
    """Add `--key-city-population`; the command receives `key_city_population: int | None`."""
    return click.option(
        "--key-city-population",
        type=click.IntRange(min=0),
        metavar="N",
        help="Count cities of so many inhabitants as key cities where the data does not say.",
    )(function)


@contextmanager
def opened_facts(
    workspace: Path,
    pack: Path | None,
    engine: ChosenEngine,
    *,
    as_of: date | None,
    since: date | None,
    compare_to: date | None = None,
) -> Iterator[Given]:
    """Read the facts from the engine that holds the workspace."""
    from graphchannel.analysis.coverage.facts import on_another_day, read_facts  # noqa: PLC0415 - with it
    from graphchannel.analysis.coverage.routes import distributing_roles  # noqa: PLC0415 - imports networkx
    from graphchannel.analysis.fetch import fetch_from  # noqa: PLC0415 - imports duckdb
    from graphchannel.lookup import last_day  # noqa: PLC0415 - imports duckdb

    policy = catalogue_of(pack, ()).policy
    roles = list(distributing_roles(policy))
    with current_workspace(workspace, policy) as opened, engine.opened(opened) as where:
        the_day = as_of or last_day(opened.connection)
        if as_of is None:
            click.echo(f"As of {the_day}, the last day with a shipment.", err=True)
        start = since or year_before(the_day)
        if start > the_day:
            raise InputError(f"--since {start} is after the as-of day {the_day}.")

        def fetch(on: date) -> Fetch:
            return fetch_from(where, policy, on, since=start, distributing=roles)

        today = fetch(the_day)
        facts = read_facts(today, policy)
        before = on_another_day(facts, fetch(compare_to)) if compare_to else None
        yield Given(facts, before, today)


def check_known(option: str, value: str | None, known: Iterable[str]) -> None:
    """Raise InputError if the option's value is none of those that are known."""
    listed = sorted(known)
    if value is not None and value not in listed:
        has = f" (has: {', '.join(listed[:20])}{', …' if len(listed) > 20 else ''})"
        raise InputError(f"{option} {value}: it is unknown{has}.{did_you_mean(value, listed)}")


def check_country(country: str | None, facts: Facts) -> None:
    """Raise InputError if no region is in the country."""
    known = (region.country for region in facts.regions.values())
    check_known("--country", country, {code for code in known if code})


def year_before(the_day: date) -> date:
    """Return the first day of the year that ends on `the_day`; the calendar's first has none."""
    if the_day.year == 1:
        return date.min
    leap = the_day.month == 2 and the_day.day == 29
    return the_day.replace(year=the_day.year - 1, day=28 if leap else the_day.day) + timedelta(1)

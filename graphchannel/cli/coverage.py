"""`graphchannel coverage`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from graphchannel.cli._charts import chart_option, save_chart
from graphchannel.cli._facts import (
    check_country,
    check_known,
    compare_option,
    country_option,
    facts_options,
    opened_facts,
    population_option,
)
from graphchannel.cli._help import example
from graphchannel.cli._printing import print_document

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from graphchannel.cli._neo4j import ChosenEngine
    from graphchannel.cli._printing import Printing

GROUP = "analysis"


@example("graphchannel coverage regions")
@click.group("coverage")
def command() -> None:
    """Show where the channel is, and the coverage gaps."""


@example(
    "graphchannel coverage regions --as-of 2015-06-30",
    "graphchannel coverage regions --country DE --compare-to 2014-12-31",
    "graphchannel coverage regions --section white_space --format csv",
)
@command.command("regions")
@facts_options("regions", "countries", "partners", "white_space", "without_route", "changes")
@click.option("--role", metavar="ROLE", help="Let partners of this role alone count.")
@country_option
@click.option(
    "--level",
    type=click.Choice(["leaf", "country"]),
    default="leaf",
    show_default=True,
    help="List the smallest regions, or sum them up by country.",
)
@compare_option
@chart_option
def regions(
    *,
    workspace: Path,
    pack: Path | None,
    engine: ChosenEngine,
    as_of: date | None,
    since: date | None,
    role: str | None,
    country: str | None,
    level: str,
    compare_to: date | None,
    printing: Printing,
    chart: Path | None,
) -> None:
    """List regions with their partners, and white space.

    Gaps come first, then regions without a route. A region is covered by partners that are
    authorized there by name, active and certified on the day. It is served if a route that obeys
    the policy leads there from the vendor.
    """
    from graphchannel.analysis.coverage.changes import compared  # noqa: PLC0415 - imports networkx
    from graphchannel.analysis.coverage.regions import coverage  # noqa: PLC0415 - with it
    from graphchannel.report.documents.regions import regions_document  # noqa: PLC0415 - with it

    with opened_facts(
        workspace, pack, engine, as_of=as_of, since=since, compare_to=compare_to
    ) as given:
        facts = given.facts
        check_known("--role", role, facts.policy.role_ids)
        check_country(country, facts)
        found = coverage(facts, role, country)
        before = coverage(given.before, role, country) if given.before else None
        changes = compared(before, found, given.before, facts) if before and given.before else None
        document = regions_document(
            facts,
            found,
            by_country=level == "country",
            changes=changes,
            before=compare_to,
        )
        print_document(document, printing)
        if chart:
            from graphchannel.report.charts.places import regions_chart  # noqa: PLC0415 - the extra

            save_chart(regions_chart(facts, found, before), chart)


@example("graphchannel coverage cities --country IT")
@command.command("cities")
@facts_options("distributors", "cities", "changes")
@click.option("--distributor", metavar="ID", help="Look at this distributor only.")
@country_option
@population_option
@compare_option
@chart_option
def cities(
    *,
    workspace: Path,
    pack: Path | None,
    engine: ChosenEngine,
    as_of: date | None,
    since: date | None,
    distributor: str | None,
    country: str | None,
    key_city_population: int | None,
    compare_to: date | None,
    printing: Printing,
    chart: Path | None,
) -> None:
    """List key cities and the branches of distributors.

    What is missing comes first. A key city is covered by an open branch of a distributor that is
    authorized around it. Sales nearby are those to end users in the city's region.
    """
    from graphchannel.analysis.coverage.changes import city_changes  # noqa: PLC0415 - imports networkx
    from graphchannel.analysis.coverage.key_cities import key_cities, narrowed  # noqa: PLC0415 - with it
    from graphchannel.report.documents.key_cities import cities_document  # noqa: PLC0415 - with it

    with opened_facts(
        workspace, pack, engine, as_of=as_of, since=since, compare_to=compare_to
    ) as given:
        facts = given.facts
        check_known("--distributor", distributor, facts.partners)
        check_country(country, facts)
        found = narrowed(key_cities(facts, key_city_population), distributor, country)
        changes = (
            city_changes(
                given.before, facts, {city.id for city in found.cities}, key_city_population
            )
            if given.before
            else None
        )
        print_document(cities_document(facts, found, changes, compare_to), printing)
        if chart:
            from graphchannel.report.charts.places import cities_chart  # noqa: PLC0415 - the extra

            save_chart(cities_chart(facts, found), chart)


@example("graphchannel coverage distributors --country BE")
@command.command("distributors")
@facts_options("distributors")
@country_option
@compare_option
@chart_option
def distributors(
    *,
    workspace: Path,
    pack: Path | None,
    engine: ChosenEngine,
    as_of: date | None,
    since: date | None,
    country: str | None,
    compare_to: date | None,
    printing: Printing,
    chart: Path | None,
) -> None:
    """List how much of its market each distributor reaches.

    It reaches a region with a branch of its own or through an authorized reseller that it
    certified. The policy's threshold is the parameter market_share_threshold.
    """
    from graphchannel.analysis.coverage.market import market_reach  # noqa: PLC0415 - imports networkx
    from graphchannel.report.documents.market_reach import distributors_document  # noqa: PLC0415 - with it

    with opened_facts(
        workspace, pack, engine, as_of=as_of, since=since, compare_to=compare_to
    ) as given:
        check_country(country, given.facts)
        found = market_reach(given.facts, country)
        before = market_reach(given.before, country) if given.before else None
        document = distributors_document(given.facts, found, before, compare_to)
        print_document(document, printing)
        if chart:
            from graphchannel.report.charts import places  # noqa: PLC0415 - the extra

            save_chart(places.distributors_chart(given.facts, found, before, compare_to), chart)

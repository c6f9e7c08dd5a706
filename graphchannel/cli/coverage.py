"""`graphchannel coverage`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from graphchannel.cli._charts import chart_option, save_chart
from graphchannel.cli._help import example
from graphchannel.cli._places import (
    compare_option,
    country_option,
    place_options,
    population_option,
)
from graphchannel.cli._printing import print_document

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from graphchannel.channel import Channel
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
@place_options("regions", "countries", "partners", "white_space", "without_route", "changes")
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
    channel: Channel,
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
    from graphchannel.report.documents.regions import regions_document  # noqa: PLC0415 - not for help

    found = channel.coverage(
        "regions", role=role, country=country, since=since, compare_to=compare_to
    )
    print_document(regions_document(found, by_country=level == "country"), printing)
    if chart:
        from graphchannel.report.charts.places import regions_chart  # noqa: PLC0415 - the extra

        save_chart(regions_chart(found), chart)


@example("graphchannel coverage cities --country IT")
@command.command("cities")
@place_options("distributors", "cities", "changes")
@click.option("--distributor", metavar="ID", help="Look at this distributor only.")
@country_option
@population_option
@compare_option
@chart_option
def cities(
    *,
    channel: Channel,
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
    from graphchannel.report.documents.key_cities import cities_document  # noqa: PLC0415 - not for help

    found = channel.coverage(
        "cities",
        distributor=distributor,
        country=country,
        key_city_population=key_city_population,
        since=since,
        compare_to=compare_to,
    )
    print_document(cities_document(found), printing)
    if chart:
        from graphchannel.report.charts.places import cities_chart  # noqa: PLC0415 - the extra

        save_chart(cities_chart(found), chart)


@example("graphchannel coverage distributors --country BE")
@command.command("distributors")
@place_options("distributors")
@country_option
@compare_option
@chart_option
def distributors(
    *,
    channel: Channel,
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
    from graphchannel.report.documents.market_reach import (  # noqa: PLC0415 - not for help
        distributors_document,
    )

    found = channel.coverage("distributors", country=country, since=since, compare_to=compare_to)
    print_document(distributors_document(found), printing)
    if chart:
        from graphchannel.report.charts.places import distributors_chart  # noqa: PLC0415 - the extra

        save_chart(distributors_chart(found), chart)

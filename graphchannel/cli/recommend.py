"""`graphchannel recommend`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import click

from graphchannel.channel.distances import BRANCH_KM, TERRITORY_KM
from graphchannel.cli._charts import chart_option, save_chart
from graphchannel.cli._help import example
from graphchannel.cli._options import FiniteNumber
from graphchannel.cli._places import country_option, place_options, population_option
from graphchannel.cli._printing import print_document

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from graphchannel.channel import Channel
    from graphchannel.cli._printing import Printing

GROUP = "analysis"


def _budget_option(function: Callable[..., object]) -> Callable[..., object]:
    return click.option(
        "--budget", type=click.IntRange(min=1), required=True, metavar="N", help="At most so many."
    )(function)


@example("graphchannel recommend branches --budget 3")
@click.group("recommend")
def command() -> None:
    """Recommend branches to open and partners to recruit.

    Each choice is proved best by a solver.
    """


@example(
    "graphchannel recommend branches --budget 3",
    "graphchannel recommend branches --budget 5 --by demand --radius 50",
)
@command.command("branches")
@_budget_option
@click.option(
    "--by",
    type=click.Choice(["population", "demand"]),
    default="population",
    show_default=True,
    help="Cover the population of key cities, or the demand of regions, spread over their cities.",
)
@click.option(
    "--radius",
    type=FiniteNumber(min=0),
    metavar="KM",
    help="How far a branch covers; 0: its own city.  "
    f"[default: 0 by population, as section 3.1 has it; {BRANCH_KM:g} by demand]",
)
@country_option
@population_option
@place_options("branches", "greedy", "left")
@chart_option
def branches(
    *,
    budget: int,
    by: Literal["population", "demand"],
    radius: float | None,
    country: str | None,
    key_city_population: int | None,
    channel: Channel,
    since: date | None,
    printing: Printing,
    chart: Path | None,
) -> None:
    """Name the cities in which new branches cover most.

    Open branches cover a city if their distributor is authorized around it. The choice is proved
    best; the greedy one, the best city one after the other, stands beside it.
    """
    from graphchannel.report.documents.branch_sites import (  # noqa: PLC0415 - not for help
        branches_document,
    )

    found = channel.recommend(
        "branches",
        budget=budget,
        by=by,
        radius=radius,
        country=country,
        key_city_population=key_city_population,
        since=since,
    )
    print_document(branches_document(found), printing)
    if chart:
        from graphchannel.report.charts.plans import branches_chart  # noqa: PLC0415 - the extra

        save_chart(branches_chart(found), chart)


@example("graphchannel recommend partners --budget 3 --country DE")
@command.command("partners")
@_budget_option
@click.option(
    "--by",
    type=click.Choice(["demand", "population"]),
    default="demand",
    show_default=True,
    help="Weigh regions by demand (by units sold, where none is stated) or by population.",
)
@click.option(
    "--radius",
    type=FiniteNumber(min=0, min_open=True),
    default=TERRITORY_KM,
    show_default=True,
    metavar="KM",
    help="How far from its place a partner serves a region.",
)
@click.option("--role", metavar="ROLE", help="Look for partners of this role alone.")
@country_option
@place_options("recruits", "regions", "grants", "greedy")
@chart_option
def partners(
    *,
    budget: int,
    by: Literal["demand", "population"],
    radius: float,
    role: str | None,
    country: str | None,
    channel: Channel,
    since: date | None,
    printing: Printing,
    chart: Path | None,
) -> None:
    """Name the uncovered regions in which to recruit.

    Also names partners to which the others could be granted. A region without a partner can be
    served by a recruit in it or near it, or by an existing partner of its country to which it is
    granted. The choice brings partners nearest to the demand, and is proved best; the greedy one
    stands beside it.
    """
    from graphchannel.report.documents.recruits import recruits_document  # noqa: PLC0415 - not for help

    found = channel.recommend(
        "partners",
        budget=budget,
        by=by,
        radius=radius,
        role=role,
        country=country,
        since=since,
    )
    print_document(recruits_document(found), printing)
    if chart:
        from graphchannel.report.charts.plans import recruits_chart  # noqa: PLC0415 - the extra

        save_chart(recruits_chart(found), chart)

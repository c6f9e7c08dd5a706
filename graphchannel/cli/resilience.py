"""`graphchannel resilience`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from graphchannel.cli._charts import chart_option, save_chart
from graphchannel.cli._facts import facts_options, opened_facts, population_option
from graphchannel.cli._help import example
from graphchannel.cli._printing import print_document

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from graphchannel.cli._neo4j import ChosenEngine
    from graphchannel.cli._printing import Printing

GROUP = "analysis"


@example(
    "graphchannel resilience --as-of 2015-06-30", "graphchannel resilience --section concentration"
)
@click.command("resilience")
@facts_options("losses", "places", "concentration")
@population_option
@chart_option
def command(
    *,
    workspace: Path,
    pack: Path | None,
    engine: ChosenEngine,
    as_of: date | None,
    since: date | None,
    key_city_population: int | None,
    printing: Printing,
    chart: Path | None,
) -> None:
    """Show what depends on each partner.

    Also measures on how few partners the sales rest. Lost are regions and key cities that nobody
    else covers and partners that nobody else may supply. Concentration is measured by country, by
    distributor and by product family.
    """
    from graphchannel.analysis.coverage.concentration import (  # noqa: PLC0415 - imports networkx
        concentrations,
        read_sold,
    )
    from graphchannel.analysis.coverage.resilience import resilience  # noqa: PLC0415 - with it
    from graphchannel.report.documents.resilience import resilience_document  # noqa: PLC0415 - with it

    with opened_facts(workspace, pack, engine, as_of=as_of, since=since) as given:
        found = resilience(given.facts, key_city_population)
        shares = concentrations(read_sold(given.fetch, given.facts))
        print_document(resilience_document(given.facts, found, shares), printing)
        if chart:
            from graphchannel.report.charts import dependencies  # noqa: PLC0415 - the extra

            save_chart(dependencies.resilience_chart(given.facts, found, shares), chart)

"""`graphchannel resilience`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from graphchannel.cli._charts import chart_option, save_chart
from graphchannel.cli._help import example
from graphchannel.cli._places import place_options, population_option
from graphchannel.cli._printing import print_document

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from graphchannel.channel import Channel
    from graphchannel.cli._printing import Printing

GROUP = "analysis"


@example(
    "graphchannel resilience --as-of 2015-06-30", "graphchannel resilience --section concentration"
)
@click.command("resilience")
@place_options("losses", "places", "concentration")
@population_option
@chart_option
def command(
    *,
    channel: Channel,
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
    from graphchannel.report.documents.resilience import (  # noqa: PLC0415 - not for help
        resilience_document,
    )

    found = channel.resilience(key_city_population=key_city_population, since=since)
    print_document(resilience_document(found), printing)
    if chart:
        from graphchannel.report.charts.dependencies import (  # noqa: PLC0415 - the extra
            resilience_chart,
        )

        save_chart(resilience_chart(found), chart)

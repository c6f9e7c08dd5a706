"""`graphchannel kpi`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from graphchannel.cli._channel import channel_options
from graphchannel.cli._charts import chart_option, save_chart
from graphchannel.cli._help import example
from graphchannel.cli._printing import print_document, printing_options

if TYPE_CHECKING:
    from pathlib import Path

    from graphchannel.channel import Channel
    from graphchannel.cli._printing import Printing

GROUP = "analysis"
_MOST_MONTHS = 1200


@example("graphchannel kpi --as-of 2015-06-30", "graphchannel kpi --section issuers --format csv")
@click.command("kpi")
@channel_options(engine=True, as_of=True)
@click.option(
    "--months",
    type=click.IntRange(min=1, max=_MOST_MONTHS),
    default=12,
    show_default=True,
    help="Calendar months to look at, the as-of day's included.",
)
@click.option(
    "--due-days",
    type=click.IntRange(min=0),
    default=90,
    show_default=True,
    help="Days from the as-of day on within which certificates that end are due.",
)
@printing_options(
    "goals",
    "roles",
    "countries",
    "issuers",
    "months",
    "quarters",
    "revenue",
    "markets",
    "promises",
    "recertifications",
)
@chart_option
def command(
    *,
    channel: Channel,
    months: int,
    due_days: int,
    printing: Printing,
    chart: Path | None,
) -> None:
    """Show key figures, and how far the goals are.

    Tells how the channel grows, sells and keeps its promises. Partners by role, country and issuer,
    recruitment, changes of level, revenue and its concentration, promised sales, and
    recertifications that are due. Amounts are by currency and never added together.
    """
    from graphchannel.report.documents.key_figures import kpi_document  # noqa: PLC0415 - not for help

    found = channel.kpi(months=months, due_days=due_days)
    print_document(kpi_document(found), printing)
    if chart:
        from graphchannel.report.charts.key_figures import (  # noqa: PLC0415 - the extra
            key_figures_chart,
        )

        save_chart(key_figures_chart(found.figures), chart)

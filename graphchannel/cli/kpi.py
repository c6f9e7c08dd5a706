"""`graphchannel kpi`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from graphchannel.cli._charts import chart_option, save_chart
from graphchannel.cli._help import example
from graphchannel.cli._neo4j import engine_options
from graphchannel.cli._options import pack_option, workspace_option
from graphchannel.cli._printing import print_document, printing_options
from graphchannel.cli._scanning import as_of_option, catalogue_of, current_workspace

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from graphchannel.cli._neo4j import ChosenEngine
    from graphchannel.cli._printing import Printing

GROUP = "analysis"
_MOST_MONTHS = 1200


@example("graphchannel kpi --as-of 2015-06-30", "graphchannel kpi --section issuers --format csv")
@click.command("kpi")
@workspace_option
@pack_option
@engine_options
@as_of_option
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
    workspace: Path,
    pack: Path | None,
    engine: ChosenEngine,
    as_of: date | None,
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
    from graphchannel.analysis.fetch import fetch_from  # noqa: PLC0415 - imports duckdb
    from graphchannel.analysis.kpi import key_figures, last_months  # noqa: PLC0415 - with it
    from graphchannel.lookup import last_day  # noqa: PLC0415 - imports duckdb
    from graphchannel.report.documents.key_figures import kpi_document  # noqa: PLC0415 - not for --help

    policy = catalogue_of(pack, ()).policy
    with current_workspace(workspace, policy) as opened, engine.opened(opened) as where:
        period = last_months(as_of or last_day(opened.connection), months, due_days)
        fetch = fetch_from(where, policy, period.as_of, **period.parameters)
        figures = key_figures(fetch, policy, period)
        print_document(kpi_document(figures, policy), printing)
    if chart:
        from graphchannel.report.charts.key_figures import (  # noqa: PLC0415 - the extra
            key_figures_chart,
        )

        save_chart(key_figures_chart(figures), chart)

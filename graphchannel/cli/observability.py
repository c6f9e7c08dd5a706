"""`graphchannel observability`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from graphchannel.cli._help import example
from graphchannel.cli._neo4j import engine_options
from graphchannel.cli._options import pack_option, workspace_option
from graphchannel.cli._printing import print_document, printing_options
from graphchannel.cli._scanning import as_of_option, current_workspace

if TYPE_CHECKING:
    from pathlib import Path

    from graphchannel.cli._neo4j import ChosenEngine
    from graphchannel.cli._printing import Printing

GROUP = "analysis"


@example("graphchannel observability --top 20")
@click.command("observability")
@workspace_option
@pack_option
@engine_options
@as_of_option
@printing_options("partners", "products")
@click.option(
    "--top",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    help="How many partners to show, and products of partners with exact bounds.",
)
def command(
    *,
    workspace: Path,
    pack: Path | None,
    engine: ChosenEngine,
    as_of: date | None,
    printing: Printing,
    top: int,
) -> None:
    """Show how much of what was sold in can be followed.

    Partners whose goods are seen least come first. Units are followed by serial number exactly,
    else by what the parties report that they sold. Units that came back to a vendor are counted
    apart; what nobody reports is not seen. JSON and CSV list all partners.
    """
    from graphchannel.analysis.fetch import fetch_from  # noqa: PLC0415 - imports duckdb
    from graphchannel.analysis.goods.following import Goods  # noqa: PLC0415 - with it
    from graphchannel.lookup import last_day  # noqa: PLC0415 - imports duckdb
    from graphchannel.policy import load_policy  # noqa: PLC0415 - not for --help
    from graphchannel.report.documents.observability import (  # noqa: PLC0415 - with it
        observability_document,
    )
    from graphchannel.resources import pack as shipped_pack  # noqa: PLC0415 - with it

    policy = load_policy(pack or shipped_pack())
    with (
        current_workspace(workspace, policy) as opened,
        engine.opened(opened) as where,
    ):
        connection = opened.connection
        day = as_of or last_day(connection)
        fetch = fetch_from(where, policy, day, since=date.min, until=day, product="")
        goods = Goods(connection, fetch.source("lines"), fetch.source("units"), policy)
        entries = goods.observed()
        limits = goods.bounded(entries[:top])
        names = dict(connection.execute("SELECT id, name FROM main.partners").fetchall())
        document = observability_document(entries, limits, names, day, top)
        print_document(document, printing)

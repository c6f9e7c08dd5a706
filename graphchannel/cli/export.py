"""`graphchannel export`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from graphchannel.cli._channel import channel_options
from graphchannel.cli._help import example
from graphchannel.cli._printing import print_document, printing_options

if TYPE_CHECKING:
    from graphchannel.channel import Channel
    from graphchannel.cli._printing import Printing

GROUP = "graph"


@example("graphchannel export", "graphchannel export lake -w channel.duckdb")
@click.command("export")
@click.argument("lake", required=False, type=click.Path(file_okay=False, path_type=Path))
@channel_options()
@printing_options("tables", "files")
def command(channel: Channel, lake: Path | None, printing: Printing) -> None:
    """Write the graph as Parquet files, for Spark.

    LAKE is a folder, by default beside the workspace. Lines lie there by month, sorted by seller;
    its manifest names every file with its SHA-256. A lake that is there is replaced whole.
    """
    from graphchannel.report.documents.lake import lake_document  # noqa: PLC0415 - not for help

    print_document(lake_document(channel.export(lake)), printing)

"""`graphchannel observability`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from graphchannel.cli._channel import channel_options
from graphchannel.cli._help import example
from graphchannel.cli._printing import print_document, printing_options

if TYPE_CHECKING:
    from graphchannel.channel import Channel
    from graphchannel.cli._printing import Printing

GROUP = "analysis"


@example("graphchannel observability --top 20")
@click.command("observability")
@channel_options(engine=True, as_of=True)
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
    channel: Channel,
    printing: Printing,
    top: int,
) -> None:
    """Show how much of what was sold in can be followed.

    Partners whose goods are seen least come first. Units are followed by serial number exactly,
    else by what the parties report that they sold. Units that came back to a vendor are counted
    apart; what nobody reports is not seen. JSON and CSV list all partners.
    """
    from graphchannel.report.documents.observability import (  # noqa: PLC0415 - not for help
        observability_document,
    )

    print_document(observability_document(channel.observability(bounded=top), top=top), printing)

"""`graphchannel loads`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from graphchannel.cli._channel import channel_options
from graphchannel.cli._help import example
from graphchannel.cli._printing import print_document, printing_options

if TYPE_CHECKING:
    from graphchannel.channel import Channel
    from graphchannel.cli._printing import Printing

GROUP = "data"


@example("graphchannel loads")
@click.command("loads")
@channel_options(pack=False)
@printing_options()
def command(channel: Channel, printing: Printing) -> None:
    """List what changed the workspace, oldest first. Times are UTC."""
    from graphchannel.report.documents.loads import loads_document  # noqa: PLC0415 - not for help

    print_document(loads_document(channel.loads()), printing)

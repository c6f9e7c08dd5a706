"""`graphchannel status`."""

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


@example("graphchannel status")
@click.command("status")
@channel_options(pack=False)
@printing_options()
def command(channel: Channel, printing: Printing) -> None:
    """Show what the workspace holds: rows, days, rejects.

    Also tells of the last load.
    """
    from graphchannel.report.documents.status import status_document  # noqa: PLC0415 - with it

    print_document(status_document(channel.status()), printing)

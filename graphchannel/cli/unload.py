"""`graphchannel unload`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from graphchannel.cli._channel import channel_options
from graphchannel.cli._help import example
from graphchannel.cli._saying import echo
from graphchannel.text import counted

if TYPE_CHECKING:
    from graphchannel.channel import Channel

GROUP = "data"


@example("graphchannel unload 3")
@click.command("unload")
@click.argument("number", metavar="LOAD", type=click.IntRange(min=1))
@channel_options(pack=False, known_at=False)
def command(*, number: int, channel: Channel) -> None:
    """Take a load back, as if it had not been loaded.

    Earlier versions of the rows that it corrected stand again. A load that later loads stand on is
    not taken back; the message names them. `graphchannel loads` lists the numbers.
    """
    report = channel.unload(number)
    echo(
        f"Load {number} is taken back: {counted(report.removed, 'row')} removed, "
        f"{report.restored:,} restored, {counted(report.reopened, 'reject')} reopened."
    )

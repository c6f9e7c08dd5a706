"""`graphchannel corrections`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from graphchannel.cli._channel import channel_options
from graphchannel.cli._help import example
from graphchannel.cli._printing import print_document, printing_options

if TYPE_CHECKING:
    from graphchannel.channel import Channel
    from graphchannel.cli._printing import Printing

GROUP = "findings"


@example("graphchannel corrections")
@click.command("corrections")
@channel_options(pack=False, known_at=False)
@click.option(
    "--last",
    type=click.IntRange(min=2),
    default=12,
    show_default=True,
    metavar="N",
    help="Compare the last N runs, each with the one before it.",
)
@printing_options()
def command(*, channel: Channel, last: int, printing: Printing) -> None:
    """List restatements that made findings, or made them go.

    These are rows changed after they were judged: lines corrected or withdrawn, certificates,
    territories, branches and master data changed. Each has its load, and whose file it was.
    """
    from graphchannel.report.documents.corrections import corrections_document  # noqa: PLC0415 - see diff

    print_document(corrections_document(channel.corrections(last=last)), printing)

"""`graphchannel trend`."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import click

from graphchannel.cli._channel import channel_options
from graphchannel.cli._help import example
from graphchannel.cli._printing import print_document, printing_options

if TYPE_CHECKING:
    from graphchannel.channel import Channel
    from graphchannel.cli._printing import Printing
    from graphchannel.runs.trend import Group

GROUP = "findings"


@example("graphchannel trend", "graphchannel trend --by partner --format xlsx --output trend.xlsx")
@click.command("trend")
@channel_options(pack=False, known_at=False)
@click.option(
    "--by",
    type=click.Choice(["rule", "partner", "region", "all"]),
    default="rule",
    show_default=True,
    help="What findings are summed up by.",
)
@printing_options("trend", "findings")
@click.option(
    "--top", type=click.IntRange(min=1), default=25, show_default=True, help="Rows of the table."
)
def command(*, channel: Channel, by: str, printing: Printing, top: int) -> None:
    """Show how open findings and their value went on.

    Scans that left nothing out count, of those of one as-of day the last. The section findings has
    for each one when it was first and last seen, and how many days it was open.
    """
    from graphchannel.report.documents.trend import trend_document  # noqa: PLC0415 - not for help

    print_document(trend_document(channel.trend(by=cast("Group", by)), top=top), printing)

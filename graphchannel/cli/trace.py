"""`graphchannel trace`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from graphchannel.cli._channel import channel_options
from graphchannel.cli._help import example
from graphchannel.cli._options import day_range_options
from graphchannel.cli._printing import print_document, printing_options

if TYPE_CHECKING:
    from datetime import date

    from graphchannel.channel import Channel
    from graphchannel.cli._printing import Printing

GROUP = "analysis"


@example(
    "graphchannel trace --from P00172",
    "graphchannel trace --to E00001 --product SW-100",
    "graphchannel trace --serial R1",
)
@click.command("trace")
@click.option("--from", "start", metavar="PARTY", help="Follow what this party sold.")
@click.option("--to", "end", metavar="PARTY", help="Follow back what this party bought.")
@click.option("--product", metavar="ID", help="Follow this product only.")
@click.option("--line", metavar="SHIPMENT", help="Follow the goods of this line, on and back.")
@click.option("--serial", metavar="NUMBER", help="Show the history of the units with this number.")
@click.option(
    "--max-hops",
    type=click.IntRange(min=1, max=20),
    default=6,
    show_default=True,
    help="The most hops of a path.",
)
@click.option(
    "--window",
    type=click.IntRange(min=0),
    metavar="DAYS",
    help="The most days between a hop and the next.  [default: any]",
)
@channel_options(engine=True, as_of=True)
@day_range_options
@printing_options("hops", "by_serial", "paths", "came", "went")
@click.option(
    "--top",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    help="How many paths to show.",
)
def command(
    *,
    start: str | None,
    end: str | None,
    product: str | None,
    line: str | None,
    serial: str | None,
    max_hops: int,
    window: int | None,
    channel: Channel,
    since: date | None,
    until: date | None,
    printing: Printing,
    top: int,
) -> None:
    """Follow goods hop by hop.

    They are followed by serial number exactly, else as far as product, days and quantities tell.
    Name a party, a product, parties and a product together, a line, or a serial number. A crossed
    arrow is a hop that the policy does not allow. Lines after the as-of day are left out.
    """
    from graphchannel.report.documents.trace import trace_document  # noqa: PLC0415 - not for help

    found = channel.trace(
        start=start,
        end=end,
        product=product,
        line=line,
        serial=serial,
        max_hops=max_hops,
        window=window,
        since=since,
        until=until,
        top=top,
    )
    print_document(trace_document(found, top=top), printing)

"""`graphchannel duplicates`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from graphchannel.cli._channel import channel_options
from graphchannel.cli._help import example
from graphchannel.cli._printing import print_document, printing_options
from graphchannel.cli._saying import echo
from graphchannel.text import counted

if TYPE_CHECKING:
    from graphchannel.channel import Channel
    from graphchannel.cli._printing import Printing

GROUP = "data"


@example("graphchannel duplicates", "graphchannel duplicates --withdraw")
@click.command("duplicates")
@click.option("--withdraw", is_flag=True, help="Take them out of all totals, as one load.")
@channel_options(pack=False)
@printing_options()
def command(channel: Channel, printing: Printing, *, withdraw: bool) -> None:
    """List lines that say what another line says: one sale, two ids.

    They agree in seller, buyer, product, day, quantity and document, or in what a sender names in
    same_sale, and have no serial numbers that tell their units apart; the first by id stands for
    the sale. With --withdraw the others go into history; `graphchannel unload` brings them back.
    """
    if not withdraw:
        from graphchannel.report.documents.duplicates import (  # noqa: PLC0415 - not for help
            duplicates_document,
        )

        print_document(duplicates_document(channel.duplicates()), printing)
        return
    gone = channel.withdraw_duplicates()
    if gone is None:
        echo("There are no likely duplicates.")
        return
    units = f" and {counted(gone.serials, 'serial number')}" if gone.serials else ""
    echo(
        f"load {gone.load}: {counted(gone.lines, 'line')}{units} withdrawn; "
        f"'graphchannel unload {gone.load}' brings them back."
    )

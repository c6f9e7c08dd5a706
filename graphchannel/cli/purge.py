"""`graphchannel purge`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from graphchannel.cli._channel import channel_options
from graphchannel.cli._help import example
from graphchannel.cli._saying import echo
from graphchannel.text import counted, listed

if TYPE_CHECKING:
    from graphchannel.channel import Channel

GROUP = "data"


@example("graphchannel purge 2014-12-31 --dry-run", "graphchannel purge 12")
@click.command("purge")
@click.argument("moment", metavar="LOAD|DAY")
@channel_options(pack=False, known_at=False)
@click.option("--dry-run", is_flag=True, help="Say what would go, and change nothing.")
def command(*, moment: str, channel: Channel, dry_run: bool) -> None:
    """Forget versions of rows that ended up to a load or a day.

    The rows that stand stay, and so does all that was known since. What was known before can then
    not be told: runs of then are not repeated any more, and loads of then not taken back.
    """
    report = channel.purge(moment, only_look=dry_run)
    would = "would be purged" if dry_run else "purged"
    echo(f"{counted(report.versions, 'version')} that ended up to load {report.upto} {would}.")
    if report.runs:
        runs = listed([str(number) for number in report.runs])
        verb = "could" if dry_run else "can"
        echo(
            f"{counted(len(report.runs), 'run')} ({runs}) {verb} no longer be repeated, nor "
            f"{verb} anything be asked as known before load {report.upto}."
        )

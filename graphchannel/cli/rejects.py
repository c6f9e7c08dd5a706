"""`graphchannel rejects`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from graphchannel.cli._channel import channel_options
from graphchannel.cli._exit import Exit
from graphchannel.cli._group import ChannelGroup
from graphchannel.cli._help import example
from graphchannel.cli._printing import Printing, print_document, printing_options
from graphchannel.cli._saying import echo
from graphchannel.text import counted

if TYPE_CHECKING:
    from graphchannel.channel import Channel

GROUP = "data"


@example("graphchannel rejects --table shipments", "graphchannel rejects --export rejects.csv")
@click.group("rejects", cls=ChannelGroup, invoke_without_command=True)
@click.option("--load", "load_", type=int, metavar="LOAD", help="Only those of this load.")
@click.option("--table", metavar="TABLE", help="Only those of this table.")
@click.option("--code", metavar="CODE", help="Only those with this code, such as review.")
@click.option("--by", type=click.Choice(["reason"]), help="Count them by their reason.")
@click.option("--top", type=int, default=50, show_default=True, help="Rows that the table shows.")
@click.option(
    "--export",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write all open rejects to this CSV, to be corrected and loaded as it is.",
)
@channel_options()
@printing_options()
@click.pass_context
def command(
    ctx: click.Context,
    *,
    load_: int | None,
    table: str | None,
    code: str | None,
    by: str | None,
    top: int,
    export: Path | None,
    channel: Channel,
    printing: Printing,
) -> None:
    """List rows that were not accepted, and why.

    Rows with an unknown reference are tried again by each later load, and a row that arrives under
    the same key closes a reject. The others wait for a correction: `--export` writes a file for it,
    and loading that file closes its rejects.
    """
    ctx.obj = channel
    if ctx.invoked_subcommand is not None:
        return
    from graphchannel.channel.data import RejectFilter  # noqa: PLC0415 - not for help
    from graphchannel.report.documents.rejects import (  # noqa: PLC0415 - with it
        reasons_document,
        rejects_document,
    )

    if export is not None:
        said = counted(channel.export_rejects(export), "reject")
        echo(f"{export}: {said}. Correct the file, then 'graphchannel load' it.")
        return
    which = RejectFilter(load_, table, code)
    total = channel.count_rejects(which)
    if by == "reason":
        document = reasons_document(channel.reject_reasons(which), top, total)
    else:
        found = channel.rejects(which, limit=top if printing.for_people else None)
        document = rejects_document(found, total)
    print_document(document, printing)


@example("graphchannel rejects dismiss 4 5")
@command.command("dismiss")
@click.argument("numbers", metavar="REJECT...", nargs=-1, type=int)
@click.option("--load", "load_", type=int, metavar="LOAD", help="All of this load.")
@click.option("--table", metavar="TABLE", help="All of this table.")
@click.option("--code", metavar="CODE", help="All with this code.")
@click.pass_obj
def dismiss(
    channel: Channel,
    numbers: tuple[int, ...],
    load_: int | None,
    table: str | None,
    code: str | None,
) -> None:
    """Close rejects that are no matter, such as total rows.

    They are named by their numbers, or by --load, --table and --code together. The same rows are
    not listed again when they come again; the load still counts them as rejected.
    """
    from graphchannel.channel.data import RejectFilter  # noqa: PLC0415 - not for help

    which = RejectFilter(load_, table, code)
    asked = which != RejectFilter()
    if asked == bool(numbers):
        raise click.UsageError("Name rejects by their numbers, or by --load, --table, --code.")
    chosen = [reject.id for reject in channel.rejects(which)] if asked else numbers
    echo(f"{counted(channel.dismiss_rejects(chosen), 'reject')} dismissed.")


@example("graphchannel rejects accept 7")
@command.command("accept")
@click.argument("numbers", metavar="REJECT...", nargs=-1, required=True, type=int)
@click.pass_obj
def accept(channel: Channel, numbers: tuple[int, ...]) -> None:
    """Apply corrections that were held for review (code review).

    They are one load, which `graphchannel unload` takes back.
    """
    report = channel.accept_rejects(numbers)
    echo(f"load {report.load}: {counted(report.corrected, 'row')} corrected.")
    if report.rejected:
        echo(f"{counted(report.rejected, 'row')} rejected for another reason.", err=True)
        sys.exit(Exit.FINDINGS)

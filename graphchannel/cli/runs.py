"""`graphchannel runs`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from graphchannel.cli._channel import channel_options
from graphchannel.cli._exit import Exit
from graphchannel.cli._group import ChannelGroup
from graphchannel.cli._help import example
from graphchannel.cli._printing import print_document, printing_options

if TYPE_CHECKING:
    from graphchannel.channel import Channel
    from graphchannel.cli._printing import Printing

GROUP = "findings"
_RUN = click.argument("name", metavar="RUN", default="latest")


@example("graphchannel runs")
@click.group("runs", cls=ChannelGroup, invoke_without_command=True)
@channel_options(pack=False, known_at=False)
@printing_options()
@click.pass_context
def command(ctx: click.Context, *, channel: Channel, printing: Printing) -> None:
    """List the scans that were run, oldest first. Times are UTC.

    Each scan leaves a run in the workspace: what it judged and by what. RUN is its number, the
    beginning of its id, or latest. Scans of the same have the same id.
    """
    ctx.obj = channel
    if ctx.invoked_subcommand is not None:
        return
    from graphchannel.report.documents.runs import runs_document  # noqa: PLC0415 - not for help

    print_document(runs_document(channel.runs()), printing)


@example("graphchannel runs show latest --format json")
@command.command("show")
@_RUN
@printing_options("loads", "rules")
@click.pass_obj
def show(channel: Channel, name: str, printing: Printing) -> None:
    """Show what a run judged, and by what.

    Day, filters, policy, rules, and the loads in force: files are named with their SHA-256, the
    rows with a checksum.
    """
    from graphchannel.report.documents.runs import run_document  # noqa: PLC0415 - not for help

    print_document(run_document(channel.run(name)), printing)


@example("graphchannel runs verify latest")
@command.command("verify")
@_RUN
@printing_options()
@click.pass_obj
def verify(channel: Channel, name: str, printing: Printing) -> None:
    """Repeat a run on what was known then, and compare bytes.

    Exit code: 0 rows and findings are the same, 1 they are not.
    """
    from graphchannel.report.documents.runs import verification_document  # noqa: PLC0415 - see above

    done = channel.verify_run(name)
    print_document(verification_document(done), printing)
    sys.exit(Exit.CLEAN if done.same else Exit.FINDINGS)

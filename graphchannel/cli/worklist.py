"""`graphchannel worklist`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from graphchannel.cli._channel import channel_options
from graphchannel.cli._group import ChannelGroup
from graphchannel.cli._help import example
from graphchannel.cli._options import day
from graphchannel.cli._printing import print_document, printing_options
from graphchannel.cli._who import by_option
from graphchannel.cli._work import filter_of, filter_options, meant_by, say_done
from graphchannel.cli._work_sheet import export, import_

if TYPE_CHECKING:
    from datetime import date

    from graphchannel.channel import Channel
    from graphchannel.cli._printing import Printing

GROUP = "findings"
_names = click.argument("names", metavar="FINGERPRINT...", nargs=-1)
_dry_run = click.option(
    "--dry-run", is_flag=True, help="Say what would change, and change nothing."
)


def _printed_list(
    channel: Channel,
    which: dict[str, Any],
    printing: Printing,
    *,
    on: date | None = None,
    top: int,
    names: tuple[str, ...] = (),
) -> None:
    from graphchannel.channel.work import OPEN_STATES  # noqa: PLC0415 - not for help
    from graphchannel.report.documents.worklist import worklist_document  # noqa: PLC0415 - with it

    chosen = {"states": OPEN_STATES} | which
    found = channel.work.list(filter_of(chosen), *names, on=on)
    print_document(worklist_document(found, top=top), printing)


@example("graphchannel worklist", "graphchannel worklist list --mine --overdue")
@click.group("worklist", cls=ChannelGroup, invoke_without_command=True)
@channel_options(known_at=False)
@printing_options()
@click.pass_context
def command(ctx: click.Context, *, channel: Channel, printing: Printing) -> None:
    """List who deals with which finding, and until when.

    Every finding of the last runs is on the list, and every one that was worked on. It is open,
    assigned, closed or reopened; one that is closed opens again by itself when it grows or comes
    back. FINGERPRINT may be cut short as long as only one finding begins so. Dates are UTC.
    """
    ctx.obj = channel
    if ctx.invoked_subcommand is None:
        _printed_list(channel, {}, printing, top=20)


@example("graphchannel worklist list --mine --overdue", "graphchannel worklist list --state closed")
@command.command("list")
@filter_options
@click.option("--mine", is_flag=True, help="Assigned to you.")
@click.option("--overdue", is_flag=True, help="That should have been dealt with by now.")
@click.option(
    "--on", type=day, metavar="DAY", help="The day by which it is overdue.  [default: today]"
)
@click.option(
    "--top",
    type=click.IntRange(min=1),
    default=50,
    show_default=True,
    help="Rows that the table shows.",
)
@by_option
@printing_options()
@click.pass_obj
def list_(
    channel: Channel,
    *,
    which: dict[str, Any],
    mine: bool,
    overdue: bool,
    on: date | None,
    top: int,
    by: str | None,
    printing: Printing,
) -> None:
    """List findings with their owners and due days, open ones by default.

    It is due so many days after the day on which a scan first found it as the policy says for its
    severity ([due_days]), or on the day that was set.
    """
    from graphchannel.channel.work import today, who_is  # noqa: PLC0415 - not for help

    if mine and "owner" in which:
        raise click.UsageError("--mine is --owner with your name; give one of them.")
    if mine:
        which["owner"] = who_is(by).name
    if overdue:
        which["overdue"] = on or today()
    _printed_list(channel, which, printing, on=on, top=top)


@example("graphchannel worklist show 23be13c1ffab")
@command.command("show")
@click.argument("fingerprint")
@printing_options()
@click.pass_obj
def show(channel: Channel, fingerprint: str, printing: Printing) -> None:
    """Show all that was done about a finding."""
    from graphchannel.report.documents.worklist import work_item_document  # noqa: PLC0415 - not for help

    print_document(work_item_document(channel.work.show(fingerprint)), printing)


@example(
    "graphchannel worklist assign 23be13c1ffab --to ada --due 2015-07-31",
    "graphchannel worklist assign --rule 'supply/*' --region DE --to ada",
)
@command.command("assign")
@_names
@filter_options
@click.option("--to", metavar="NAME", help="The owner.")
@click.option("--nobody", is_flag=True, help="Take the owner away.")
@click.option("--due", type=day, metavar="DAY", help="Due on this day, not on that of the policy.")
@click.option("--reason", metavar="TEXT", help="Why.")
@by_option
@_dry_run
@click.pass_obj
def assign(
    channel: Channel,
    *,
    names: tuple[str, ...],
    which: dict[str, Any],
    to: str | None,
    nobody: bool,
    due: date | None,
    reason: str | None,
    by: str | None,
    dry_run: bool,
) -> None:
    """Assign findings to somebody.

    Findings are named, or meant by --rule and the like: then all that fit and are not closed.
    """
    if (to is None) == (not nobody):
        raise click.UsageError("Name the owner with --to, or take it away with --nobody.")
    meant = meant_by(names, which, but_closed=True)
    done = channel.work.assign(
        *names, to=to, which=meant, due=due, reason=reason, by=by, only_look=dry_run
    )
    say_done(done, f"assigned to {to}" if to else "assigned to nobody", dry_run=dry_run)


@example("graphchannel worklist comment 23be13c1ffab --text 'Contract requested.'")
@command.command("comment")
@_names
@filter_options
@click.option("--text", metavar="TEXT", required=True, help="What there is to say.")
@by_option
@_dry_run
@click.pass_obj
def comment(
    channel: Channel,
    *,
    names: tuple[str, ...],
    which: dict[str, Any],
    text: str,
    by: str | None,
    dry_run: bool,
) -> None:
    """Say something about findings."""
    meant = meant_by(names, which)
    done = channel.work.comment(*names, text=text, which=meant, by=by, only_look=dry_run)
    say_done(done, "commented", dry_run=dry_run)


@example(
    "graphchannel worklist close 23be13c1ffab --as remediated --reason 'Certificate renewed.'",
    "graphchannel worklist close --rule 'data/*' --as confirmed --reason 'Known.'",
)
@command.command("close")
@_names
@filter_options
@click.option(
    "--as",
    "as_",
    type=click.Choice(("confirmed", "false-positive", "remediated")),
    required=True,
    help="How it ended.",
)
@click.option("--reason", metavar="TEXT", required=True, help="Why.")
@by_option
@_dry_run
@click.pass_obj
def close(
    channel: Channel,
    *,
    names: tuple[str, ...],
    which: dict[str, Any],
    as_: str,
    reason: str,
    by: str | None,
    dry_run: bool,
) -> None:
    """Close findings as confirmed, false-positive or remediated.

    A closed finding is still found by scans, and counts; a waiver takes it out. It opens again by
    itself when it grows beyond the policy's tolerance, or comes back after it was gone.
    """
    meant = meant_by(names, which, but_closed=True)
    done = channel.work.close(*names, as_=as_, reason=reason, which=meant, by=by, only_look=dry_run)
    say_done(done, f"closed as {as_}", dry_run=dry_run)


@example("graphchannel worklist reopen 23be13c1ffab --reason 'The certificate was forged.'")
@command.command("reopen")
@_names
@filter_options
@click.option("--reason", metavar="TEXT", required=True, help="Why.")
@by_option
@_dry_run
@click.pass_obj
def reopen(
    channel: Channel,
    *,
    names: tuple[str, ...],
    which: dict[str, Any],
    reason: str,
    by: str | None,
    dry_run: bool,
) -> None:
    """Open closed findings again."""
    meant = meant_by(names, {"states": ("closed",)} | which if which else which)
    done = channel.work.reopen(*names, reason=reason, which=meant, by=by, only_look=dry_run)
    say_done(done, "reopened", dry_run=dry_run)


command.add_command(export)
command.add_command(import_)

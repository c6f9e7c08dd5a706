"""`graphchannel waivers`."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from graphchannel.cli._channel import channel_options
from graphchannel.cli._group import ChannelGroup
from graphchannel.cli._help import example
from graphchannel.cli._printing import print_document, printing_options

if TYPE_CHECKING:
    from graphchannel.channel import Channel
    from graphchannel.cli._printing import Printing

GROUP = "findings"


class _DaySpan(click.ParamType[timedelta]):
    name = "days"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        """Read `30d` or `30`."""
        if isinstance(value, timedelta):
            return value
        found = re.fullmatch(r"(\d{1,5})d?", str(value).strip())
        if found is None:
            self.fail(f"'{value}' is no span of days; expected one such as 30d.", param, ctx)
        return timedelta(int(found[1]))


@example("graphchannel waivers", "graphchannel waivers expiring --within 30d")
@click.group("waivers", cls=ChannelGroup, invoke_without_command=True)
@channel_options(rules=True, as_of=True)
@printing_options()
@click.pass_context
def command(ctx: click.Context, *, channel: Channel, printing: Printing) -> None:
    """List waivers, what they cover, and what is used of their caps.

    It is what a scan of the as-of day makes of them.
    """
    ctx.obj = channel
    if ctx.invoked_subcommand is None:
        _print(channel, printing)


@example("graphchannel waivers list --format csv")
@command.command("list")
@printing_options()
@click.pass_obj
def list_(channel: Channel, *, printing: Printing) -> None:
    """List all waivers."""
    _print(channel, printing)


@example("graphchannel waivers expiring --within 30d")
@command.command("expiring")
@click.option(
    "--within", type=_DaySpan(), default="30d", show_default=True, help="Days after the as-of day."
)
@printing_options()
@click.pass_obj
def expiring(channel: Channel, *, within: timedelta, printing: Printing) -> None:
    """List waivers that end soon after the as-of day."""
    _print(channel, printing, within)


def _print(channel: Channel, printing: Printing, within: timedelta | None = None) -> None:
    from graphchannel.report.documents.waivers import waivers_document  # noqa: PLC0415 - not for help

    print_document(waivers_document(channel.waivers(within)), printing)

"""`graphchannel diff`."""

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


@example("graphchannel diff", "graphchannel diff 3 latest --format json")
@click.command("diff")
@click.argument("before", metavar="[RUN]", required=False)
@click.argument("after", metavar="[RUN]", required=False)
@channel_options(pack=False, known_at=False)
@printing_options("findings", "causes")
@click.option(
    "--top", type=click.IntRange(min=1), default=25, show_default=True, help="Rows of the table."
)
def command(
    *,
    before: str | None,
    after: str | None,
    channel: Channel,
    printing: Printing,
    top: int,
) -> None:
    """Compare two runs: what has changed, and what caused it.

    Without a RUN the last two that judged something different are compared, with one RUN that and
    the last. A cause is found by judging again with one kind of input changed back: lines, a
    correction, a certificate, the policy, a rule, a waiver, the as-of day. Several are all named.
    """
    from graphchannel.report.documents.diff import diff_document  # noqa: PLC0415 - not for help

    print_document(diff_document(channel.diff(before, after), top=top), printing)

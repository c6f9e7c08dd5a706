"""`graphchannel verify`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from graphchannel.cli._channel import channel_options
from graphchannel.cli._exit import Exit
from graphchannel.cli._help import example
from graphchannel.cli._neo4j import login_options, server_choice

if TYPE_CHECKING:
    from graphchannel.channel import Channel

GROUP = "graph"


@example("graphchannel verify neo4j://localhost:7687")
@click.command("verify")
@click.argument("uri")
@channel_options(pack=False)
@login_options
def command(
    *, uri: str, channel: Channel, user: str, password: str | None, database: str | None
) -> None:
    """Compare a published graph with the workspace.

    URI is that of the server; every row is compared. Prints counts and checksums for each label and
    relationship type. Exit code: 0 equal, 1 something differs, 2 could not compare.
    """
    found = channel.verify(server_choice(uri, user, password, database))
    click.echo(f"{'':<36} {'workspace':>12} {'graph':>12}  checksum")
    for one in found:
        verdict = one.workspace_checksum
        if not one.equal:
            verdict = f"differs, such as {', '.join(one.examples)}"
        click.echo(f"{one.name:<36} {one.in_workspace:>12,} {one.in_graph:>12,}  {verdict}")
    differing = sum(not one.equal for one in found)
    if differing:
        click.echo(f"{differing} kinds differ; publish again with --all.", err=True)
    sys.exit(Exit.FINDINGS if differing else Exit.CLEAN)

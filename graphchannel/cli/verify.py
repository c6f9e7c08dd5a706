"""`graphchannel verify`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from graphchannel.cli._channel import channel_options
from graphchannel.cli._exit import Exit
from graphchannel.cli._help import example
from graphchannel.cli._neo4j import login_options, server_choice
from graphchannel.cli._printing import print_document, printing_options
from graphchannel.cli._saying import echo

if TYPE_CHECKING:
    from graphchannel.channel import Channel
    from graphchannel.cli._printing import Printing

GROUP = "graph"


@example("graphchannel verify neo4j://localhost:7687")
@click.command("verify")
@click.argument("uri")
@channel_options(pack=False, known_at=False)
@login_options
@printing_options()
def command(
    *,
    uri: str,
    channel: Channel,
    user: str,
    password: str | None,
    database: str | None,
    printing: Printing,
) -> None:
    """Compare a published graph with the workspace.

    URI is that of the server; every row is compared. Prints counts and checksums for each label and
    relationship type. Exit code: 0 equal, 1 something differs, 2 could not compare.
    """
    from graphchannel.report.documents.published_graph import (  # noqa: PLC0415 - not for --help
        comparison_document,
    )

    compared = channel.verify(server_choice(uri, user, password, database))
    print_document(comparison_document(compared), printing)
    differing = sum(not one.equal for one in compared)
    if differing:
        echo(f"{differing} kinds differ; publish again with --all.", err=True)
    sys.exit(Exit.FINDINGS if differing else Exit.CLEAN)

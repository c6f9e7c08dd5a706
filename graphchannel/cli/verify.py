"""`graphchannel verify`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from graphchannel.cli._exit import Exit
from graphchannel.cli._help import example
from graphchannel.cli._neo4j import login_options, opened_link
from graphchannel.cli._options import workspace_option

if TYPE_CHECKING:
    from pathlib import Path

GROUP = "graph"


@example("graphchannel verify neo4j://localhost:7687")
@click.command("verify")
@click.argument("uri")
@workspace_option
@login_options
def command(
    *, uri: str, workspace: Path, user: str, password: str | None, database: str | None
) -> None:
    """Compare a published graph with the workspace.

    URI is that of the server; every row is compared. Prints counts and checksums for each label and
    relationship type. Exit code: 0 equal, 1 something differs, 2 could not compare.
    """
    from graphchannel.neo4j.verify import verify  # noqa: PLC0415 - help stays quick
    from graphchannel.workspace import open_workspace  # noqa: PLC0415 - imports duckdb

    differing = 0
    with open_workspace(workspace) as opened, opened_link(uri, user, password, database) as link:
        click.echo(f"{'':<36} {'workspace':>12} {'graph':>12}  checksum")
        for one in verify(opened, link):
            verdict = one.workspace_checksum
            if not one.equal:
                verdict = f"differs, such as {', '.join(one.examples)}"
            click.echo(f"{one.name:<36} {one.in_workspace:>12,} {one.in_graph:>12,}  {verdict}")
            differing += not one.equal
    if differing:
        click.echo(f"{differing} kinds differ; publish again with --all.", err=True)
    sys.exit(Exit.FINDINGS if differing else Exit.CLEAN)

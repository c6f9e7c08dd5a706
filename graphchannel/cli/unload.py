"""`graphchannel unload`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from graphchannel.cli._help import example
from graphchannel.cli._options import workspace_option
from graphchannel.text import counted

if TYPE_CHECKING:
    from pathlib import Path

GROUP = "data"


@example("graphchannel unload 3")
@click.command("unload")
@click.argument("number", metavar="LOAD", type=click.IntRange(min=1))
@workspace_option
def command(number: int, workspace: Path) -> None:
    """Take a load back, as if it had not been loaded.

    Earlier versions of the rows that it corrected stand again. A load that later loads stand on is
    not taken back; the message names them. `graphchannel loads` lists the numbers.
    """
    from graphchannel.ingest import unload  # noqa: PLC0415 - imports duckdb
    from graphchannel.workspace import open_workspace  # noqa: PLC0415

    with open_workspace(workspace, write=True) as opened:
        report = unload(opened, number)
    click.echo(
        f"Load {number} is taken back: {counted(report.removed, 'row')} removed, "
        f"{report.restored:,} restored, {counted(report.reopened, 'reject')} reopened."
    )

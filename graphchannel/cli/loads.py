"""`graphchannel loads`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from graphchannel.cli._help import example
from graphchannel.cli._options import workspace_option
from graphchannel.cli._printing import print_document, printing_options

if TYPE_CHECKING:
    from pathlib import Path

    from graphchannel.cli._printing import Printing

GROUP = "data"


@example("graphchannel loads")
@click.command("loads")
@workspace_option
@printing_options()
def command(workspace: Path, printing: Printing) -> None:
    """List what changed the workspace, oldest first. Times are UTC."""
    from graphchannel.ingest import loads  # noqa: PLC0415 - imports duckdb
    from graphchannel.report.documents.loads import loads_document  # noqa: PLC0415 - with it
    from graphchannel.workspace import open_workspace  # noqa: PLC0415

    with open_workspace(workspace) as opened:
        entries = loads(opened)
    print_document(loads_document(entries), printing)

"""`graphchannel status`."""

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


@example("graphchannel status")
@click.command("status")
@workspace_option
@printing_options()
def command(workspace: Path, printing: Printing) -> None:
    """Show what the workspace holds: rows, days, rejects.

    Also tells of the last load.
    """
    from graphchannel.ingest import status  # noqa: PLC0415 - imports duckdb
    from graphchannel.report.documents.status import status_document  # noqa: PLC0415 - with it
    from graphchannel.workspace import open_workspace  # noqa: PLC0415

    with open_workspace(workspace) as opened:
        found = status(opened)
    print_document(status_document(found), printing)

"""`graphchannel status`."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

import click

from graphchannel.cli._options import format_option, workspace_option
from graphchannel.cli._tables import print_table

if TYPE_CHECKING:
    from pathlib import Path


@click.command("status")
@workspace_option
@format_option("table", "json")
def command(workspace: Path, format_: str) -> None:
    """Tell what the workspace holds: rows, days, rejects, the last load."""
    from graphchannel.ingest import status  # noqa: PLC0415 - imports duckdb
    from graphchannel.workspace import open_workspace  # noqa: PLC0415

    with open_workspace(workspace) as opened:
        found = status(opened)
    if format_ == "json":
        text = json.dumps(dataclasses.asdict(found), indent=2, default=str, ensure_ascii=False)
        click.echo(text)
        return
    rows = [(t.table, t.rows, t.history, t.rejects) for t in found.tables]
    print_table(("table", "rows", "earlier versions", "open rejects"), rows)
    if found.first is not None:
        click.echo(f"Lines from {found.first} to {found.last}.")
    last = found.last_load
    if last is None:
        click.echo("Nothing is loaded yet.")
    else:
        about = f" of {last.about}" if last.about else ""
        click.echo(f"Last change: {last.load}, {last.kind}{about}, {last.finished_at} UTC.")

"""`graphchannel loads`."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

import click

from graphchannel.cli._options import format_option, workspace_option
from graphchannel.cli._tables import print_table

if TYPE_CHECKING:
    from pathlib import Path


@click.command("loads")
@workspace_option
@format_option("table", "json")
def command(workspace: Path, format_: str) -> None:
    """List what changed the workspace, oldest first. Times are UTC."""
    from graphchannel.ingest import loads  # noqa: PLC0415 - imports duckdb
    from graphchannel.workspace import open_workspace  # noqa: PLC0415

    with open_workspace(workspace) as opened:
        entries = loads(opened)
    if format_ == "json":
        listed = [dataclasses.asdict(entry) for entry in entries]
        click.echo(json.dumps(listed, indent=2, default=str, ensure_ascii=False))
        return
    names = ["load", "kind", "about", "finished_at", "files", "added", "corrected", "unchanged"]
    names += ["rejected", "withdrawn", "retried"]
    print_table(names, [[getattr(entry, name) for name in names] for entry in entries])

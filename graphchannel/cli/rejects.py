"""`graphchannel rejects`."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import click

from graphchannel.cli._options import format_option, workspace_option
from graphchannel.cli._tables import counted, print_table


@click.command("rejects")
@click.option("--load", "load_", type=int, metavar="LOAD", help="Only those of this load.")
@click.option("--table", metavar="TABLE", help="Only those of this table.")
@click.option("--top", type=int, default=50, show_default=True, help="Rows that the table shows.")
@click.option(
    "--export",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write all open rejects to this CSV, to be corrected and loaded as it is.",
)
@workspace_option
@format_option("table", "json")
def command(  # noqa: PLR0917 - one parameter an option
    load_: int | None,
    table: str | None,
    top: int,
    export: Path | None,
    workspace: Path,
    format_: str,
) -> None:
    """List rows that were not accepted, and why.

    Rows with an unknown reference are tried again by each later load. The others wait for a
    correction: `--export` writes a file for it, and loading that file closes its rejects.
    """
    from graphchannel.ingest import count_rejects, export_rejects, rejects  # noqa: PLC0415 - imports duckdb
    from graphchannel.workspace import open_workspace  # noqa: PLC0415

    with open_workspace(workspace) as opened:
        if export is not None:
            said = counted(export_rejects(opened, export), "reject")
            click.echo(f"{export}: {said}. Correct the file, then 'graphchannel load' it.")
            return
        limit = top if format_ == "table" else None
        found = rejects(opened, load=load_, table=table, limit=limit)
        total = count_rejects(opened, load=load_, table=table)
    if format_ == "json":
        listed = [dataclasses.asdict(reject) for reject in found]
        click.echo(json.dumps(listed, indent=2, ensure_ascii=False))
        return
    names = ("id", "load", "file", "record", "table", "column", "code", "reason")
    print_table(names, [[getattr(reject, name) for name in names] for reject in found])
    click.echo(f"{len(found):,} of {total:,} open rejects are shown.")

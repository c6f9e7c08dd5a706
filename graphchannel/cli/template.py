"""`graphchannel template`."""

from __future__ import annotations

from pathlib import Path

import click

from graphchannel.cli._help import example
from graphchannel.cli._saying import echo

GROUP = "data"


@example("graphchannel template channel/")
@click.command("template")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Overwrite files of the same names.")
def command(folder: Path, *, force: bool) -> None:
    """Write an empty CSV file per table, and a guide to columns.

    The files are written into DIR. Fill in the files that you have data for and load the folder. A
    file left as it is gives 0 rows.
    """
    from graphchannel.ingest.template import GUIDE, write_template  # noqa: PLC0415 - not for --help

    files = write_template(folder, force=force)
    echo(f"{len(files) - 1} tables and {GUIDE} are in {folder}.", err=True)
    echo(f"Fill them in, then run: graphchannel load {folder}", err=True)

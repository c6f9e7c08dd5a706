"""`graphchannel loaders`: list, show and check loaders."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from graphchannel.cli._exit import Exit
from graphchannel.cli._options import format_option, output_option

_folder_option = click.option(
    "--loaders",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with loader files, used beside the shipped ones.",
)


@click.group("loaders")
def command() -> None:
    """List, show and check loaders, which read files of other forms."""


@command.command("list")
@_folder_option
@format_option("table", "json", "csv")
@output_option
def list_loaders(folder: Path | None, format_: str, output: Path | None) -> None:
    """List the loaders: what they read, the columns that they need, the tables that they fill."""
    from graphchannel.cli._scanning import opened_output  # noqa: PLC0415 - not for --help
    from graphchannel.ingest.loaders.catalogue import all_loaders  # noqa: PLC0415
    from graphchannel.report.rows import write_result  # noqa: PLC0415

    columns = ("name", "reads", "columns", "tables")
    loaders = all_loaders(folder)
    rows = [
        (loader.name, *map(", ".join, (loader.reads, loader.columns, loader.tables)))
        for loader in loaders
    ]
    for broken in loaders.broken:
        click.echo(broken, err=True)
    with opened_output(output) as stream:
        write_result(columns, rows, stream, format_)


@command.command("show")
@click.argument("name")
@_folder_option
def show_loader(name: str, folder: Path | None) -> None:
    """Show the loader file NAME as it is."""
    from graphchannel.ingest.loaders.catalogue import find_loader  # noqa: PLC0415 - not for --help

    loader = find_loader(name, folder)
    click.echo(f"{loader.path}", err=True)
    click.echo(loader.text.rstrip())


@command.command("check")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
def check(paths: tuple[Path, ...]) -> None:
    """Check loader files: header, read-only SQL, columns; each runs once on an empty source.

    PATHS are .sql files or folders of them. Exit code 1 if a loader is wrong.
    """
    from graphchannel.errors import LoaderError  # noqa: PLC0415 - not for --help
    from graphchannel.ingest.loaders.catalogue import loader_files, read_loader  # noqa: PLC0415
    from graphchannel.ingest.loaders.run import check_loader  # noqa: PLC0415 - imports duckdb

    wrong = False
    for path in loader_files(paths):
        try:
            check_loader(read_loader(path))
        except LoaderError as error:
            wrong = True
            click.echo(str(error))
        else:
            click.echo(f"{path}: ok")
    if wrong:
        sys.exit(Exit.FINDINGS)

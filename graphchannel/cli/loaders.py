"""`graphchannel loaders`: list, show and check loaders."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from graphchannel.cli._exit import Exit
from graphchannel.cli._help import example
from graphchannel.cli._printing import Printing, print_document, printing_options
from graphchannel.cli._saying import echo

GROUP = "data"
_folder_option = click.option(
    "--loaders",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with loader files, used beside the shipped ones.",
)


@example("graphchannel loaders list")
@click.group("loaders")
def command() -> None:
    """List, show and check loaders for files of other forms."""


@example("graphchannel loaders list")
@command.command("list")
@_folder_option
@printing_options()
def list_loaders(folder: Path | None, printing: Printing) -> None:
    """List the loaders, what they read and the tables they fill.

    The columns that they need are listed, too.
    """
    from graphchannel.ingest.loaders.catalogue import all_loaders  # noqa: PLC0415 - not for --help
    from graphchannel.report.documents.loaders import loaders_document  # noqa: PLC0415 - with it

    loaders = all_loaders(folder)
    for broken in loaders.broken:
        echo(broken, err=True)
    print_document(loaders_document(loaders), printing)


@example("graphchannel loaders show pos-flat")
@command.command("show")
@click.argument("name")
@_folder_option
def show_loader(name: str, folder: Path | None) -> None:
    """Show the loader file NAME as it is."""
    from graphchannel.ingest.loaders.catalogue import find_loader  # noqa: PLC0415 - not for --help

    loader = find_loader(name, folder)
    echo(f"{loader.path}", err=True)
    echo(loader.text.rstrip())


@example("graphchannel loaders check my-loaders/")
@command.command("check")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@printing_options()
def check(paths: tuple[Path, ...], printing: Printing) -> None:
    """Check loader files.

    Looks at header, read-only SQL and columns; each runs once on an empty source. PATHS are .sql
    files or folders of them. Exit code 1 if a loader is wrong.
    """
    from graphchannel.ingest.loaders.catalogue import loader_files  # noqa: PLC0415 - not for --help
    from graphchannel.report.documents.checks import checked_files_document  # noqa: PLC0415

    checked = [(str(path), _problem(path)) for path in loader_files(paths)]
    print_document(checked_files_document(checked), printing)
    if any(problem for _, problem in checked):
        sys.exit(Exit.FINDINGS)


def _problem(path: Path) -> str | None:
    """Return what is wrong with a loader file, None if nothing is."""
    from graphchannel.errors import LoaderError  # noqa: PLC0415 - not for --help
    from graphchannel.ingest.loaders.catalogue import read_loader  # noqa: PLC0415
    from graphchannel.ingest.loaders.run import check_loader  # noqa: PLC0415 - imports duckdb

    try:
        check_loader(read_loader(path))
    except LoaderError as error:
        return str(error)
    return None

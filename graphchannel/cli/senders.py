"""`graphchannel senders`: list, show, check and propose sender files."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from graphchannel.cli._exit import Exit
from graphchannel.cli._help import example
from graphchannel.cli._options import senders_option
from graphchannel.cli._printing import Printing, print_document, printing_options
from graphchannel.cli._saying import echo
from graphchannel.text import counted

GROUP = "data"


@example("graphchannel senders list")
@click.group("senders")
def command() -> None:
    """List, show, check and propose senders of reports.

    A sender names the columns of those who report.
    """


@example("graphchannel senders list")
@command.command("list")
@senders_option
@printing_options()
def list_senders(senders: tuple[Path, ...], printing: Printing) -> None:
    """List the senders, their tables, and whether confirmed.

    Their files are listed, too.
    """
    from graphchannel.ingest.senders.catalogue import all_senders  # noqa: PLC0415 - not for --help
    from graphchannel.report.documents.senders import senders_document  # noqa: PLC0415

    found = all_senders(senders)
    for broken in found.broken:
        echo(broken, err=True)
    print_document(senders_document(found.all), printing)


@example("graphchannel senders show rotkamp")
@command.command("show")
@click.argument("name")
@senders_option
def show(name: str, senders: tuple[Path, ...]) -> None:
    """Show the sender file NAME as it is."""
    from graphchannel.ingest.senders.catalogue import find_sender  # noqa: PLC0415 - not for --help

    sender = find_sender(name, senders)
    echo(f"{sender.path}", err=True)
    echo(sender.text.rstrip())


@example("graphchannel senders check senders/rotkamp.toml --file pos-june.csv")
@command.command("check")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Show what the sender makes of the first records of this file.",
)
@senders_option
def check(paths: tuple[Path, ...], file: Path | None, senders: tuple[Path, ...]) -> None:
    """Check sender files.

    Looks at keys, values and columns, and that they are confirmed. PATHS are .toml files or folders
    of them, by default the folders of --senders. Exit code 1 if one is wrong or not confirmed.
    """
    from graphchannel.errors import SenderError  # noqa: PLC0415 - not for --help
    from graphchannel.ingest.senders import workshop  # noqa: PLC0415

    wrong = False
    for path in workshop.sender_files(paths or senders):
        try:
            workshop.check(path)
        except SenderError as error:
            wrong = True
            echo(str(error))
        else:
            echo(f"{path}: ok")
            if file:
                _try(path, file)
    if wrong:
        sys.exit(Exit.FINDINGS)


def _try(path: Path, file: Path) -> None:
    from graphchannel.ingest.senders import workshop  # noqa: PLC0415 - not for --help
    from graphchannel.report.documents.senders import trials_document  # noqa: PLC0415

    trials = workshop.try_on(path, file)
    for warning in (warning for trial in trials for warning in trial.warnings):
        echo(warning, err=True)
    print_document(trials_document(trials), Printing())


@example("graphchannel senders new pos-june.csv --name rotkamp")
@command.command("new")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name", help="Name of the sender; by default after the file.")
@click.option("--table", metavar="TABLE", help="The table that the file holds, if it is not found.")
@click.option("--force", is_flag=True, help="Write over a sender of that name.")
@senders_option
def new(
    file: Path, name: str | None, table: str | None, *, force: bool, senders: tuple[Path, ...]
) -> None:
    """Propose a sender for a file.

    It says what the columns of FILE mean, and what is left to be answered. The proposal goes into
    the last folder of --senders, by default senders/. It has questions, and nothing is loaded by it
    before it is confirmed.
    """
    from graphchannel.ingest.senders import workshop  # noqa: PLC0415 - not for --help
    from graphchannel.ingest.senders.catalogue import FOLDER  # noqa: PLC0415

    folder = senders[-1] if senders else FOLDER
    draft = workshop.draft(file, folder, name=name, table=table, overwrite=force)
    echo(
        f"{draft.path}: {counted(draft.questions, 'question')} to look at, "
        f"{counted(draft.open, 'answer')} missing. Then set confirmed = true, and see "
        f"'graphchannel senders check {draft.path} --file {file}'."
    )

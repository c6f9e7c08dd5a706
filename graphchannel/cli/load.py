"""`graphchannel load`."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from graphchannel.cli._channel import channel_options
from graphchannel.cli._exit import Exit
from graphchannel.cli._help import example
from graphchannel.cli._printing import Printing, print_document, printing_options
from graphchannel.cli._reading import reading_options
from graphchannel.cli._saying import echo
from graphchannel.text import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from graphchannel.channel import Channel
    from graphchannel.ingest import LoadReport, ReadOptions

GROUP = "data"


@example("graphchannel load channel/", "graphchannel load pos-reports/*.xlsx --loader pos-flat")
@click.command("load")
@click.argument("sources", metavar="PATH...", nargs=-1, required=True, type=Path)
@reading_options
@click.option(
    "--replace",
    metavar="TABLE",
    multiple=True,
    help="Take the files as the full snapshot of this table: rows that it lacks are withdrawn.",
)
@click.option("--reporter", metavar="ID", help="Who reports the lines, where they do not say it.")
@click.option(
    "--period",
    metavar="PERIOD",
    help="Take the files as all that the reporter has to say of this period, such as 2015-06, "
    "2015-Q2 or 2015-W26: lines of his that they lack are withdrawn.",
)
@click.option(
    "--keep-empty",
    metavar="TABLE",
    multiple=True,
    help="In this table an empty cell leaves the stored value, instead of emptying it.",
)
@channel_options(known_at=False)
@printing_options("files", "withdrawn")
def command(
    *,
    sources: tuple[Path, ...],
    options: ReadOptions,
    replace: tuple[str, ...],
    reporter: str | None,
    period: str | None,
    keep_empty: tuple[str, ...],
    channel: Channel,
    printing: Printing,
) -> None:
    """Load files into the workspace, made if there is none.

    PATH is a folder, a file or a pattern. Each row ends as added, corrected, unchanged or rejected;
    `graphchannel rejects` lists the last. Ends with 0 if all rows were accepted, 1 if some were
    rejected, 2 if nothing was loaded.
    """
    from graphchannel.report.documents.loads import load_document  # noqa: PLC0415 - not for help

    with _progress() as progress:
        report = channel.load(
            *sources,
            options=options,
            replace=replace,
            keep_empty=keep_empty,
            reporter=reporter,
            period=period,
            progress=progress,
        )
    _say(report)
    print_document(load_document(report), printing)
    sys.exit(_exit_code(report))


def _exit_code(report: LoadReport) -> Exit:
    if not report.rejected:
        return Exit.CLEAN
    return Exit.FINDINGS if report.accepted else Exit.FAILED


def _say(report: LoadReport) -> None:
    """Say what there is to know about how files were read, and what to do about rejects."""
    for sentence in report.passed_over:
        echo(sentence, err=True)
    for file in report.files:
        for warning in file.warnings:
            echo(warning, err=True)
        if file.loader is not None:
            by = file.loader if file.loader.startswith("sender ") else f"loader {file.loader}"
            echo(f"{file.file}: {by}. {file.because}", err=True)
    if not any(file.records for file in report.files):
        echo("The files have no rows yet.", err=True)
    if report.rejected:
        wrong = counted(report.rejected, "row")
        echo(f"{wrong} rejected; 'graphchannel rejects' says why.", err=True)


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """Show the step on a terminal, and nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console  # noqa: PLC0415 - a terminal alone needs it

    with Console(stderr=True).status("loading") as status:
        yield status.update

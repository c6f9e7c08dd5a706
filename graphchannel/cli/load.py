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
from graphchannel.cli._options import senders_option
from graphchannel.cli._printing import Printing, print_document, printing_options
from graphchannel.text import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from graphchannel.channel import Channel
    from graphchannel.ingest import LoadReport

GROUP = "data"


@example("graphchannel load channel/", "graphchannel load pos-reports/*.xlsx --loader pos-flat")
@click.command("load")
@click.argument("sources", metavar="PATH...", nargs=-1, required=True, type=Path)
@click.option("--table", metavar="TABLE", help="The table that the files hold.")
@click.option("--loader", metavar="NAME", help="The loader that reads the files.")
@click.option(
    "--loaders",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with loader files, used beside the shipped ones.",
)
@click.option("--sender", metavar="NAME", help="The sender that the files are of.")
@senders_option
@click.option(
    "--encoding",
    metavar="[PATTERN=]NAME",
    multiple=True,
    help="Encoding of CSV files, if not UTF-8: cp1252, or 'march*.csv=cp1252' for some of them.",
)
@click.option("--delimiter", metavar="CHAR", help="Delimiter of CSV files, if it is not found.")
@click.option(
    "--decimal", metavar="SIGN", help="The decimal sign of numbers, point or comma, if not clear."
)
@click.option(
    "--thousands", metavar="SIGN", help="The sign between thousands: point, comma, space, none."
)
@click.option("--dates", metavar="ORDER", help="The order of days, dmy, mdy or ymd, if not clear.")
@click.option("--sheet", metavar="PATTERN", help="The sheets to read, such as 'POS *'.")
@click.option(
    "--header-row",
    metavar="N",
    type=click.IntRange(min=1),
    help="The line or row that names the columns, if it is not the first filled one.",
)
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
@channel_options()
@printing_options("files", "withdrawn")
def command(
    *,
    sources: tuple[Path, ...],
    table: str | None,
    loader: str | None,
    loaders: Path | None,
    sender: str | None,
    senders: tuple[Path, ...],
    encoding: tuple[str, ...],
    delimiter: str | None,
    decimal: str | None,
    thousands: str | None,
    dates: str | None,
    sheet: str | None,
    header_row: int | None,
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
    from graphchannel.ingest import Reading, ReadOptions, declared  # noqa: PLC0415 - heavy imports
    from graphchannel.ingest.source import declared_encodings  # noqa: PLC0415 - with them
    from graphchannel.report.documents.loads import load_document  # noqa: PLC0415 - with them

    everywhere, encodings = declared_encodings(encoding)
    options = ReadOptions(
        table,
        loader,
        loaders,
        Reading(everywhere, delimiter, sheet, header_row),
        declared(decimal, thousands, dates),
        sender=sender,
        senders=senders,
        encodings=encodings,
    )
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
        click.echo(sentence, err=True)
    for file in report.files:
        for warning in file.warnings:
            click.echo(warning, err=True)
        if file.loader is not None:
            by = file.loader if file.loader.startswith("sender ") else f"loader {file.loader}"
            click.echo(f"{file.file}: {by}. {file.because}", err=True)
    if not any(file.records for file in report.files):
        click.echo("The files have no rows yet.", err=True)
    if report.rejected:
        wrong = counted(report.rejected, "row")
        click.echo(f"{wrong} rejected; 'graphchannel rejects' says why.", err=True)


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """Show the step on a terminal, and nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console  # noqa: PLC0415 - a terminal alone needs it

    with Console(stderr=True).status("loading") as status:
        yield status.update

"""`graphchannel load`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from graphchannel.cli._channel import channel_options
from graphchannel.cli._help import example
from graphchannel.cli._loading import load_code, said_of_load, shown_progress
from graphchannel.cli._printing import Printing, print_document, printing_options
from graphchannel.cli._reading import reading_options

if TYPE_CHECKING:
    from graphchannel.channel import Channel
    from graphchannel.ingest import ReadOptions

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
@click.option(
    "--into",
    metavar="LAKE",
    type=click.Path(file_okay=False, path_type=Path),
    help="Load into a lake, on the Spark that --engine names; a workspace stands in it then.",
)
@click.option(
    "--engine", metavar="SPARK", help="For --into: spark:local[*], spark://host:7077 or sc://host."
)
@channel_options(known_at=False)
@printing_options("files", "withdrawn", "replies")
def command(
    *,
    sources: tuple[Path, ...],
    options: ReadOptions,
    replace: tuple[str, ...],
    reporter: str | None,
    period: str | None,
    keep_empty: tuple[str, ...],
    into: Path | None,
    engine: str | None,
    channel: Channel,
    printing: Printing,
) -> None:
    """Load files into the workspace, made if there is none.

    PATH is a folder, a file or a pattern. Each row ends as added, corrected, unchanged or rejected;
    `graphchannel rejects` lists the last. Ends with 0 if all rows were accepted, 1 if some were
    rejected, 2 if nothing was loaded.

    With --into the files become a lake, made anew from them alone; a failure leaves the one before.
    """
    from graphchannel.report.documents.loads import load_document  # noqa: PLC0415 - not for help

    terms = {"replace": replace, "keep-empty": keep_empty, "reporter": reporter, "period": period}
    _check_place(into, engine, [name for name, value in terms.items() if value])
    with shown_progress() as progress:
        if into is not None and engine is not None:
            report = channel.load_into(
                into, *sources, engine=engine, options=options, progress=progress
            )
        else:
            report = channel.load(
                *sources,
                options=options,
                replace=replace,
                keep_empty=keep_empty,
                reporter=reporter,
                period=period,
                progress=progress,
            )
    said_of_load(report)
    print_document(load_document(report), printing)
    sys.exit(load_code(report))


def _check_place(into: Path | None, engine: str | None, terms: list[str]) -> None:
    """Raise UsageError for options that do not go together."""
    if (into is None) != (engine is None):
        raise click.UsageError("--into LAKE and --engine SPARK go together.")
    if into is None:
        return
    source = click.get_current_context().get_parameter_source("workspace")
    if source is ParameterSource.COMMANDLINE:
        terms.append("workspace")
    if terms:
        raise click.UsageError(
            f"--{terms[0]} does not go with --into: a lake is made anew, from its files alone."
        )

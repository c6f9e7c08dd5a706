"""The work list as a spreadsheet that goes out and comes back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from graphchannel.cli._exit import Exit
from graphchannel.cli._help import example
from graphchannel.cli._outputs import Destination
from graphchannel.cli._printing import Printing, print_document, printing_options
from graphchannel.cli._saying import echo
from graphchannel.cli._who import by_option
from graphchannel.cli._work import filter_of, filter_options
from graphchannel.text import counted

if TYPE_CHECKING:
    from graphchannel.channel import Channel

__all__ = ["export", "import_"]


@example(
    "graphchannel worklist export work.xlsx",
    "graphchannel worklist export vap.csv --rule 'supply/vap-*' --severity high",
)
@click.command("export")
@click.argument("file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@filter_options
@click.pass_obj
def export(channel: Channel, *, file: Path, which: dict[str, Any]) -> None:
    """Write the list to a spreadsheet, to be filled in and imported.

    FILE is .xlsx or .csv. The columns state, closed_as, owner, new_due, reason and comment are to
    be filled in; fingerprint and version stay as they are, all others are there to be read.
    """
    from graphchannel.channel.work import OPEN_STATES  # noqa: PLC0415 - not for help
    from graphchannel.report.documents.worklist import sheet_document  # noqa: PLC0415 - with it

    format_ = file.suffix.lower().removeprefix(".")
    if format_ not in ("csv", "xlsx"):
        raise click.UsageError(f"{file}: the sheet is .xlsx or .csv; name the file so.")
    found = channel.work.list(filter_of({"states": OPEN_STATES} | which))
    print_document(sheet_document(found), Printing((Destination(format_, file),)))
    echo(
        f"{file}: {counted(len(found.items), 'finding')}. Fill in state, owner and the like, then "
        f"'graphchannel worklist import {file}'."
    )


@example(
    "graphchannel worklist import work.xlsx --dry-run", "graphchannel worklist import work.csv"
)
@click.command("import")
@click.argument(
    "file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--skip-refused", is_flag=True, help="Apply the other rows although some are refused."
)
@by_option
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@printing_options()
@click.pass_obj
def import_(
    channel: Channel,
    *,
    file: Path,
    skip_refused: bool,
    by: str | None,
    dry_run: bool,
    printing: Printing,
) -> None:
    """Apply what was changed in a sheet that `worklist export` wrote.

    A row is refused if its finding was changed meanwhile, is unknown, or its words are. Then no row
    is applied, unless --skip-refused is given. The same file again changes nothing. Exit code: 0
    all rows fit, 1 others were applied without those that were refused, 2 nothing was.
    """
    from graphchannel.report.documents.worklist import import_document  # noqa: PLC0415 - not for help

    done = channel.work.read_sheet(file, by=by, only_look=dry_run, skip_refused=skip_refused)
    print_document(import_document(done), printing)
    if done.refused and not skip_refused:
        echo("Nothing was changed; mend the rows, or add --skip-refused.", err=True)
    elif dry_run:
        echo("Nothing was changed: --dry-run.", err=True)
    if done.refused:
        sys.exit(Exit.FINDINGS if skip_refused else Exit.FAILED)

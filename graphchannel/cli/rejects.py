"""`graphchannel rejects`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from graphchannel.cli._exit import Exit
from graphchannel.cli._help import example
from graphchannel.cli._options import pack_option, workspace_option
from graphchannel.cli._printing import Printing, print_document, printing_options
from graphchannel.text import counted

GROUP = "data"


@example("graphchannel rejects --table shipments", "graphchannel rejects --export rejects.csv")
@click.group("rejects", invoke_without_command=True)
@click.option("--load", "load_", type=int, metavar="LOAD", help="Only those of this load.")
@click.option("--table", metavar="TABLE", help="Only those of this table.")
@click.option("--code", metavar="CODE", help="Only those with this code, such as review.")
@click.option("--by", type=click.Choice(["reason"]), help="Count them by their reason.")
@click.option("--top", type=int, default=50, show_default=True, help="Rows that the table shows.")
@click.option(
    "--export",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write all open rejects to this CSV, to be corrected and loaded as it is.",
)
@workspace_option
@printing_options()
@click.pass_context
def command(  # noqa: PLR0917 - one parameter an option
    ctx: click.Context,
    load_: int | None,
    table: str | None,
    code: str | None,
    by: str | None,
    top: int,
    export: Path | None,
    workspace: Path,
    printing: Printing,
) -> None:
    """List rows that were not accepted, and why.

    Rows with an unknown reference are tried again by each later load, and a row that arrives under
    the same key closes a reject. The others wait for a correction: `--export` writes a file for it,
    and loading that file closes its rejects.
    """
    ctx.obj = workspace
    if ctx.invoked_subcommand is not None:
        return
    from graphchannel.ingest import (  # noqa: PLC0415 - imports duckdb
        count_rejects,
        export_rejects,
        reject_reasons,
        rejects,
    )
    from graphchannel.report.documents.rejects import (  # noqa: PLC0415 - with it
        reasons_document,
        rejects_document,
    )
    from graphchannel.workspace import open_workspace  # noqa: PLC0415

    with open_workspace(workspace) as opened:
        if export is not None:
            said = counted(export_rejects(opened, export), "reject")
            click.echo(f"{export}: {said}. Correct the file, then 'graphchannel load' it.")
            return
        total = count_rejects(opened, load=load_, table=table, code=code)
        if by == "reason":
            reasons = reject_reasons(opened, load=load_, table=table, code=code)
            document = reasons_document(reasons, top, total)
        else:
            limit = top if printing.for_people else None
            found = rejects(opened, load=load_, table=table, code=code, limit=limit)
            document = rejects_document(found, total)
    print_document(document, printing)


@example("graphchannel rejects dismiss 4 5")
@command.command("dismiss")
@click.argument("numbers", metavar="REJECT...", nargs=-1, type=int)
@click.option("--load", "load_", type=int, metavar="LOAD", help="All of this load.")
@click.option("--table", metavar="TABLE", help="All of this table.")
@click.option("--code", metavar="CODE", help="All with this code.")
@click.pass_obj
def dismiss(
    workspace: Path,
    numbers: tuple[int, ...],
    load_: int | None,
    table: str | None,
    code: str | None,
) -> None:
    """Close rejects that are no matter, such as total rows.

    They are named by their numbers, or by --load, --table and --code together. The same rows are
    not listed again when they come again; the load still counts them as rejected.
    """
    from graphchannel.ingest import dismiss_rejects, rejects  # noqa: PLC0415 - imports duckdb
    from graphchannel.workspace import open_workspace  # noqa: PLC0415

    asked = (load_, table, code) != (None, None, None)
    if asked == bool(numbers):
        raise click.UsageError("Name rejects by their numbers, or by --load, --table, --code.")
    with open_workspace(workspace, write=True) as opened:
        found = rejects(opened, load=load_, table=table, code=code) if asked else ()
        count = dismiss_rejects(opened, numbers or [reject.id for reject in found])
    click.echo(f"{counted(count, 'reject')} dismissed.")


@example("graphchannel rejects accept 7")
@command.command("accept")
@click.argument("numbers", metavar="REJECT...", nargs=-1, required=True, type=int)
@pack_option
@click.pass_obj
def accept(workspace: Path, numbers: tuple[int, ...], pack: Path | None) -> None:
    """Apply corrections that were held for review (code review).

    They are one load, which `graphchannel unload` takes back.
    """
    from graphchannel import resources  # noqa: PLC0415 - heavy imports wait for the command
    from graphchannel.ingest import accept_rejects  # noqa: PLC0415
    from graphchannel.policy import load_policy  # noqa: PLC0415
    from graphchannel.workspace import open_workspace  # noqa: PLC0415

    policy = load_policy(pack or resources.pack())
    with open_workspace(workspace, write=True) as opened:
        report = accept_rejects(opened, policy, numbers)
    click.echo(f"load {report.load}: {counted(report.corrected, 'row')} corrected.")
    if report.rejected:
        click.echo(f"{counted(report.rejected, 'row')} rejected for another reason.", err=True)
        sys.exit(Exit.FINDINGS)

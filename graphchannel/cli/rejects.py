"""`graphchannel rejects`: list, export and settle the rows that were not accepted."""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from graphchannel.cli._exit import Exit
from graphchannel.cli._options import format_option, pack_option, workspace_option
from graphchannel.cli._tables import counted, print_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphchannel.ingest import Reject, RejectReason

_REJECTS = ("id", "load", "file", "record", "table", "column", "code", "reason")
_REASONS = ("count", "files", "table", "column", "code", "reason")


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
@format_option("table", "json")
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
    format_: str,
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
        RejectReason,
        count_rejects,
        export_rejects,
        reject_reasons,
        rejects,
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
            found: Sequence[Reject | RejectReason] = reasons
        else:
            limit = top if format_ == "table" else None
            found = rejects(opened, load=load_, table=table, code=code, limit=limit)
    shown = found[:top] if format_ == "table" else found
    _print(_REASONS if by else _REJECTS, shown, format_)
    if format_ == "table":
        count = sum(one.count if isinstance(one, RejectReason) else 1 for one in shown)
        click.echo(f"{count:,} of {total:,} open rejects are shown.")


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


def _print(names: Sequence[str], rows: Sequence[Reject | RejectReason], format_: str) -> None:
    if format_ == "json":
        listed = [dataclasses.asdict(row) for row in rows]
        click.echo(json.dumps(listed, indent=2, ensure_ascii=False))
    else:
        print_table(names, [[getattr(row, name) for name in names] for row in rows])

"""`graphchannel schema`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from graphchannel.cli._options import format_option, output_option
from graphchannel.cli._scanning import opened_output

if TYPE_CHECKING:
    from pathlib import Path


def _names(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Complete a name on the command line."""
    from graphchannel.schema.describe import entries  # noqa: PLC0415 - not for --help

    known = dict.fromkeys(entry.name for entry in entries())
    return [name for name in known if name.casefold().startswith(incomplete.casefold())]


@click.command("schema")
@click.argument("name", required=False, shell_complete=_names)
@format_option("table", "json", "csv")
@output_option
def command(name: str | None, format_: str, output: Path | None) -> None:
    """Show the data model: tables, labels and relationships, with the meaning of each column.

    NAME is a table, a label or a relationship type, as in `graphchannel schema SUPPLIED`; without
    it all are listed.
    """
    from graphchannel.report.schema_report import entry_document, schema_document  # noqa: PLC0415
    from graphchannel.report.sections import write_document  # noqa: PLC0415 - not for --help
    from graphchannel.schema.describe import entries, entries_called  # noqa: PLC0415

    document = entry_document(entries_called(name)) if name else schema_document(entries())
    with opened_output(output) as stream:
        write_document(document, stream, format_)

"""`graphchannel schema`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from graphchannel.cli._help import example
from graphchannel.cli._printing import print_document, printing_options

if TYPE_CHECKING:
    from graphchannel.cli._printing import Printing

GROUP = "data"


def _names(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Complete a name on the command line."""
    from graphchannel.schema.describe import entries  # noqa: PLC0415 - not for --help

    known = dict.fromkeys(entry.name for entry in entries())
    return [name for name in known if name.casefold().startswith(incomplete.casefold())]


@example("graphchannel schema", "graphchannel schema SUPPLIED")
@click.command("schema")
@click.argument("name", required=False, shell_complete=_names)
@printing_options()
def command(name: str | None, printing: Printing) -> None:
    """Show tables, labels and relationships and what they mean.

    NAME is a table, a label or a relationship type, as in `graphchannel schema SUPPLIED`; without
    it all are listed.
    """
    from graphchannel.report.documents.schema import (  # noqa: PLC0415 - not for --help
        entry_document,
        schema_document,
    )
    from graphchannel.schema.describe import entries, entries_called  # noqa: PLC0415

    document = entry_document(entries_called(name)) if name else schema_document(entries())
    print_document(document, printing)

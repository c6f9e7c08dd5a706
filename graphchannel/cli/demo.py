"""`graphchannel demo`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from graphchannel.cli._channel import say
from graphchannel.cli._exit import Exit
from graphchannel.cli._help import example
from graphchannel.cli._printing import Printing, print_document
from graphchannel.cli._saying import echo

if TYPE_CHECKING:
    from graphchannel.findings import Finding

GROUP = "admin"
_WORKSPACE = Path("demo.duckdb")
_WORST = 10
_QUERY = (
    "MATCH (seller:Partner)-[s:SUPPLIED]->(buyer:EndUser) WHERE s.seller_role = 'distributor' "
    "RETURN seller.name AS distributor, count(*) AS lines ORDER BY lines DESC LIMIT 5"
)


@example("graphchannel demo")
@click.command("demo")
@click.option(
    "--keep",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Keep the generated source files in this folder.",
)
def command(*, keep: Path | None) -> None:
    """Run the whole job on an invented channel.

    Generates 700 partners, loads them, scans, and shows what to do next. Writes the workspace
    demo.duckdb into the current folder, in place of an earlier one; your own workspace is not
    touched. Exit code 0 although there are findings; 2 if a rule could not be run.
    """
    from graphchannel.channel import Channel  # noqa: PLC0415 - help starts no engine
    from graphchannel.demo.run import build_demo  # noqa: PLC0415 - imports duckdb and numpy
    from graphchannel.report.documents.scan import scan_document  # noqa: PLC0415 - with it

    with Channel.open(_WORKSPACE, say=say) as channel:
        truth, report = build_demo(_WORKSPACE, channel.policy, keep)
        rows = sum(file.added for file in report.files)
        where = f"; the source files are in {keep}" if keep else ""
        echo(f"Loaded {rows:,} rows of an invented channel into {_WORKSPACE}{where}.")
        with channel.scan(as_of=truth.as_of) as result:
            options = f"--workspace {_WORKSPACE} --as-of {result.as_of}"
            print_document(scan_document(result, top=_WORST, show_options=options), Printing())
            _next_steps(result.worst(1)[0], options)
            if result.failed:
                sys.exit(Exit.FAILED)


def _next_steps(worst: Finding, options: str) -> None:
    """Print three commands that work as they stand, in the same folder."""
    echo("\nNext:")
    echo(f"  graphchannel scan {options} --by subject")
    echo(f"  graphchannel rules show {worst.rule}")
    echo(f'  graphchannel query --workspace {_WORKSPACE} "{_QUERY}"')

"""`graphchannel generate`: write a demo network as files."""

from __future__ import annotations

from pathlib import Path

import click

from graphchannel.cli._help import example
from graphchannel.cli._saying import echo

GROUP = "admin"


@example(
    "graphchannel generate channel/",
    "graphchannel generate big/ --partners 30000 --lines 5000000 --format parquet",
)
@click.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@click.option("--partners", default=700, show_default=True, help="Number of partners.")
@click.option("--lines", default=100_000, show_default=True, help="Number of shipment lines.")
@click.option("--seed", default=1, show_default=True, help="Same seed, same files.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["csv", "parquet"]),
    default="csv",
    show_default=True,
    help="Format of the files.",
)
def command(directory: Path, partners: int, lines: int, seed: int, format_: str) -> None:
    """Write the files of an invented channel.

    It is in Western Europe, and is written into DIRECTORY. Violations of every rule are planted;
    `truth.json` lists what a scan on its `as_of` day finds.
    """
    from graphchannel.demo.generate import generate  # noqa: PLC0415 - keeps --help quick

    truth = generate(directory, partners, lines, seed, format_)
    echo(
        f"Wrote {partners:,} partners and {lines:,} shipment lines to {directory}; "
        f"truth.json lists the {len(truth.findings)} findings as of {truth.as_of}."
    )

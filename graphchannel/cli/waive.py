"""`graphchannel waive`."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

import click

from graphchannel.cli._channel import channel_options
from graphchannel.cli._help import example
from graphchannel.cli._options import day
from graphchannel.cli._saying import echo

if TYPE_CHECKING:
    from datetime import date

    from graphchannel.channel import Channel

GROUP = "findings"


@example(
    "graphchannel waive 23be13c1ffab --until 2015-12-31 --approver 'Head of channel' "
    "--reason 'Agreed.'",
    "graphchannel waive 23be13c1ffab --until 2015-12-31 --approver CFO --reason Pilot "
    "--max-value 50000 EUR",
)
@click.command("waive")
@click.argument("fingerprint")
@channel_options(rules=True, as_of=True, known_at=False)
@click.option("--until", type=day, metavar="DAY", required=True, help="The last day that counts.")
@click.option("--approver", metavar="NAME", required=True, help="Who approved it.")
@click.option("--reason", metavar="TEXT", required=True, help="Why.")
@click.option(
    "--from",
    "since",
    type=day,
    metavar="DAY",
    help="The first day that counts.  [default: that of the finding]",
)
@click.option(
    "--max-quantity", type=click.IntRange(min=1), metavar="N", help="So many units at most."
)
@click.option(
    "--max-value",
    nargs=2,
    type=str,
    metavar="AMOUNT CURRENCY",
    help="So much value at most, such as 50000 EUR.",
)
@click.option("--twins", is_flag=True, help="Cover findings of the very same lines, too.")
@click.option(
    "--file",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("waivers.csv"),
    show_default=True,
    help="The file of waivers.",
)
def command(
    *,
    fingerprint: str,
    channel: Channel,
    until: date,
    approver: str,
    reason: str,
    since: date | None,
    max_quantity: int | None,
    max_value: tuple[str, str] | None,
    twins: bool,
    file: Path,
) -> None:
    """Put a waiver for a finding at the end of the file of waivers.

    All else in the file stays as it is, comments too. It counts once the file is loaded.
    """
    from graphchannel.channel.waiving import WaiverTerms  # noqa: PLC0415 - not for help

    value = _value(max_value) if max_value else None
    terms = WaiverTerms(until, approver, reason, since, max_quantity, value, twins)
    row = channel.waive(fingerprint, terms, file=file)
    named = "" if file.stem.lower() == "waivers" else " --table waivers"
    object_ = f" with {row['object_id']}" if "object_id" in row else ""
    echo(
        f"{file}: waiver of {row['rule']} for {row['subject_id']}{object_} from "
        f"{row['valid_from']} to {row['valid_to']}. It counts after "
        f"'graphchannel load {file}{named}'."
    )


def _value(given: tuple[str, str]) -> tuple[Decimal, str]:
    try:
        amount = Decimal(given[0])
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or amount < 0:
        raise click.BadParameter(f"'{given[0]}' is no amount; expected one such as 50000.")
    currency = given[1].upper()
    if len(currency) != 3 or not currency.isalpha():
        raise click.BadParameter(f"'{given[1]}' is no currency; expected one such as EUR.")
    return amount, currency

"""`graphchannel show`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from graphchannel.cli._channel import channel_options
from graphchannel.cli._help import example
from graphchannel.cli._neo4j import neo4j_url_option, parsed_address
from graphchannel.cli._options import day_range_options
from graphchannel.cli._printing import print_document, printing_options

if TYPE_CHECKING:
    from datetime import date

    from graphchannel.channel import Channel
    from graphchannel.cli._printing import Printing

GROUP = "findings"


@example("graphchannel show 23be13c1ffab")
@click.command("show")
@click.argument("fingerprint")
@channel_options(rules=True, engine=True, as_of=True)
@day_range_options
@printing_options(
    "hops",
    "evidence",
    "history",
    "subject_certificates",
    "subject_authorizations",
    "object_certificates",
    "object_authorizations",
)
@neo4j_url_option
def command(
    *,
    fingerprint: str,
    channel: Channel,
    since: date | None,
    until: date | None,
    printing: Printing,
    neo4j_url: str | None,
) -> None:
    """Show one finding in full: lines, reason, credentials.

    Of a supply path it also tells how many units can have come through whom before.

    FINGERPRINT may be cut short as long as only one finding begins so. The days must be those of
    the scan that printed it.
    """
    from graphchannel.report.documents.finding import finding_document  # noqa: PLC0415 - not for help

    browser = parsed_address(neo4j_url)
    full = channel.show(fingerprint, since=since, until=until)
    print_document(finding_document(full, browser), printing)

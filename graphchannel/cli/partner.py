"""`graphchannel partner`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from graphchannel.cli._channel import channel_options
from graphchannel.cli._help import example
from graphchannel.cli._neo4j import neo4j_url_option, parsed_address
from graphchannel.cli._printing import print_document, printing_options

if TYPE_CHECKING:
    from graphchannel.channel import Channel
    from graphchannel.cli._printing import Printing

GROUP = "findings"


@example("graphchannel partner P00172")
@click.command("partner")
@click.argument("party", metavar="ID")
@channel_options(rules=True, engine=True, as_of=True)
@printing_options(
    "findings",
    "certificates",
    "authorizations",
    "branches",
    "capabilities",
    "suppliers",
    "customers",
    "volumes",
)
@neo4j_url_option
@click.option(
    "--top",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    help="How many suppliers and customers to show.",
)
def command(
    *,
    party: str,
    channel: Channel,
    printing: Printing,
    neo4j_url: str | None,
    top: int,
) -> None:
    """Show one party: findings, credentials, partners, volumes.

    Suppliers and customers are listed with what they trade. With --engine the rules run there; all
    else is the workspace's.
    """
    from graphchannel.report.documents.partner import partner_document  # noqa: PLC0415 - not for help

    browser = parsed_address(neo4j_url)
    print_document(partner_document(channel.partner(party), top=top, browser=browser), printing)

"""`graphchannel partner`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from graphchannel.cli._help import example
from graphchannel.cli._neo4j import (
    engine_options,
    neo4j_url_option,
    opened_for_scan,
    parsed_address,
)
from graphchannel.cli._options import pack_option, workspace_option
from graphchannel.cli._printing import print_document, printing_options
from graphchannel.cli._scanning import (
    as_of_option,
    catalogue_of,
    rules_option,
)

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from graphchannel.cli._neo4j import ChosenEngine
    from graphchannel.cli._printing import Printing

GROUP = "findings"


@example("graphchannel partner P00172")
@click.command("partner")
@click.argument("party", metavar="ID")
@workspace_option
@pack_option
@rules_option
@engine_options
@as_of_option
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
    workspace: Path,
    pack: Path | None,
    rules: tuple[Path, ...],
    engine: ChosenEngine,
    as_of: date | None,
    printing: Printing,
    neo4j_url: str | None,
    top: int,
) -> None:
    """Show one party: findings, credentials, partners, volumes.

    Suppliers and customers are listed with what they trade. With --engine the rules run there; all
    else is the workspace's.
    """
    from graphchannel.findings import ScanOptions, scan  # noqa: PLC0415 - imports duckdb
    from graphchannel.findings.profile import profile  # noqa: PLC0415 - with it
    from graphchannel.lookup import last_day  # noqa: PLC0415 - with it
    from graphchannel.report.documents.partner import partner_document  # noqa: PLC0415 - not for --help

    browser = parsed_address(neo4j_url)
    catalogue = catalogue_of(pack, rules)
    with opened_for_scan(workspace, catalogue.policy, engine) as (opened, where):
        day = as_of or last_day(opened.connection)
        about = profile(opened.connection, party, day)
        result = scan(opened, catalogue, ScanOptions(as_of=day, partner=party), engine=where)
        findings = list(result.findings())
        document = partner_document(about, findings, day, top=top, browser=browser)
        print_document(document, printing)

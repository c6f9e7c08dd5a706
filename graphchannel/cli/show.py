"""`graphchannel show`."""

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
    day_range_options,
    rules_option,
)

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from graphchannel.cli._neo4j import ChosenEngine
    from graphchannel.cli._printing import Printing

GROUP = "findings"


@example("graphchannel show 23be13c1ffab")
@click.command("show")
@click.argument("fingerprint")
@workspace_option
@pack_option
@rules_option
@engine_options
@as_of_option
@day_range_options
@printing_options(
    "hops",
    "evidence",
    "subject_certificates",
    "subject_authorizations",
    "object_certificates",
    "object_authorizations",
)
@neo4j_url_option
def command(
    *,
    fingerprint: str,
    workspace: Path,
    pack: Path | None,
    rules: tuple[Path, ...],
    engine: ChosenEngine,
    as_of: date | None,
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
    from graphchannel.findings import ScanOptions, scan  # noqa: PLC0415 - imports duckdb
    from graphchannel.findings.credentials import dossier  # noqa: PLC0415 - not for --help
    from graphchannel.report.documents.finding import finding_document  # noqa: PLC0415 - not for --help

    browser = parsed_address(neo4j_url)
    catalogue = catalogue_of(pack, rules)
    options = ScanOptions(as_of=as_of, since=since, until=until)
    with opened_for_scan(workspace, catalogue.policy, engine) as (opened, where):
        result = scan(opened, catalogue, options, engine=where)
        finding = result.find(fingerprint)
        document = finding_document(
            finding,
            catalogue.rule(finding.rule),
            result.all_evidence(finding),
            dossier(opened.connection, finding),
            browser,
        )
        print_document(document, printing)

"""`graphchannel scan`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

import click

from graphchannel.cli._channel import channel_options
from graphchannel.cli._config import SEVERITIES, from_config
from graphchannel.cli._exit import Exit
from graphchannel.cli._help import example
from graphchannel.cli._neo4j import neo4j_url_option, parsed_address
from graphchannel.cli._options import SECONDS, day_range_options
from graphchannel.cli._printing import print_document, printing_options
from graphchannel.cli._rules import complete_rule, repeated_options
from graphchannel.cli._saying import echo
from graphchannel.text import listed

if TYPE_CHECKING:
    from datetime import date

    from graphchannel.channel import Channel
    from graphchannel.cli._printing import Printing
    from graphchannel.findings import ScanResult
    from graphchannel.neo4j.browser import BrowserAddress
    from graphchannel.policy import Severity
    from graphchannel.report.document import Document

GROUP = "findings"


@example(
    "graphchannel scan --as-of 2015-06-30",
    "graphchannel scan --rule 'supply/*' --severity high",
    "graphchannel scan --format xlsx --output findings.xlsx",
)
@click.command("scan")
@channel_options(rules=True, engine=True, as_of=True)
@day_range_options
@click.option(
    "--rule",
    "rule_globs",
    metavar="GLOB",
    multiple=True,
    shell_complete=complete_rule,
    help="Run these rules only.",
)
@click.option("--severity", type=click.Choice(SEVERITIES), help="Run rules at or above it only.")
@click.option("--partner", metavar="ID", help="Show findings about this party only.")
@click.option("--country", metavar="CODE", help="Show findings about this country only.")
@click.option("--product", metavar="ID", help="Count lines of this product only.")
@click.option(
    "--by",
    type=click.Choice(["subject"]),
    help="Sum the findings up by subject instead of listing them.",
)
@click.option("--show-waived", is_flag=True, help="Show waived findings, too.")
@click.option(
    "--baseline",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON report of an earlier scan: only findings that are new or have grown fail.",
)
@click.option(
    "--allow-policy-change",
    is_flag=True,
    help="Compare with the baseline although the policy or a rule was edited since.",
)
@click.option(
    "--allow-empty", is_flag=True, help="End with exit code 0 although nothing was judged."
)
@click.option(
    "--timeout",
    type=SECONDS,
    default=3600.0,
    show_default=True,
    help="Stop a rule after so many seconds; the others run.",
)
@printing_options("rules", "waivers", "findings", "evidence", has=("scan",))
@neo4j_url_option
@click.option(
    "--top",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    help="How many findings the table shows.",
)
@click.option(
    "--fail-on",
    type=click.Choice(SEVERITIES),
    default="low",
    show_default=True,
    callback=from_config("fail-on"),
    help="End with exit code 1 if a finding is at or above this severity.",
)
def command(
    *,
    channel: Channel,
    since: date | None,
    until: date | None,
    rule_globs: tuple[str, ...],
    severity: Severity | None,
    partner: str | None,
    country: str | None,
    product: str | None,
    by: str | None,
    show_waived: bool,
    baseline: Path | None,
    allow_policy_change: bool,
    allow_empty: bool,
    timeout: float,
    printing: Printing,
    neo4j_url: str | None,
    top: int,
    fail_on: str,
) -> None:
    """Run the rules and print the findings.

    Lines after the as-of day never count. Exit code: 0 nothing at or above --fail-on, 1 findings, 2
    a rule could not be run, nothing was judged, or the policy is not that of the baseline.
    """
    if by and printing.format in ("github", "sarif"):
        raise click.UsageError(f"--format {printing.format} lists findings; leave out --by.")
    browser = parsed_address(neo4j_url)
    with channel.scan(
        since=since,
        until=until,
        rules=rule_globs,
        severity=severity,
        partner=partner,
        country=country,
        product=product,
        baseline=baseline,
        timeout=timeout,
    ) as result:
        _notice(result, with_waivers=not printing.for_people or bool(by))
        document = _document(result, by=by, top=top, show_waived=show_waived, browser=browser)
        print_document(document, printing)
        allowed = _Allowed(empty=allow_empty, policy_change=allow_policy_change)
        sys.exit(_exit_code(result, cast("Severity", fail_on), allowed))


def _notice(result: ScanResult, *, with_waivers: bool) -> None:
    from graphchannel.findings.waivers import sentence  # noqa: PLC0415 - imports duckdb

    for notice in result.notices:
        echo(notice, err=True)
    for waiver in result.waivers if with_waivers else ():
        if said := sentence(waiver):
            echo(said, err=True)


def _document(
    result: ScanResult,
    *,
    by: str | None,
    top: int,
    show_waived: bool,
    browser: BrowserAddress | None,
) -> Document:
    from graphchannel.report.documents.scan import scan_document  # noqa: PLC0415 - imports duckdb
    from graphchannel.report.documents.subjects import by_subject_document  # noqa: PLC0415 - with it

    if by == "subject":
        return by_subject_document(result, top=top)
    return scan_document(
        result,
        top=top,
        show_waived=show_waived,
        show_options=repeated_options(click.get_current_context()),
        browser=browser,
    )


class _Allowed(NamedTuple):
    """What does not stop a gate."""

    empty: bool
    policy_change: bool


def _exit_code(result: ScanResult, fail_on: Severity, allowed: _Allowed) -> Exit:
    if result.failed:
        for outcome in result.outcomes:
            if outcome.status == "error":
                echo(f"graphchannel: {outcome.id}: {outcome.reason}", err=True)
        return Exit.FAILED
    if result.empty and not allowed.empty:
        echo(
            f"graphchannel: {result.empty} That says nothing of compliance; where it is meant, add "
            "--allow-empty.",
            err=True,
        )
        return Exit.FAILED
    if result.edits and not allowed.policy_change:
        echo(
            f"graphchannel: The baseline was judged otherwise ({listed(result.edits)}): what is "
            "gone may be gone for that alone. Write the baseline again, or add "
            "--allow-policy-change.",
            err=True,
        )
        return Exit.FAILED
    return Exit.FINDINGS if result.fails(fail_on) else Exit.CLEAN

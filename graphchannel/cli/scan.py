"""`graphchannel scan`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, cast

import click

from graphchannel.cli._config import SEVERITIES, from_config
from graphchannel.cli._exit import Exit
from graphchannel.cli._neo4j import (
    engine_options,
    neo4j_url_option,
    opened_for_scan,
    parsed_address,
)
from graphchannel.cli._options import format_option, output_option, pack_option, workspace_option
from graphchannel.cli._scanning import (
    as_of_option,
    catalogue_of,
    complete_rule,
    day_range_options,
    opened_output,
    repeated_options,
    rules_option,
)

if TYPE_CHECKING:
    from datetime import date

    from graphchannel.cli._neo4j import ChosenEngine
    from graphchannel.findings import ScanResult
    from graphchannel.neo4j.browser import BrowserAddress
    from graphchannel.policy import Severity


@click.command("scan")
@workspace_option
@pack_option
@rules_option
@engine_options
@as_of_option
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
    help="Sum the findings up by subject instead of listing them (tables only).",
)
@click.option("--show-waived", is_flag=True, help="Show waived findings, too.")
@click.option(
    "--baseline",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON report of an earlier scan: tell new, known and gone findings; only new ones fail.",
)
@format_option("table", "json", "csv", "sarif", "xlsx")
@output_option
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
    workspace: Path,
    pack: Path | None,
    rules: tuple[Path, ...],
    engine: ChosenEngine,
    as_of: date | None,
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
    format_: str,
    output: Path | None,
    neo4j_url: str | None,
    top: int,
    fail_on: str,
) -> None:
    """Judge the network by the policy: run the rules, print the findings.

    Lines after the as-of day never count. Exit code: 0 nothing at or above --fail-on, 1 findings, 2
    a rule could not be run.
    """
    from graphchannel.findings import ScanOptions, scan  # noqa: PLC0415 - imports duckdb
    from graphchannel.findings.baseline import read_baseline  # noqa: PLC0415 - with it

    if by and format_ != "table":
        raise click.UsageError("--by goes with --format table.")
    if format_ == "xlsx" and output is None:
        raise click.UsageError("--format xlsx goes with --output FILE.")
    browser = parsed_address(neo4j_url)
    catalogue = catalogue_of(pack, rules)
    chosen = catalogue.select(rule_globs, severity)
    options = ScanOptions(
        as_of=as_of,
        since=since,
        until=until,
        partner=partner,
        country=country,
        product=product,
        baseline=read_baseline(baseline) if baseline else None,
    )
    known = frozenset(rule.id for rule in catalogue.rules)
    with opened_for_scan(workspace, catalogue.policy, engine) as (opened, where):
        result = scan(opened, chosen, options, engine=where, known_rules=known)
        if as_of is None:
            click.echo(f"As of {result.as_of}, the last day with a shipment.", err=True)
        _notice(result, with_waivers=format_ != "table" or bool(by))
        if format_ == "xlsx":
            _write_workbook(result, cast("Path", output), show_waived=show_waived)
        else:
            with opened_output(output) as stream:
                _write(
                    result,
                    stream,
                    format_,
                    top=top,
                    by=by,
                    show_waived=show_waived,
                    browser=browser,
                )
        sys.exit(_exit_code(result, cast("Severity", fail_on)))


def _notice(result: ScanResult, *, with_waivers: bool) -> None:
    from graphchannel.findings.waivers import sentence  # noqa: PLC0415 - imports duckdb

    for notice in result.notices:
        click.echo(notice, err=True)
    for waiver in result.waivers if with_waivers else ():
        if said := sentence(waiver):
            click.echo(said, err=True)


def _write_workbook(result: ScanResult, output: Path, *, show_waived: bool) -> None:
    from graphchannel.report.xlsx_report import write_xlsx  # noqa: PLC0415 - one of several

    write_xlsx(result, output, show_waived=show_waived)


def _write(
    result: ScanResult,
    stream: TextIO,
    format_: str,
    *,
    top: int,
    by: str | None,
    show_waived: bool,
    browser: BrowserAddress | None,
) -> None:
    # Each format imports what it writes with, so that a scan pays only for one.
    if format_ == "json":
        from graphchannel.report.json_report import write_json  # noqa: PLC0415 - one of several

        write_json(result, stream, show_waived=show_waived, browser=browser)
    elif format_ == "csv":
        from graphchannel.report.csv_report import write_csv  # noqa: PLC0415 - one of several

        write_csv(result, stream, show_waived=show_waived)
    elif format_ == "sarif":
        from graphchannel.report.sarif_report import write_sarif  # noqa: PLC0415 - one of several

        write_sarif(result, stream)
    else:
        from graphchannel.report import table_report  # noqa: PLC0415 - one of several

        if by == "subject":
            table_report.write_by_subject(result, stream, top=top)
        else:
            table_report.write_table(
                result,
                stream,
                top=top,
                show_waived=show_waived,
                show_options=repeated_options(click.get_current_context()),
            )


def _exit_code(result: ScanResult, fail_on: Severity) -> Exit:
    if result.failed:
        for outcome in result.outcomes:
            if outcome.status == "error":
                click.echo(f"graphchannel: {outcome.id}: {outcome.reason}", err=True)
        return Exit.FAILED
    return Exit.FINDINGS if result.fails(fail_on) else Exit.CLEAN

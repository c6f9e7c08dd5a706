"""`graphchannel rules`: list, show and check rules."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from graphchannel.cli._exit import Exit
from graphchannel.cli._help import example
from graphchannel.cli._printing import print_document, printing_options
from graphchannel.cli._rules import catalogue_options, complete_rule
from graphchannel.cli._saying import echo
from graphchannel.errors import RuleError

if TYPE_CHECKING:
    from graphchannel.cli._printing import Printing
    from graphchannel.rules.catalogue import Catalogue, Rule

GROUP = "findings"


@example("graphchannel rules list")
@click.group("rules")
def command() -> None:
    """List, show and check the rules."""


@example("graphchannel rules list --format csv")
@command.command("list")
@catalogue_options(rules=True)
@printing_options()
def list_rules(*, catalogue: Catalogue, printing: Printing) -> None:
    """List the rules, worst severity first.

    Says what the policy changes about a rule.
    """
    from graphchannel.report.documents.rules import rules_document  # noqa: PLC0415 - not for --help

    print_document(rules_document(catalogue.rules), printing)
    for notice in catalogue.notices:
        echo(notice, err=True)


@example("graphchannel rules show supply/vap-supplies-tier-two")
@command.command("show")
@click.argument("rule_id", metavar="ID", shell_complete=complete_rule)
@catalogue_options(rules=True)
def show_rule(*, rule_id: str, catalogue: Catalogue) -> None:
    """Show one rule: what it looks for, why, and its query."""
    from graphchannel.report.documents.rules import policy_setting  # noqa: PLC0415 - not for --help

    rule = catalogue.rule(rule_id)
    header = rule.header
    if rule.problem:
        raise RuleError(rule.problem)
    echo(f"{rule.id}: {header.name}")
    echo(f"Severity {rule.severity}, section {header.section}, {rule.path}")
    if setting := policy_setting(rule):
        echo(f"The policy says: {setting}.")
    echo(f"Message: {header.message}")
    if header.analysis:
        echo(f"The rows of the query go through graphchannel.analysis.{header.analysis}.")
    if header.population:
        echo(f"Looks at: {header.population}")
    if header.why:
        echo(f"\n{header.why}")
    echo(f"\n{_query(rule)}")


@example("graphchannel rules check my-rules/")
@command.command("check")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@catalogue_options()
@printing_options()
def check(*, paths: tuple[Path, ...], catalogue: Catalogue, printing: Printing) -> None:
    """Check rule files: header, portable query, columns.

    Each runs once on an empty graph. PATHS are .cypher files or folders of them. Exit code 1 if a
    rule breaks the contract.
    """
    from graphchannel.report.documents.checks import checked_files_document  # noqa: PLC0415 - with it
    from graphchannel.rules.check import check_rules  # noqa: PLC0415 - imports duckdb

    results = [result for path in paths for result in check_rules(path, catalogue.policy)]
    print_document(checked_files_document(results), printing)
    if any(problem for _, problem in results):
        sys.exit(Exit.FINDINGS)


def _query(rule: Rule) -> str:
    lines = rule.text.splitlines()
    body = next((n for n, line in enumerate(lines) if not line.strip().startswith("//")), 0)
    return "\n".join(lines[body:]).strip()

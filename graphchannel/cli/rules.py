"""`graphchannel rules`: list, show and check rules."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from graphchannel.cli._exit import Exit
from graphchannel.cli._options import format_option, output_option, pack_option
from graphchannel.cli._scanning import catalogue_of, complete_rule, opened_output, rules_option
from graphchannel.errors import RuleError

if TYPE_CHECKING:
    from graphchannel.rules.catalogue import Rule


@click.group("rules")
def command() -> None:
    """List, show and check the rules."""


@command.command("list")
@pack_option
@rules_option
@format_option("table", "json", "csv")
@output_option
def list_rules(
    pack: Path | None, rules: tuple[Path, ...], format_: str, output: Path | None
) -> None:
    """List the rules, worst severity first; what the policy changes about one is said."""
    from graphchannel.report.rows import write_result  # noqa: PLC0415 - not for --help

    catalogue = catalogue_of(pack, rules)
    columns = ("id", "severity", "section", "name", "policy")
    rows = [
        (rule.id, rule.severity, rule.header.section, rule.header.name, _setting(rule))
        for rule in catalogue.rules
    ]
    with opened_output(output) as stream:
        write_result(columns, rows, stream, format_)
    for notice in catalogue.notices:
        click.echo(notice, err=True)


@command.command("show")
@click.argument("rule_id", metavar="ID", shell_complete=complete_rule)
@pack_option
@rules_option
def show_rule(rule_id: str, pack: Path | None, rules: tuple[Path, ...]) -> None:
    """Show one rule: what it looks for, why, and its query."""
    rule = catalogue_of(pack, rules).rule(rule_id)
    header = rule.header
    if rule.problem:
        raise RuleError(rule.problem)
    click.echo(f"{rule.id}: {header.name}")
    click.echo(f"Severity {rule.severity}, section {header.section}, {rule.path}")
    if setting := _setting(rule):
        click.echo(f"The policy says: {setting}.")
    click.echo(f"Message: {header.message}")
    if header.analysis:
        click.echo(f"The rows of the query go through graphchannel.{header.analysis}.")
    if header.population:
        click.echo(f"Looks at: {header.population}")
    if header.why:
        click.echo(f"\n{header.why}")
    click.echo(f"\n{_query(rule)}")


@command.command("check")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@pack_option
def check(paths: tuple[Path, ...], pack: Path | None) -> None:
    """Check rule files: header, portable query, columns; each runs once on an empty graph.

    PATHS are .cypher files or folders of them. Exit code 1 if a rule breaks the contract.
    """
    from graphchannel import resources  # noqa: PLC0415 - not for --help
    from graphchannel.policy import load_policy  # noqa: PLC0415 - not for --help
    from graphchannel.rules.check import check_rules  # noqa: PLC0415 - imports duckdb

    policy = load_policy(pack or resources.pack())
    results = [result for path in paths for result in check_rules(path, policy)]
    for name, problem in results:
        click.echo(_verdict(name, problem))
    if any(problem for _, problem in results):
        sys.exit(Exit.FINDINGS)


def _verdict(name: str, problem: str | None) -> str:
    """Say what is wrong with a file; problems name it in full, or by its last two parts."""
    if problem is None:
        return f"{name}: ok"
    for said in (name, "/".join(Path(name).parts[-2:])):
        if problem.startswith(said):
            return f"{name}{problem.removeprefix(said)}"
    return f"{name}: {problem}"


def _setting(rule: Rule) -> str:
    parts = [rule.problem] if rule.problem else []
    if not rule.enabled:
        parts.append("switched off")
    if rule.severity != rule.header.severity:
        parts.append(f"{rule.severity} instead of {rule.header.severity}")
    return ", ".join(parts)


def _query(rule: Rule) -> str:
    lines = rule.text.splitlines()
    body = next((n for n, line in enumerate(lines) if not line.strip().startswith("//")), 0)
    return "\n".join(lines[body:]).strip()

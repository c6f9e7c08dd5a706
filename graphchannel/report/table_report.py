"""The scan for people: a summary by rule, then the worst findings."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from graphchannel.findings.fingerprint import SHOWN
from graphchannel.findings.waivers import sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphchannel.findings import Finding, RuleOutcome, ScanResult
    from graphchannel.rules.catalogue import Rule

__all__ = ["console_for", "write_by_subject", "write_table"]

_WIDTH = 120  # where the stream is no terminal, so that a file looks the same everywhere
_STYLES = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "cyan", "info": "dim"}


def write_table(
    result: ScanResult,
    stream: TextIO,
    *,
    top: int,
    show_waived: bool = False,
    show_options: str = "",
) -> None:
    """Write what each rule found, the `top` worst findings, and what to know about waivers.

    `show_options` are what `graphchannel show` needs besides the fingerprint to find the same scan.
    """
    console = console_for(stream)
    policy = result.policy.title
    console.print(Text(f"Policy: {policy}. As of {result.as_of}. Engine: {result.engine}."))
    console.print(_summary(result))
    _totals(result, console)
    worst = result.worst(top, waived=show_waived)
    if worst:
        console.print()
        console.print(_findings(worst))
        command = f"graphchannel show {worst[0].fingerprint[:SHOWN]} {show_options}".rstrip()
        console.print(Text(f"All lines of a finding: {command}"))
    for gone in result.gone:
        console.print(Text(f"Gone since {_baseline(result)}: {gone.message}"))
    for waiver in result.waivers:
        if said := sentence(waiver):
            console.print(Text(said))


def write_by_subject(result: ScanResult, stream: TextIO, *, top: int) -> None:
    """Write the subjects with the worst findings: how many of each severity, how many lines."""
    console = console_for(stream)
    table = Table(title=None, show_edge=False, pad_edge=False)
    for name in ("Subject", "Id", "Kind"):
        table.add_column(name, overflow="fold")
    table.add_column("Findings")
    table.add_column("Lines", justify="right")
    for ref, severities, lines in result.by_subject()[:top]:
        counts = ", ".join(f"{count} {severity}" for severity, count in severities.items())
        table.add_row(Text(ref.name), Text(ref.id), ref.kind, counts, f"{lines:,}")
    console.print(table)


def console_for(stream: TextIO) -> Console:
    """Return a console that colours nothing but a terminal."""
    console = Console(file=stream, highlight=False, emoji=False)
    if not console.is_terminal:
        console = Console(
            file=stream, highlight=False, emoji=False, width=_WIDTH, no_color=True, soft_wrap=False
        )
    return console


def _summary(result: ScanResult) -> Table:
    table = Table(show_edge=False, pad_edge=False)
    table.add_column("Severity")
    table.add_column("Rule", no_wrap=True)
    table.add_column("Section")
    table.add_column("Findings", justify="right")
    table.add_column("Lines", justify="right")
    table.add_column("Population", justify="right")
    table.add_column("Status", overflow="fold")
    for outcome, rule in zip(result.outcomes, result.rules, strict=True):
        counted = outcome.status == "evaluated"
        table.add_row(
            Text(outcome.severity, _STYLES[outcome.severity]),
            Text(outcome.id),
            Text(outcome.section),
            f"{outcome.findings - outcome.waived:,}" if counted else "",
            f"{outcome.lines:,}" if counted and outcome.lines else "",
            f"{outcome.population:,}" if outcome.population is not None else "",
            Text(_status(outcome, rule)),
        )
    return table


def _status(outcome: RuleOutcome, rule: Rule) -> str:
    parts = []
    if outcome.status != "evaluated":
        word = outcome.status.replace("_", " ")
        parts.append(f"{word}: {outcome.reason}" if outcome.reason else word)
    if outcome.waived:
        parts.append(f"{outcome.waived:,} waived")
    if rule.severity != rule.header.severity:
        parts.append(f"{rule.header.severity} without this policy")
    return ", ".join(parts)


def _totals(result: ScanResult, console: Console) -> None:
    found, waived = result.count(), result.count(waived=True)
    parts = [f"{found:,} {'finding' if found == 1 else 'findings'}"]
    if waived:
        parts.append(f"{waived:,} waived")
    if result.baseline is not None:
        new = sum(1 for finding in result.findings(waived=False) if not finding.known)
        parts.append(f"{new:,} new since {_baseline(result)}, {len(result.gone):,} gone")
    console.print()
    console.print(Text(", ".join(parts) + "."))


def _findings(findings: Sequence[Finding]) -> Table:
    table = Table(show_edge=False, pad_edge=False)
    table.add_column("Severity")
    table.add_column("Finding", overflow="fold", ratio=1)
    table.add_column("Section")
    table.add_column("Days")
    table.add_column("Fingerprint", no_wrap=True)
    for finding in findings:
        days = f"{finding.first} to {finding.last}" if finding.first else ""
        message = f"{finding.message} (waived)" if finding.status == "waived" else finding.message
        table.add_row(
            Text(finding.severity, _STYLES[finding.severity]),
            Text(message),
            Text(finding.section),
            days,
            finding.fingerprint[:SHOWN],
        )
    return table


def _baseline(result: ScanResult) -> str:
    return result.baseline.name if result.baseline else "the baseline"

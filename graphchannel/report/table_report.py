"""The scan for people: a summary by rule, then the worst findings."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, TextIO

from rich.table import Table
from rich.text import Text

from graphchannel.findings.fingerprints import SHOWN
from graphchannel.findings.waivers import sentence
from graphchannel.report.console import console_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import Console

    from graphchannel.findings import Finding, RuleOutcome, ScanResult
    from graphchannel.findings.model import RuleStatus, SupplyPath

__all__ = ["write_by_subject", "write_table"]

_WIDE = 115  # columns from which on every column of the tables has room
_WORDS: Mapping[RuleStatus, str] = MappingProxyType(
    {"evaluated": "", "not_evaluated": "not evaluated", "off": "off", "error": "error"}
)
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
    _say(console, _headline(result))
    console.print(_summary(result, wide=console.width >= _WIDE))
    for sentence_ in _remarks(result):
        _say(console, sentence_)
    _totals(result, console)
    worst = result.worst(top, waived=show_waived)
    if worst:
        console.print()
        console.print(_findings(worst, wide=console.width >= _WIDE))
        command = f"graphchannel show {worst[0].fingerprint[:SHOWN]} {show_options}".rstrip()
        _say(console, f"All lines of a finding: {command}")
    for gone in result.gone:
        _say(console, f"Gone since {_baseline(result)}: {gone.message}")
    for waiver in result.waivers:
        if said := sentence(waiver):
            _say(console, said)


def write_by_subject(result: ScanResult, stream: TextIO, *, top: int) -> None:
    """Write the subjects with the worst findings: how many of each severity, how many lines.

    Rules that did not judge are told as in the table of rules.
    """
    console = console_for(stream)
    _say(console, _headline(result))
    subjects = result.by_subject()
    table = Table(title=None, show_edge=False, pad_edge=False)
    for name in ("Subject", "Id", "Kind"):
        table.add_column(name, overflow="fold")
    table.add_column("Findings")
    table.add_column("Lines", justify="right")
    for ref, severities, lines in subjects[:top]:
        counts = ", ".join(f"{count} {severity}" for severity, count in severities.items())
        table.add_row(Text(ref.name), Text(ref.id), ref.kind, counts, f"{lines:,}")
    if subjects:
        console.print(table)
    if (more := len(subjects) - top) > 0:
        _say(console, f"{more:,} more; --top shows more of them.")
    for sentence_ in _remarks(result):
        _say(console, sentence_)
    _totals(result, console)


def _headline(result: ScanResult) -> str:
    policy = result.policy.title
    return f"Policy: {policy}. As of {result.as_of}. Engine: {result.engine}."


def _say(console: Console, text: str) -> None:
    """Print a sentence on one line, however long, so that a command in it can be copied."""
    console.print(Text(text), soft_wrap=True)


def _summary(result: ScanResult, *, wide: bool) -> Table:
    """Make one row a rule; a narrow screen has no room for section and population."""
    table = Table(show_edge=False, pad_edge=False)
    table.add_column("Severity", no_wrap=True)
    table.add_column("Rule", overflow="fold", no_wrap=wide)
    if wide:
        table.add_column("Section", no_wrap=True)
    table.add_column("Findings", justify="right", no_wrap=True)
    table.add_column("Lines", justify="right", no_wrap=True)
    if wide:
        table.add_column("Population", justify="right", no_wrap=True)
    table.add_column("Status", no_wrap=True)
    for outcome in result.outcomes:
        counted = outcome.status == "evaluated"
        table.add_row(
            Text(outcome.severity, _STYLES[outcome.severity]),
            Text(outcome.id),
            *([Text(outcome.section)] if wide else []),
            f"{outcome.findings - outcome.waived:,}" if counted else "",
            f"{outcome.lines:,}" if counted and outcome.lines else "",
            *([_number(outcome.population)] if wide else []),
            _status(outcome),
        )
    return table


def _number(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def _status(outcome: RuleOutcome) -> str:
    if outcome.status != "evaluated":
        return _WORDS[outcome.status]
    return f"{outcome.waived:,} waived" if outcome.waived else ""


def _remarks(result: ScanResult) -> Iterator[str]:
    """Yield what the summary has no room for: reasons, and severities that the policy changes."""
    for outcome, rule in zip(result.outcomes, result.rules, strict=True):
        if outcome.status != "evaluated":
            word = _WORDS[outcome.status].capitalize()
            yield f"{word}: {outcome.id}: {outcome.reason}" if outcome.reason else word
        if rule.severity != rule.header.severity:
            yield (
                f"Changed: {rule.id}: {rule.severity} by the policy, {rule.header.severity} by "
                "the rule itself."
            )


def _totals(result: ScanResult, console: Console) -> None:
    found, waived = result.count(), result.count(waived=True)
    parts = [f"{found:,} {'finding' if found == 1 else 'findings'}"]
    if waived:
        parts.append(f"{waived:,} waived")
    if result.baseline is not None:
        new, gone = result.count(new=True), len(result.gone)
        parts.append(f"{new:,} new since {_baseline(result)}, {gone:,} gone")
    console.print()
    judged = sum(1 for outcome in result.outcomes if outcome.status == "evaluated")
    rules = f" {judged} of {len(result.outcomes)} rules evaluated."
    _say(console, f"{', '.join(parts)}.{rules if judged < len(result.outcomes) else ''}")


def _findings(findings: Sequence[Finding], *, wide: bool) -> Table:
    table = Table(show_edge=False, pad_edge=False)
    table.add_column("Severity", no_wrap=True)
    table.add_column("Finding", overflow="fold", ratio=1)
    if wide:
        table.add_column("Section", no_wrap=True)
    table.add_column("Days", no_wrap=True)
    table.add_column("Fingerprint", no_wrap=True)
    for finding in findings:
        message = f"{finding.message} (waived)" if finding.status == "waived" else finding.message
        if finding.path is not None:
            message = f"{message}\n{finding.path.route}\n{_how_sure(finding.path)}"
        table.add_row(
            Text(finding.severity, _STYLES[finding.severity]),
            Text(message),
            *([Text(finding.section)] if wide else []),
            _days(finding, "to " if wide else "to\n"),
            finding.fingerprint[:SHOWN],
        )
    return table


def _how_sure(path: SupplyPath) -> str:
    return f"{path.certainty}: {path.arrived}" if path.arrived else path.certainty


def _days(finding: Finding, to: str) -> str:
    if finding.first == finding.last:
        return f"{finding.first or ''}"
    return f"{finding.first} {to}{finding.last}"


def _baseline(result: ScanResult) -> str:
    return result.baseline.name if result.baseline else "the baseline"

"""What every document about a scan says of it in sentences."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from graphchannel.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphchannel.findings import ScanResult
    from graphchannel.findings.model import RuleStatus

__all__ = ["STATUS_WORDS", "headline", "rule_remarks", "totals"]

STATUS_WORDS: Mapping[RuleStatus, str] = MappingProxyType(
    {"evaluated": "", "not_evaluated": "not evaluated", "off": "off", "error": "error"}
)


def headline(result: ScanResult) -> str:
    """Say by which policy, on which day and on which engine was judged."""
    policy = result.policy.title
    return f"Policy: {policy}. As of {result.as_of}. Engine: {result.engine}."


def rule_remarks(result: ScanResult) -> Iterator[str]:
    """Yield what the summary has no room for: reasons, and severities that the policy changes."""
    for outcome, rule in zip(result.outcomes, result.rules, strict=True):
        if outcome.status != "evaluated":
            word = STATUS_WORDS[outcome.status].capitalize()
            yield f"{word}: {outcome.id}: {outcome.reason}" if outcome.reason else word
        if rule.severity != rule.header.severity:
            yield (
                f"Changed: {rule.id}: {rule.severity} by the policy, {rule.header.severity} by "
                "the rule itself."
            )


def totals(result: ScanResult) -> str:
    """Count the findings, and the rules if some of them did not judge."""
    found, waived = result.count(), result.count(waived=True)
    parts = [counted(found, "finding")]
    if waived:
        parts.append(f"{waived:,} waived")
    if result.baseline is not None:
        new, gone = result.count(new=True), len(result.gone)
        parts.append(f"{new:,} new since {result.baseline.name}, {gone:,} gone")
    judged = sum(1 for outcome in result.outcomes if outcome.status == "evaluated")
    rules = f" {judged} of {len(result.outcomes)} rules evaluated."
    return f"{', '.join(parts)}.{rules if judged < len(result.outcomes) else ''}"

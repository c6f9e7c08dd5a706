"""Two scans of one channel, with and without the changes: which findings appear and vanish."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphchannel.findings import Finding, RuleOutcome, ScanResult

__all__ = ["Altered", "FindingChanges", "RuleChange", "compare_scans"]


@dataclass(frozen=True, slots=True)
class Altered:
    """A finding that is open before and after, with another number of lines or severity."""

    before: Finding
    after: Finding


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A rule that is judged otherwise; None where there is no such rule.

    How it is reported: its severity if it is evaluated, else its status.
    """

    rule: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class FindingChanges:
    """What the second scan finds beside the first; waived findings are in neither.

    `unchanged` counts the findings that are the same in both.
    """

    appearing: tuple[Finding, ...]
    vanishing: tuple[Finding, ...]
    altered: tuple[Altered, ...]
    unchanged: int
    rules: tuple[RuleChange, ...]


def compare_scans(before: ScanResult, after: ScanResult) -> FindingChanges:
    """Compare by fingerprint; the two results are of different connections."""
    was, now = before.open_fingerprints(), after.open_fingerprints()
    kept = was.keys() & now.keys()
    altered = {fingerprint for fingerprint in kept if was[fingerprint] != now[fingerprint]}
    old = {finding.fingerprint: finding for finding in before.chosen(altered)}
    return FindingChanges(
        tuple(after.chosen(now.keys() - was.keys())),
        tuple(before.chosen(was.keys() - now.keys())),
        tuple(Altered(old[found.fingerprint], found) for found in after.chosen(altered)),
        len(kept) - len(altered),
        _rules(before, after),
    )


def _rules(before: ScanResult, after: ScanResult) -> tuple[RuleChange, ...]:
    was = {outcome.id: _standing(outcome) for outcome in before.outcomes}
    now = {outcome.id: _standing(outcome) for outcome in after.outcomes}
    return tuple(
        RuleChange(rule, was.get(rule), now.get(rule))
        for rule in sorted({*was, *now})
        if was.get(rule) != now.get(rule)
    )


def _standing(outcome: RuleOutcome) -> str:
    if outcome.status == "evaluated":
        return outcome.severity
    return f"{outcome.status.replace('_', ' ')}: {outcome.reason}"

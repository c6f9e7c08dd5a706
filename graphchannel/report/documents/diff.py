"""Two runs compared as a document: the findings that changed, and what caused it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from graphchannel.report.document import Column, Document, Section
from graphchannel.report.figures import Amounts, amount_text, plain
from graphchannel.runs.diff import CHANGED
from graphchannel.runs.kinds import KINDS, WORDS
from graphchannel.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphchannel.findings.change import FindingTally
    from graphchannel.runs.diff import FindingDiff, RunDiff
    from graphchannel.runs.evidence import Cause
    from graphchannel.runs.kinds import Kind

__all__ = ["diff_document"]

_FINDINGS: tuple[Column[FindingDiff], ...] = (
    Column("change", lambda one: one.change, head="Change"),
    Column("severity", lambda one: one.severity, "severity", "Severity"),
    Column("rule", lambda one: one.rule, "id", "Rule"),
    Column("subject", lambda one: one.subject, "id", "Subject"),
    Column("object", lambda one: one.object, "id", "Object", spare=True),
    Column("lines_before", lambda one: one.before.lines if one.before else None, "count", "Then"),
    Column("lines_after", lambda one: one.after.lines if one.after else None, "count", "Now"),
    Column("amount_before", lambda one: _amount(one.before), detail=True),
    Column("amount_after", lambda one: _amount(one.after), detail=True),
    Column(
        "causes",
        lambda one: "\n".join(visible(str(cause)) for cause in one.causes),
        "lines",
        head="Because of",
    ),
    Column("fingerprint", lambda one: one.fingerprint, "id", detail=True),
)
_CAUSES: tuple[Column[tuple[Kind, int]], ...] = (
    Column("cause", lambda row: WORDS[row[0]]),
    Column("findings", lambda row: row[1], "count"),
)


def diff_document(diff: RunDiff, *, top: int) -> Document:
    """Tell which findings changed from one run to another, and by what; people see the `top`."""
    return Document(
        headline=f"From {_name_of_run(diff, later=False)} to {_name_of_run(diff, later=True)}.",
        facts={
            "before": {"run": diff.before.number, "id": diff.before.id},
            "after": {"run": diff.after.number, "id": diff.after.id},
            "changes": dict(_counts(diff)),
            "unchanged": diff.unchanged,
        },
        sections=(
            Section("causes", "", _CAUSES, _by_cause(diff), empty=""),
            Section(
                "findings",
                "",
                _FINDINGS,
                diff.findings,
                tuple(_remarks(diff)),
                shown=top,
                more="--top shows more of them.",
                empty="",
                nested=_finding,
            ),
        ),
        main="findings",
    )


def _name_of_run(diff: RunDiff, *, later: bool) -> str:
    run = diff.after if later else diff.before
    return f"run {run.number} (as of {run.as_of}, load {run.load})"


def _amount(tally: FindingTally | None) -> Amounts | None:
    return Amounts(tally.amount) if tally else None


def _counts(diff: RunDiff) -> Iterator[tuple[str, int]]:
    found = Counter(one.change for one in diff.findings)
    for change in CHANGED:
        if change in found:
            yield change, found[change]


def _by_cause(diff: RunDiff) -> tuple[tuple[Kind, int], ...]:
    found = Counter(cause.kind for one in diff.findings for cause in one.causes)
    return tuple((kind, found[kind]) for kind in KINDS if kind in found)


def _remarks(diff: RunDiff) -> Iterator[str]:
    parts = [f"{count:,} {change}" for change, count in _counts(diff)] or ["Nothing changed"]
    yield f"{', '.join(parts)}, {diff.unchanged:,} unchanged."
    for rule, number in diff.unjudged:
        yield f"{rule} was not evaluated in run {number}."


def _finding(one: FindingDiff) -> dict[str, object]:
    return {
        "change": one.change,
        "severity": one.severity,
        "rule": one.rule,
        "subject": one.subject,
        "object": one.object,
        "before": _tally(one.before),
        "after": _tally(one.after),
        "causes": [_cause(cause) for cause in one.causes],
        "fingerprint": one.fingerprint,
    }


def _tally(tally: FindingTally | None) -> dict[str, object] | None:
    if tally is None:
        return None
    return {
        "lines": tally.lines,
        "quantity": tally.quantity,
        "amount": {name: amount_text(value) for name, value in tally.amount.items()},
        "last": plain(tally.last),
    }


def _cause(cause: Cause) -> dict[str, object]:
    return {
        "kind": cause.kind,
        "rows": list(cause.rows),
        "loads": list(cause.loads),
        "files": list(cause.files),
        "about": cause.about or None,
    }

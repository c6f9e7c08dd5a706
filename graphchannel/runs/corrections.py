"""Restatements: rows changed after the fact that made findings, or made them go.

Each whole run is compared with the one before it. What counts is a change of rows that had been
judged: lines corrected or withdrawn, certificates, territories, branches and master data changed, a
load taken back. New lines, waivers and edits of rules or policy restate nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from graphchannel.tabular import Tabular

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from graphchannel.runs.diff import FindingDiff, RunDiff
    from graphchannel.runs.evidence import Cause

__all__ = ["Corrections", "Restatement", "restatements"]

_RESTATING = frozenset(
    {"correction", "withdrawal", "certificate", "territory", "branch", "party", "record"}
)


@dataclass(frozen=True, slots=True)
class Restatement:
    """A finding that changed because rows were restated: by what, and when they were loaded, UTC.

    `before` and `after` are the numbers of the two runs.
    """

    before: int
    after: int
    finding: FindingDiff
    cause: Cause
    loaded_at: datetime | None


@dataclass(frozen=True, slots=True)
class Corrections(Tabular):
    """All restatements that changed findings, in the order of the runs."""

    columns: ClassVar[tuple[str, ...]] = (
        "before", "after", "change", "rule", "subject", "object", "kind", "rows", "loads", "files",
        "loaded_at", "fingerprint",
    )  # fmt: skip

    entries: tuple[Restatement, ...]

    def records(self) -> Iterator[Mapping[str, object]]:
        """Yield the restatements."""
        for one in self.entries:
            yield {
                "before": one.before,
                "after": one.after,
                "change": one.finding.change,
                "rule": one.finding.rule,
                "subject": one.finding.subject,
                "object": one.finding.object,
                "kind": one.cause.kind,
                "rows": list(one.cause.rows),
                "loads": list(one.cause.loads),
                "files": list(one.cause.files),
                "loaded_at": one.loaded_at,
                "fingerprint": one.finding.fingerprint,
            }


def restatements(diffs: Iterable[RunDiff], moments: Mapping[int, datetime]) -> Corrections:
    """Return what was restated between runs; `moments` are those of the loads."""
    return Corrections(
        tuple(
            Restatement(
                diff.before.number,
                diff.after.number,
                finding,
                cause,
                max((moments[load] for load in cause.loads if load in moments), default=None),
            )
            for diff in diffs
            for finding in diff.findings
            for cause in finding.causes
            if cause.kind in _RESTATING
        )
    )

"""The result of a scan, read from the temporary tables that it left in its session."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, cast

from graphchannel.closing import Closing
from graphchannel.errors import RuleError
from graphchannel.findings.change import FAILING
from graphchannel.findings.chosen import FindingReader, choose, evidence_rows, names
from graphchannel.findings.judged_by import policy_edits
from graphchannel.findings.records import COLUMNS, finding_record
from graphchannel.findings.stakes import Stake, rejected_lines, stakes
from graphchannel.findings.tables import CHOSEN, FINDING, RULE, ScanTables
from graphchannel.policy import SEVERITIES
from graphchannel.tabular import Tabular
from graphchannel.workspace import COPIED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from graphchannel.findings.change import Change
    from graphchannel.findings.kept_rows import KeptScan
    from graphchannel.findings.model import (
        Baseline,
        Finding,
        JudgedBy,
        KnownFinding,
        Ref,
        RuleOutcome,
        ScanOptions,
    )
    from graphchannel.findings.stakes import Stakes
    from graphchannel.findings.waiver_outcome import WaiverOutcome
    from graphchannel.findings.work import WorkState
    from graphchannel.policy import Policy, Severity
    from graphchannel.rules.catalogue import Rule
    from graphchannel.session import WorkspaceSession

__all__ = ["ScanResult", "SubjectFindings"]

_BY_SUBJECT = f"""
SELECT r.subject_kind, c.subject, min(r.rank) AS worst, list(r.rank),
       sum(c.lines)::BIGINT AS lines
FROM {CHOSEN} c JOIN {RULE} r ON r.number = c.rule
GROUP BY ALL ORDER BY worst, len(list(r.rank)) DESC, lines DESC, c.subject
"""
_BATCH = 20_000  # findings read at a time
_FAILING = f"(change IS NULL OR change IN {FAILING})"  # without a baseline, every finding


class SubjectFindings(NamedTuple):
    """A subject with its open findings by severity; `lines` counts one in each of them."""

    subject: Ref
    findings: Mapping[str, int]
    lines: int
    at_stake: Stake


@dataclass(frozen=True, slots=True)
class ScanResult(Tabular, Closing):
    """What a scan found; as a table it has a row for each finding.

    `outcomes` has one entry for each rule of `rules`, in the same order. `waivers` is empty when
    the scan was narrowed; `gone` are findings of the baseline that are there no more. `judged` says
    by what it judged; `empty` why it had nothing to judge, None where it had; `run` what went
    into the run that is kept of it, if one is; `work` what was done about findings. `kept` are the
    rows that it leaves to the next scan, None where none; `carried` the rules that took theirs over
    from the last: whole, or but for changed lines.

    Findings are read from the scan's own `session`, whatever else is scanned meanwhile; several
    threads may read. Once the workspace has changed or is closed, each method that reads raises
    ResultGone. Leaving the result as a context manager closes it; so does letting go of it.
    """

    columns: ClassVar[tuple[str, ...]] = COLUMNS

    session: WorkspaceSession
    as_of: date
    engine: str
    policy: Policy
    rules: tuple[Rule, ...]
    outcomes: tuple[RuleOutcome, ...]
    waivers: tuple[WaiverOutcome, ...]
    notices: tuple[str, ...]
    baseline: Baseline | None
    gone: tuple[KnownFinding, ...]
    judged: JudgedBy
    options: ScanOptions
    empty: str | None
    run: Mapping[str, object] | None = None
    work: Mapping[str, WorkState] = field(default_factory=dict)
    kept: KeptScan | None = field(default=None, repr=False)
    carried: Mapping[str, str] = field(default_factory=dict)

    @property
    def edits(self) -> tuple[str, ...]:
        """What was edited in policy and rules since the baseline, a phrase each."""
        return tuple(policy_edits(self.baseline.judged, self.judged)) if self.baseline else ()

    def close(self) -> None:
        """Free what the scan left in the database; harmless when done twice."""
        self.session.close()

    @property
    def failed(self) -> bool:
        """Whether a rule ended in an error."""
        return any(outcome.status == "error" for outcome in self.outcomes)

    def count(self, *, waived: bool = False) -> int:
        """Return the number of open findings, or of waived ones."""
        ((count,),) = self._rows(
            f"SELECT count(*) FROM {FINDING} WHERE waived = $waived", {"waived": waived}
        )
        return int(count)

    def changes(self) -> dict[Change, int]:
        """Count the open findings by how they stand to the baseline; empty without one."""
        rows = self._rows(
            f"""SELECT change, count(*) FROM {FINDING}
            WHERE NOT waived AND change IS NOT NULL GROUP BY change"""
        )
        return dict(rows)

    def fails(self, severity: Severity) -> bool:
        """Tell whether an open finding, with a baseline a new or grown one, is at or above it.

        A finding that was waived and is so no more counts as new.
        """
        rows = self._rows(
            f"""SELECT 1 FROM {FINDING} f JOIN {RULE} r ON r.number = f.rule
            WHERE NOT waived AND {_FAILING} AND r.rank <= $rank LIMIT 1""",
            {"rank": SEVERITIES.index(severity)},
        )
        return bool(rows)

    def findings(self, *, waived: bool = True) -> Iterator[Finding]:
        """Yield the findings in their one order; without the waived ones if `waived` is false."""
        condition = "true" if waived else "NOT waived"
        last = 0
        while batch := self._read(
            f"SELECT * FROM {FINDING} WHERE number > {last} AND {condition}"
            f" ORDER BY number LIMIT {_BATCH}"
        ):
            yield from batch
            last = batch[-1].number

    def records(self) -> Iterator[Mapping[str, object]]:
        """Yield the findings as flat rows, waived ones included (see their `status`)."""
        return map(finding_record, self.findings())

    def worst(self, top: int, *, waived: bool = False) -> list[Finding]:
        """Return the worst findings that fail a gate: by severity, those with most lines first."""
        condition = f"{_FAILING} AND ({'true' if waived else 'NOT waived'})"
        return self._read(
            f"""SELECT f.* FROM {FINDING} f JOIN {RULE} r ON r.number = f.rule
            WHERE {condition} ORDER BY r.rank, f.lines DESC, f.number LIMIT {int(top)}""",
            order=f"(SELECT rank FROM {RULE} r WHERE r.number = rule), lines DESC, number",
        )

    def open_fingerprints(self) -> dict[str, tuple[Severity, int]]:
        """Return the open findings by fingerprint, each with its severity and number of lines."""
        rows = self._rows(
            f"""SELECT f.fingerprint, r.rank, f.lines FROM {FINDING} f
            JOIN {RULE} r ON r.number = f.rule WHERE NOT waived"""
        )
        return {
            fingerprint: (cast("Severity", SEVERITIES[rank]), lines)
            for fingerprint, rank, lines in rows
        }

    def chosen(self, fingerprints: Iterable[str]) -> list[Finding]:
        """Return the findings with these fingerprints, in their one order."""
        return self._read(
            f"SELECT * FROM {FINDING} WHERE list_contains($chosen, fingerprint)",
            {"chosen": sorted(fingerprints)},
        )

    def find(self, prefix: str) -> Finding:
        """Return the finding whose fingerprint begins so.

        Raises RuleError unless there is just one.
        """
        found = self._read(
            f"SELECT * FROM {FINDING} WHERE starts_with(fingerprint, $prefix) LIMIT 2",
            {"prefix": prefix.lower()},
        )
        if len(found) == 1:
            return found[0]
        if found:
            raise RuleError(f"More than one finding begins with '{prefix}'; give more of it.")
        raise RuleError(
            f"No finding of this scan begins with '{prefix}'; see 'graphchannel scan' with the "
            "same --as-of."
        )

    def all_evidence(self, finding: Finding) -> list[dict[str, object]]:
        """Return every line of a finding by day and id, or every row of one over nodes."""
        with self._tables() as tables:
            choose(tables, f"SELECT * FROM {FINDING} WHERE number = {finding.number}")
            found = evidence_rows(tables, lines=finding.lines > 0)
        return found.get(finding.number, [])

    def evidence(self, most: int | None) -> dict[int, list[dict[str, object]]]:
        """Return by number rows of every finding, at most so many of one, as `all_evidence`."""
        with self._tables() as tables:
            choose(tables, f"FROM {FINDING}")
            nodes = evidence_rows(tables, lines=False, most=most)
            return nodes | evidence_rows(tables, lines=True, most=most)

    def stakes(self) -> Stakes:
        """Return what the open findings amount to, each line counted once."""
        with self._tables() as tables:
            return stakes(tables, cents=self.session.meta(COPIED) is not None)

    def rejected(self) -> Stake:
        """Return the lines that no rule saw, because they were rejected when they were loaded."""
        with self._tables() as tables:
            return rejected_lines(tables)

    def by_subject(self) -> list[SubjectFindings]:
        """Return each subject with its open findings, worst first."""
        at_stake = self.stakes().by_subject
        with self._tables() as tables:
            choose(tables, f"SELECT * FROM {FINDING} WHERE NOT waived")
            known = names(tables)
            rows = tables.rows(_BY_SUBJECT)
        return [
            SubjectFindings(
                known[hint, id_],
                {name: ranks.count(rank) for rank, name in enumerate(SEVERITIES) if rank in ranks},
                lines,
                at_stake.get((hint, id_), Stake()),
            )
            for hint, id_, _, ranks, lines in rows
        ]

    def _read(
        self, query: str, parameters: Mapping[str, object] | None = None, order: str = "number"
    ) -> list[Finding]:
        reader = FindingReader(self.rules, self.as_of, self.policy, self.work)
        with self._tables() as tables:
            choose(tables, query, parameters)
            return reader.read(tables, order)

    def _rows(
        self, query: str, parameters: Mapping[str, object] | None = None
    ) -> list[tuple[Any, ...]]:
        with self._tables() as tables:
            return tables.rows(query, parameters)

    @contextmanager
    def _tables(self) -> Iterator[ScanTables]:
        with self.session.reading() as connection:
            yield ScanTables(connection)

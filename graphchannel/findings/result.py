"""The result of a scan, read from the temporary tables that it left in its session."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

from graphchannel.errors import RuleError
from graphchannel.findings.message import fill
from graphchannel.findings.model import Finding, Ref
from graphchannel.findings.paths import witnesses
from graphchannel.findings.records import COLUMNS, finding_record
from graphchannel.policy import SEVERITIES
from graphchannel.tabular import Tabular

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date
    from types import TracebackType

    import duckdb

    from graphchannel.findings.model import Baseline, KnownFinding, RuleOutcome, WaiverOutcome
    from graphchannel.findings.paths import Witness
    from graphchannel.policy import Policy, Severity
    from graphchannel.rules.catalogue import Rule
    from graphchannel.session import Session

__all__ = ["ScanResult"]

_EVIDENCE = 5  # rows of evidence that a finding carries
_BATCH = 20_000  # findings read at a time
_COLUMNS = (
    "number, rule, subject, object, lines, quantity, amount, first, last, waived_lines, waived,"
    " fingerprint, known"
)
_SAME = """l.rule = c.rule AND l.subject = c.subject AND l.object IS NOT DISTINCT FROM c.object
        AND l.identity IS NOT DISTINCT FROM c.identity"""
_LINES = f"""
SELECT c.number, s.id AS shipment, s.shipped_on, s.product_id, s.quantity, s.amount, s.currency,
       s.document, l.extra
FROM scan_chosen c
JOIN scan_line l ON {_SAME}
JOIN main.shipments s ON s.id = l.shipment
WHERE l.counted
"""
_FIRST_LINES = f"""
WITH few AS (
    SELECT c.number,
           unnest(min({{'day': l.shipped_on, 'id': l.shipment, 'extra': l.extra}}, {_EVIDENCE}))
               AS line
    FROM scan_chosen c JOIN scan_line l ON {_SAME}
    WHERE l.counted GROUP BY c.number
)
SELECT number, s.id AS shipment, s.shipped_on, s.product_id, s.quantity, s.amount, s.currency,
       s.document, line.extra
FROM few JOIN main.shipments s ON s.id = line.id
ORDER BY number, s.shipped_on, s.id
"""
_NODES = f"""
SELECT c.number, unnest(list_slice(list(l.extra ORDER BY l.extra), 1, $few::BIGINT)) AS extra
FROM scan_chosen c JOIN scan_node l ON {_SAME}
WHERE l.extra IS NOT NULL
GROUP BY c.number
ORDER BY c.number, extra
"""
_NAMES = """
WITH wanted AS (
    SELECT DISTINCT r.subject_kind AS hint, c.subject AS id
    FROM scan_chosen c JOIN scan_rule r ON r.number = c.rule
    UNION
    SELECT DISTINCT r.object_kind, c.object
    FROM scan_chosen c JOIN scan_rule r ON r.number = c.rule WHERE c.object IS NOT NULL
), named AS (
    SELECT 0 AS place, 'party' AS kind, id, name FROM graph.party
    UNION ALL SELECT 1, 'region', id, name FROM graph.region
    UNION ALL SELECT 2, 'city', id, name FROM graph.city
    UNION ALL SELECT 3, 'role', id, name FROM graph.role
    UNION ALL SELECT 4, 'industry', id, name FROM graph.industry
    UNION ALL SELECT 5, 'product', id, name FROM graph.product
)
SELECT w.hint, w.id, coalesce(w.hint, arg_min(n.kind, n.place), 'unknown'),
       coalesce(arg_min(n.name, n.place), w.id)
FROM wanted w LEFT JOIN named n ON n.id = w.id AND (w.hint IS NULL OR n.kind = w.hint)
GROUP BY w.hint, w.id
"""


@dataclass(frozen=True, slots=True)
class ScanResult(Tabular):
    """What a scan found; as a table it has a row for each finding.

    `outcomes` has one entry for each rule of `rules`, in the same order. `waivers` is empty when
    the scan was narrowed; `gone` are findings of the baseline that are there no more.

    Findings are read from the scan's own `session`, whatever else is scanned meanwhile; several
    threads may read. Once the workspace has changed or is closed, each method that reads raises
    ResultGone. Leaving the result as a context manager closes it; so does letting go of it.
    """

    columns: ClassVar[tuple[str, ...]] = COLUMNS

    session: Session
    as_of: date
    engine: str
    policy: Policy
    rules: tuple[Rule, ...]
    outcomes: tuple[RuleOutcome, ...]
    waivers: tuple[WaiverOutcome, ...]
    notices: tuple[str, ...]
    baseline: Baseline | None
    gone: tuple[KnownFinding, ...]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Free what the scan left in the database; harmless when done twice."""
        self.session.close()

    @property
    def failed(self) -> bool:
        """Whether a rule ended in an error."""
        return any(outcome.status == "error" for outcome in self.outcomes)

    def count(self, *, waived: bool = False, new: bool = False) -> int:
        """Return the number of open findings, or of waived ones; if `new`, without known ones."""
        ((count,),) = self._rows(
            """SELECT count(*) FROM scan_finding
            WHERE waived = $waived AND (NOT $new OR known IS DISTINCT FROM true)""",
            {"waived": waived, "new": new},
        )
        return int(count)

    def fails(self, severity: Severity) -> bool:
        """Tell whether an open finding, a new one if there is a baseline, is at or above it."""
        rows = self._rows(
            """SELECT 1 FROM scan_finding f JOIN scan_rule r ON r.number = f.rule
            WHERE NOT waived AND known IS DISTINCT FROM true AND r.rank <= $rank LIMIT 1""",
            {"rank": SEVERITIES.index(severity)},
        )
        return bool(rows)

    def findings(self, *, waived: bool = True) -> Iterator[Finding]:
        """Yield the findings in their one order; without the waived ones if `waived` is false."""
        condition = "true" if waived else "NOT waived"
        last = 0
        while batch := self._read(
            f"SELECT * FROM scan_finding WHERE number > {last} AND {condition}"
            f" ORDER BY number LIMIT {_BATCH}"
        ):
            yield from batch
            last = batch[-1].number

    def records(self) -> Iterator[Mapping[str, object]]:
        """Yield the findings as flat rows, waived ones included (see their `status`)."""
        return map(finding_record, self.findings())

    def worst(self, top: int, *, waived: bool = False) -> list[Finding]:
        """Return the worst new findings: by severity, those with the most lines first."""
        condition = f"known IS DISTINCT FROM true AND ({'true' if waived else 'NOT waived'})"
        return self._read(
            f"""SELECT f.* FROM scan_finding f JOIN scan_rule r ON r.number = f.rule
            WHERE {condition} ORDER BY r.rank, f.lines DESC, f.number LIMIT {int(top)}""",
            order="(SELECT rank FROM scan_rule r WHERE r.number = rule), lines DESC, number",
        )

    def open_fingerprints(self) -> dict[str, tuple[Severity, int]]:
        """Return the open findings by fingerprint, each with its severity and number of lines."""
        rows = self._rows(
            """SELECT f.fingerprint, r.rank, f.lines FROM scan_finding f
            JOIN scan_rule r ON r.number = f.rule WHERE NOT waived"""
        )
        return {
            fingerprint: (cast("Severity", SEVERITIES[rank]), lines)
            for fingerprint, rank, lines in rows
        }

    def chosen(self, fingerprints: Iterable[str]) -> list[Finding]:
        """Return the findings with these fingerprints, in their one order."""
        return self._read(
            "SELECT * FROM scan_finding WHERE list_contains($chosen, fingerprint)",
            {"chosen": sorted(fingerprints)},
        )

    def find(self, prefix: str) -> Finding:
        """Return the finding whose fingerprint begins so; RuleError unless there is just one."""
        found = self._read(
            "SELECT * FROM scan_finding WHERE starts_with(fingerprint, $prefix) LIMIT 2",
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
        query = f"{_LINES} ORDER BY s.shipped_on, s.id"
        with self.session.reading() as connection:
            _choose(connection, f"SELECT * FROM scan_finding WHERE number = {finding.number}")
            lines = _evidence(connection, query if finding.lines else _NODES, few=None)
        return lines.get(finding.number, [])

    def by_subject(self) -> list[tuple[Ref, dict[str, int], int]]:
        """Return each subject with its open findings by severity and its lines, worst first."""
        with self.session.reading() as connection:
            _choose(connection, "SELECT * FROM scan_finding WHERE NOT waived")
            names = _names(connection)
            rows = connection.execute("""
                SELECT r.subject_kind, c.subject, min(r.rank) AS worst, list(r.rank),
                       sum(c.lines)::BIGINT AS lines
                FROM scan_chosen c JOIN scan_rule r ON r.number = c.rule
                GROUP BY ALL ORDER BY worst, len(list(r.rank)) DESC, lines DESC,
                c.subject""").fetchall()
        return [
            (
                names[hint, id_],
                {name: ranks.count(rank) for rank, name in enumerate(SEVERITIES) if rank in ranks},
                lines,
            )
            for hint, id_, _, ranks, lines in rows
        ]

    def _read(
        self, query: str, parameters: Mapping[str, object] | None = None, order: str = "number"
    ) -> list[Finding]:
        with self.session.reading() as connection:
            _choose(connection, query, parameters)
            rows = connection.execute(
                f"SELECT {_COLUMNS} FROM scan_chosen ORDER BY {order}"
            ).fetchall()
            if not rows:
                return []
            names = _names(connection)
            evidence = _evidence(connection, _FIRST_LINES)
            evidence |= _evidence(connection, _NODES, few=_EVIDENCE)
            paths = witnesses(connection, self.as_of, self.policy)
            kinds = {
                number: (subject, object_)
                for number, subject, object_ in connection.execute(
                    "SELECT number, subject_kind, object_kind FROM scan_rule"
                ).fetchall()
            }
        return [
            self._finding(row, kinds[row[1]], names, evidence.get(row[0], []), paths.get(row[0]))
            for row in rows
        ]

    def _rows(
        self, query: str, parameters: Mapping[str, object] | None = None
    ) -> list[tuple[Any, ...]]:
        with self.session.reading() as connection:
            return connection.execute(query, dict(parameters or {})).fetchall()

    def _finding(
        self,
        row: tuple[Any, ...],
        kinds: tuple[str | None, str | None],
        names: Mapping[tuple[str | None, str], Ref],
        evidence: list[dict[str, object]],
        witness: Witness | None,
    ) -> Finding:
        number, place, subject_id, object_id, lines, quantity, amounts, first, last, *rest = row
        waived_lines, waived, fingerprint, known = rest
        rule = self.rules[place]
        subject = names[kinds[0], subject_id]
        object_ = names[kinds[1], object_id] if object_id is not None else None
        told: Mapping[str, object] = evidence[0] if evidence else {}
        if witness is not None:
            evidence = list(witness.lines)
            route, certainty = witness.path.route, witness.path.certainty
            told = {**witness.evidence, "path": route, "certainty": certainty}
        values: dict[str, object] = {
            **told,
            "subject": subject.name,
            "object": object_.name if object_ else None,
            "lines": lines,
            "quantity": quantity,
            "first": first,
            "last": last,
        }
        return Finding(
            number=number,
            rule=rule.id,
            severity=rule.severity,
            section=rule.header.section,
            subject=subject,
            object=object_,
            identity={name: values.get(name) for name in rule.header.identity},
            lines=lines,
            quantity=quantity,
            amount={entry["currency"]: entry["amount"] for entry in amounts or ()},
            first=first,
            last=last,
            message=fill(rule.header.message, values),
            fingerprint=fingerprint,
            status="waived" if waived else "open",
            waived_lines=waived_lines,
            known=known,
            evidence=tuple(evidence),
            path=witness.path if witness else None,
        )


def _choose(
    connection: duckdb.DuckDBPyConnection,
    query: str,
    parameters: Mapping[str, object] | None = None,
) -> None:
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE scan_chosen AS {query}", dict(parameters or {})
    )


def _names(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str | None, str], Ref]:
    rows = connection.execute(_NAMES).fetchall()
    return {(hint, id_): Ref(kind, id_, name) for hint, id_, kind, name in rows}


def _evidence(
    connection: duckdb.DuckDBPyConnection, query: str, **parameters: object
) -> dict[int, list[dict[str, object]]]:
    result = connection.execute(query, parameters if "$few" in query else {})
    columns = [column[0] for column in result.description or ()]
    found: dict[int, list[dict[str, object]]] = {}
    for row in result.fetchall():
        values = dict(zip(columns, row, strict=True))
        extra = values.pop("extra")
        number = values.pop("number")
        found.setdefault(number, []).append(values | (json.loads(extra) if extra else {}))
    return found

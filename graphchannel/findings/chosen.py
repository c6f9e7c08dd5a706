"""Findings chosen from those of a scan, read in full: their names, their evidence, their paths."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from graphchannel.findings.change import FindingTally
from graphchannel.findings.message import fill
from graphchannel.findings.model import Finding, Ref
from graphchannel.findings.paths import shown_paths
from graphchannel.findings.tables import CHOSEN, LINE, NODE, RULE, SAME_FINDING
from graphchannel.findings.twins import twins

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from graphchannel.findings.paths import ShownPath
    from graphchannel.findings.tables import ScanTables
    from graphchannel.findings.work import WorkState
    from graphchannel.policy import Policy
    from graphchannel.rules.catalogue import Rule

__all__ = ["FindingReader", "choose", "evidence_rows", "names"]

_EVIDENCE = 5  # rows of evidence that a finding carries
_COLUMNS = (
    "number, rule, subject, object, lines, quantity, amount, first, last, waived_lines,"
    " waived_units, waived, fingerprint, line_set, change, known_lines, known_amount,"
    " first_seen, open_since"
)
_SAME = SAME_FINDING.format("l", "c")
_LINES = f"""
SELECT c.number, s.id AS shipment, s.shipped_on, s.product_id, s.quantity, s.amount, s.currency,
       s.document, l.extra
FROM {CHOSEN} c
JOIN {LINE} l ON {_SAME}
JOIN main.shipments s ON s.id = l.shipment
WHERE l.counted
"""
_FIRST_LINES = f"""
WITH few AS (
    SELECT c.number,
           unnest(min({{'day': l.shipped_on, 'id': l.shipment, 'extra': l.extra}}, {_EVIDENCE}))
               AS line
    FROM {CHOSEN} c JOIN {LINE} l ON {_SAME}
    WHERE l.counted GROUP BY c.number
)
SELECT number, s.id AS shipment, s.shipped_on, s.product_id, s.quantity, s.amount, s.currency,
       s.document, line.extra
FROM few JOIN main.shipments s ON s.id = line.id
ORDER BY number, s.shipped_on, s.id
"""
_NODES = f"""
SELECT c.number, unnest(list_slice(list(l.extra ORDER BY l.extra), 1, $few::BIGINT)) AS extra
FROM {CHOSEN} c JOIN {NODE} l ON {_SAME}
WHERE l.extra IS NOT NULL
GROUP BY c.number
ORDER BY c.number, extra
"""
_NAMES = f"""
WITH wanted AS (
    SELECT DISTINCT r.subject_kind AS hint, c.subject AS id
    FROM {CHOSEN} c JOIN {RULE} r ON r.number = c.rule
    UNION
    SELECT DISTINCT r.object_kind, c.object
    FROM {CHOSEN} c JOIN {RULE} r ON r.number = c.rule WHERE c.object IS NOT NULL
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
class FindingReader:
    """Reads chosen findings; `rules` are those of the scan, in its order, `work` what was done."""

    rules: tuple[Rule, ...]
    as_of: date
    policy: Policy
    work: Mapping[str, WorkState]

    def read(self, tables: ScanTables, order: str = "number") -> list[Finding]:
        """Return the chosen findings, by an order over their columns."""
        rows = tables.rows(f"SELECT {_COLUMNS} FROM {CHOSEN} ORDER BY {order}")
        if not rows:
            return []
        known = names(tables)
        evidence = _found(tables, _FIRST_LINES) | _found(tables, _NODES, {"few": _EVIDENCE})
        paths = shown_paths(tables, self.as_of, self.policy)
        kinds = {
            number: (subject, object_)
            for number, subject, object_ in tables.rows(
                f"SELECT number, subject_kind, object_kind FROM {RULE}"
            )
        }
        shadows = twins(tables)
        found = [
            self._finding(row, kinds[row[1]], known, evidence.get(row[0], []), paths.get(row[0]))
            for row in rows
        ]
        return [
            replace(one, twins=shadows.get(one.number, ()), work=self.work.get(one.fingerprint))
            for one in found
        ]

    def _finding(
        self,
        row: tuple[Any, ...],
        kinds: tuple[str | None, str | None],
        names: Mapping[tuple[str | None, str], Ref],
        evidence: list[dict[str, object]],
        shown: ShownPath | None,
    ) -> Finding:
        number, place, subject_id, object_id, lines, quantity, amounts, first, last, *rest = row
        waived_lines, waived_units, waived, fingerprint, line_set, change, *rest = rest
        known_lines, known_amount, first_seen, open_since = rest
        rule = self.rules[place]
        subject = names[kinds[0], subject_id]
        object_ = names[kinds[1], object_id] if object_id is not None else None
        values = _values(evidence, shown) | {
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
            waived_units=waived_units,
            line_set=line_set,
            change=change,
            before=_before(known_lines, known_amount),
            first_seen=first_seen,
            open_since=open_since,
            days_open=(self.as_of - open_since).days,
            evidence=tuple(shown.lines if shown else evidence),
            path=shown.path if shown else None,
            unlisted=_unlisted(shown, quantity),
        )


def _unlisted(shown: ShownPath | None, quantity: int) -> int:
    """Return how many units a rule over paths counts beyond those of its finding's lines."""
    units = shown.evidence.get("units") if shown else None
    return max(0, units - quantity) if isinstance(units, int) else 0


def _before(lines: int | None, amount: str | None) -> FindingTally | None:
    """Return what the baseline says of a finding."""
    if lines is None:
        return None
    values = json.loads(amount or "{}")
    return FindingTally(lines, 0, {name: Decimal(value) for name, value in values.items()})


def _values(evidence: Sequence[Mapping[str, object]], shown: ShownPath | None) -> dict[str, object]:
    """Return what the rule's evidence gives the message: of the first row, or of the path."""
    if shown is None:
        return dict(evidence[0]) if evidence else {}
    path = {"path": shown.path.route, "certainty": shown.path.certainty}
    return {**shown.evidence, **path}


def choose(tables: ScanTables, query: str, parameters: Mapping[str, object] | None = None) -> None:
    """Let the findings that a query returns, whole rows, be those that are read next."""
    tables.refill(CHOSEN, query, parameters)


def names(tables: ScanTables) -> dict[tuple[str | None, str], Ref]:
    """Return the subjects and objects of the chosen findings, by the kind that the rule says."""
    return {(hint, id_): Ref(kind, id_, name) for hint, id_, kind, name in tables.rows(_NAMES)}


def evidence_rows(
    tables: ScanTables, *, lines: bool, most: int | None = None
) -> dict[int, list[dict[str, object]]]:
    """Return by number the lines of the chosen findings by day and id, or the rows of nodes.

    `most` is how many of each finding, None all.
    """
    if not lines:
        return _found(tables, _NODES, {"few": most})
    first = (
        f"QUALIFY row_number() OVER (PARTITION BY c.number ORDER BY s.shipped_on, s.id) <= {most:d}"
        if most is not None
        else ""
    )
    return _found(tables, f"{_LINES} {first} ORDER BY s.shipped_on, s.id")


def _found(
    tables: ScanTables, query: str, parameters: Mapping[str, object] | None = None
) -> dict[int, list[dict[str, object]]]:
    found: dict[int, list[dict[str, object]]] = {}
    for values in tables.records(query, parameters):
        extra = values.pop("extra")
        number = values.pop("number")
        found.setdefault(number, []).append(values | (json.loads(extra) if extra else {}))
    return found

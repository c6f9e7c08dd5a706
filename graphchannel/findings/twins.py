"""Findings that are the shadow of another: all their goods are counted in it, too, by another rule.

Two rules may see the same lines, such as direct sales that are forbidden by one and on a path that
another holds diverted. Two findings of the very same lines are each other's shadow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.findings.model import Twin
from graphchannel.findings.tables import CHOSEN, FINDING, LINE, RULE, SAME_FINDING

if TYPE_CHECKING:
    from graphchannel.findings.tables import ScanTables

__all__ = ["twins"]

_TWINS = f"""
WITH mine AS (
    SELECT DISTINCT c.number, c.rule, c.arriving, l.shipment
    FROM {CHOSEN} c JOIN {LINE} l ON {SAME_FINDING.format("l", "c")}
    WHERE l.counted AND l.arrives
), theirs AS (
    SELECT DISTINCT mine.number, mine.arriving, mine.shipment, l.rule, l.subject, l.object,
           l.identity
    FROM mine JOIN {LINE} l ON l.shipment = mine.shipment AND l.rule <> mine.rule
    WHERE l.counted AND l.arrives
), held AS (
    SELECT number, rule, subject, object, identity, count(*) AS lines
    FROM theirs GROUP BY number, rule, subject, object, identity, arriving
    HAVING count(*) = arriving
)
SELECT held.number, r.id, f.fingerprint, f.subject, f.arriving = held.lines
FROM held JOIN {FINDING} f ON {SAME_FINDING.format("f", "held")}
JOIN {RULE} r ON r.number = f.rule
ORDER BY held.number, f.arriving = held.lines DESC, f.number
"""


def twins(tables: ScanTables) -> dict[int, tuple[Twin, ...]]:
    """Return by number the findings that hold all goods of a chosen one, the same lines first."""
    found: dict[int, list[Twin]] = {}
    for number, *twin in tables.rows(_TWINS):
        found.setdefault(number, []).append(Twin(*twin))
    return {number: tuple(known) for number, known in found.items()}

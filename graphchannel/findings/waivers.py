"""Waivers: exceptions that somebody approved, for whole lines within an interval.

A waiver covers the lines of its rule and subject, of its object and product where it names them,
that were shipped from its first to its last day; a finding without lines it covers when the as-of
day lies in the interval, one over paths when it covers the lines on which the goods arrived. It may
name several rules, with blanks between them: two findings of the same lines then need one waiver. A
waiver with a `max_quantity` is refused: it covers nothing until quantities are booked against it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.findings.model import WaiverOutcome
from graphchannel.findings.tables import LINE, NODE, RULE, WAIVED, WAIVER

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from graphchannel.findings.model import WaiverStatus
    from graphchannel.findings.tables import ScanTables

__all__ = ["apply_waivers", "sentence", "waiver_outcomes"]

_WAIVERS = rf"""
SELECT row_number() OVER (ORDER BY w.rule, subject_id, object_id NULLS FIRST,
                                   product_id NULLS FIRST, valid_from) AS number,
       w.rule, subject_id, object_id, product_id, valid_from, valid_to, max_quantity, approver,
       reason, (SELECT list(r.number) FROM {RULE} r
                WHERE list_contains(regexp_split_to_array(trim(w.rule), '\s+'), r.id))
FROM main.waivers w
"""
_WAIVED_LINES = f"""
SELECT w.number, l.rule, l.subject, l.object, l.identity, l.shipment
FROM {LINE} l
JOIN {WAIVER} w ON w.subject_id = l.subject AND list_contains(w.rule_numbers, l.rule)
WHERE l.counted AND l.arrives AND w.max_quantity IS NULL
    AND (w.object_id IS NULL OR w.object_id = l.object)
    AND (w.product_id IS NULL OR w.product_id = l.product_id)
    AND l.shipped_on BETWEEN w.valid_from AND w.valid_to
"""
_WAIVED_NODES = f"""
SELECT DISTINCT w.number, n.rule, n.subject, n.object, n.identity, NULL
FROM {NODE} n
JOIN {WAIVER} w ON w.subject_id = n.subject AND list_contains(w.rule_numbers, n.rule)
WHERE w.max_quantity IS NULL AND w.product_id IS NULL
    AND (w.object_id IS NULL OR w.object_id = n.object)
    AND $as_of::DATE BETWEEN w.valid_from AND w.valid_to
"""
_OUTCOMES = f"""
SELECT w.rule, subject_id, object_id, product_id, valid_from, valid_to, approver, reason,
       max_quantity IS NOT NULL, coalesce(used.rows, 0) > 0, coalesce(used.lines, 0)
FROM {WAIVER} w
LEFT JOIN (
    SELECT waiver, count(*) AS rows, count(DISTINCT shipment) AS lines
    FROM {WAIVED} GROUP BY waiver
) used ON used.waiver = w.number
ORDER BY w.number
"""


def apply_waivers(tables: ScanTables, as_of: date) -> None:
    """Find which waiver covers which line, and which finding over nodes."""
    tables.fill(WAIVER, _WAIVERS)
    tables.fill(WAIVED, _WAIVED_LINES)
    tables.fill(WAIVED, _WAIVED_NODES, {"as_of": as_of})


def waiver_outcomes(
    tables: ScanTables,
    as_of: date,
    *,
    known: Collection[str],
    evaluated: Collection[str],
) -> tuple[WaiverOutcome, ...]:
    """Return what became of each waiver, in order of rule, subject, object.

    `known` are the ids of all rules, `evaluated` of those that ran in this scan. A waiver that
    names a rule that does not exist says so, whatever else it names.
    """
    outcomes = []
    for (
        rule,
        subject,
        object_,
        product,
        start,
        end,
        approver,
        reason,
        refused,
        hit,
        lines,
    ) in tables.rows(_OUTCOMES):
        named = set(rule.split())
        status: WaiverStatus
        if refused:
            status = "refused"
        elif not named <= set(known):
            status = "unknown_rule"
        elif not named & set(evaluated):
            status = "not_evaluated"
        elif end < as_of:
            status = "expired"
        else:
            status = "used" if hit else "unmatched"
        outcomes.append(
            WaiverOutcome(
                rule, subject, object_, product, start, end, approver, reason, status, lines
            )
        )
    return tuple(outcomes)


def sentence(waiver: WaiverOutcome) -> str | None:
    """Return a remark about a waiver; None for one that does what it is there for."""
    object_ = f" with {waiver.object}" if waiver.object else ""
    product = f", product {waiver.product}" if waiver.product else ""
    whom = f"{waiver.subject}{object_}{product}"
    about = f"The waiver of {waiver.rule} for {whom} (until {waiver.valid_to})"
    return {
        "unmatched": f"{about} matched nothing.",
        "expired": f"{about} has expired.",
        "unknown_rule": f"{about} names a rule that does not exist.",
        "refused": f"{about} is refused: it has a max_quantity, and nothing counts against it yet.",
    }.get(waiver.status)

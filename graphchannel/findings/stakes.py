"""The money at stake: what the lines of open findings amount to, each line counted once.

A line is at stake where goods of an open finding were counted on it (of a path, on its last hop),
and no waiver covers it there; of one that waivers cover in part, so is the share that they leave.
One that several rules find is one line: findings add up to more than what is at stake. Amounts of
several currencies are never added.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from graphchannel.findings.tables import FINDING, LINE, RULE, SAME_FINDING, STAKE, WAIVED
from graphchannel.text import NO_CURRENCY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphchannel.findings.tables import ScanTables

__all__ = ["Stake", "Stakes", "rejected_lines", "stakes"]

_CENT = Decimal("0.01")
# The share of the units that no waiver covers, to four decimals, downward; no float comes near it.
_SHARE = """
(((l.amount * 10000)::HUGEINT * (l.quantity - w.units)::HUGEINT) // l.quantity)::DECIMAL(22,0)
* 0.0001::DECIMAL(4,4)
"""
_LINES = f"""
SELECT f.number, f.rule, f.subject, l.shipment,
       CASE WHEN w.shipment IS NULL THEN l.amount ELSE {_SHARE} END,
       coalesce(l.currency, '{NO_CURRENCY}')
FROM {FINDING} f
JOIN {LINE} l ON {SAME_FINDING.format("l", "f")}
LEFT JOIN (SELECT rule, subject, object, identity, shipment, sum(units) AS units
           FROM {WAIVED} GROUP BY ALL) w
    ON {SAME_FINDING.format("w", "f")} AND w.shipment = l.shipment
WHERE l.counted AND l.arrives AND NOT f.waived AND coalesce(w.units < l.quantity, true)
"""
_SUMS = f"""
SELECT key, currency, count(*), count(amount), sum(amount)
FROM (SELECT {{key}} AS key, shipment, max(amount) AS amount, currency
      FROM {STAKE} s JOIN {RULE} r ON r.number = s.rule GROUP BY ALL)
GROUP BY key, currency ORDER BY key, currency
"""
_ADDED_UP = f"""
SELECT currency, sum(amount) FROM {STAKE} WHERE amount IS NOT NULL
GROUP BY currency ORDER BY currency
"""
_REPEATED = f"""
SELECT count(*) FROM (SELECT shipment FROM {STAKE} GROUP BY shipment HAVING count(*) > 1)
"""
# A correction that was rejected leaves the line as it was: that one is judged.
_REJECTED = f"""
SELECT coalesce(delivered ->> 'currency', '{NO_CURRENCY}') AS currency, count(*), count(amount),
       sum(amount)
FROM (SELECT delivered, TRY_CAST(delivered ->> 'amount' AS DECIMAL(18, 4)) AS amount
      FROM admin.rejects
      WHERE closed IS NULL AND "table" = 'shipments'
        AND coalesce(delivered ->> 'id' NOT IN (SELECT id FROM main.shipments), true))
GROUP BY currency ORDER BY currency
"""


@dataclass(frozen=True, slots=True)
class Stake:
    """Distinct lines and what they amount to by currency; `unpriced` lines state no amount."""

    lines: int = 0
    unpriced: int = 0
    amount: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stakes:
    """What is at stake in a scan: in all, by rule id, by severity's rank, by subject and its kind.

    `added_up` is what the amounts of the findings add up to, where `repeated` lines count more than
    once.
    """

    total: Stake
    by_rule: Mapping[str, Stake]
    by_rank: Mapping[int, Stake]
    by_subject: Mapping[tuple[str | None, str], Stake]
    added_up: Mapping[str, Decimal]
    repeated: int


def stakes(tables: ScanTables, *, cents: bool = False) -> Stakes:
    """Return what is at stake in the findings of a scan.

    Sums are exact, unless they are to be rounded to cents, because the lines' amounts were floats.
    """
    tables.refill(STAKE, _LINES)
    ((repeated,),) = tables.rows(_REPEATED)
    return Stakes(
        total=_summed(tables, "0", cents=cents).get(0, Stake()),
        by_rule=_summed(tables, "r.id", cents=cents),
        by_rank=_summed(tables, "r.rank", cents=cents),
        by_subject=_summed(tables, "{'kind': r.subject_kind, 'id': s.subject}", cents=cents),
        added_up={name: _sum(amount, cents=cents) for name, amount in tables.rows(_ADDED_UP)},
        repeated=repeated,
    )


def rejected_lines(tables: ScanTables) -> Stake:
    """Return the lines that were rejected and are not settled: no rule sees them.

    `unpriced` are those of which no amount could be read.
    """
    found = Stake()
    for currency, lines, priced, amount in tables.rows(_REJECTED):
        amounts = dict(found.amount) | ({currency: amount} if amount is not None else {})
        found = Stake(found.lines + lines, found.unpriced + lines - priced, amounts)
    return found


def _summed(tables: ScanTables, key: str, *, cents: bool) -> dict[Any, Stake]:
    """Return what is at stake by the value of an expression; a struct becomes a tuple."""
    found: dict[Any, Stake] = {}
    for value, currency, lines, priced, amount in tables.rows(_SUMS.format(key=key)):
        name = tuple(value.values()) if isinstance(value, dict) else value
        known = found.get(name, Stake())
        amounts = dict(known.amount)
        if amount is not None:
            amounts[currency] = _sum(amount, cents=cents)
        found[name] = Stake(known.lines + lines, known.unpriced + lines - priced, amounts)
    return found


def _sum(amount: Decimal, *, cents: bool) -> Decimal:
    return amount.quantize(_CENT) if cents else amount

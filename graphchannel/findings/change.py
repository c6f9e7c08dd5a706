"""How a finding stands to what an earlier scan knew of it, by its lines and its value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal

    from graphchannel.policy import Tolerance

__all__ = ["CHANGES", "FAILING", "Change", "FindingTally", "changed"]

Change = Literal["new", "grown", "reopened", "shrunk", "unchanged"]
CHANGES: tuple[Change, ...] = ("new", "grown", "reopened", "shrunk", "unchanged")
FAILING: tuple[Change, ...] = ("new", "grown", "reopened")  # what a gate does not let pass


@dataclass(frozen=True, slots=True)
class FindingTally:
    """What is counted of a finding: `amount` by currency, `last` the day of its last line.

    `line_set` is a number made of the ids of its lines, the same for the same lines.
    """

    lines: int
    quantity: int
    amount: Mapping[str, Decimal] = field(default_factory=dict)
    last: date | None = None
    line_set: int | None = None


def changed(before: FindingTally, now: FindingTally, tolerance: Tolerance) -> Change:
    """Tell whether a finding has grown beyond the tolerance, has shrunk, or is as it was.

    Lines that took the place of others are new lines: as many, but not the same, is grown.
    """
    if now == before:
        return "unchanged"
    if _has_grown(before, now, tolerance):
        return "grown"
    less = (
        now.lines < before.lines
        or now.quantity < before.quantity
        or any(now.amount.get(currency, 0) < value for currency, value in before.amount.items())
    )
    return "shrunk" if less else "unchanged"


def _has_grown(before: FindingTally, now: FindingTally, tolerance: Tolerance) -> bool:
    if now.lines > before.lines + tolerance.lines:
        return True
    if not tolerance.lines and now.lines and _has_other_lines(before, now):
        return True
    share = tolerance.value
    if now.quantity - before.quantity > share * before.quantity:
        return True
    return any(
        float(value - before.amount.get(currency, 0))
        > share * abs(float(before.amount.get(currency, 0)))
        for currency, value in now.amount.items()
    )


def _has_other_lines(before: FindingTally, now: FindingTally) -> bool:
    """Tell whether there is surely a line that was not there: by its day or by the count."""
    if now.last is not None and before.last is not None and now.last > before.last:
        return True
    return now.lines == before.lines and now.line_set != before.line_set

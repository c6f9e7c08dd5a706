"""Waivers with a cap: their lines in shipping order, until the cap is used up.

A cap is on units, on value in one currency, or on both. What goes beyond fires: of the line on
which a cap runs out so many whole units are waived as fit, and the rest of it is not, nor is any
line after it. A line counts once against a waiver, also where several of its rules find it; units
that another waiver covers, without a cap or of a lower number, count against none. A line without
an amount in the currency of a cap cannot be counted against it: it is not covered and uses nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from decimal import Decimal

__all__ = ["CapUse", "CappedLine", "WaivedShare", "shares"]

FindingKey = tuple[int, str, str | None, str | None]  # rule, subject, object, identity


@dataclass(frozen=True, slots=True)
class CappedLine:
    """A line of a finding that a capped waiver may cover; `counted` tells if the scan counts it.

    `cap` and `value_cap` are None where there is none; `amount` is in the currency of the cap, None
    where the line has none in it.
    """

    waiver: int
    cap: int | None
    value_cap: Decimal | None
    finding: FindingKey
    shipment: str
    quantity: int
    amount: Decimal | None
    counted: bool


@dataclass(frozen=True, slots=True)
class WaivedShare:
    """The units of a line of a finding that a waiver covers."""

    line: CappedLine
    units: int


@dataclass(slots=True)
class CapUse:
    """What is used of a cap: units, their value, and how many lines that count go beyond it."""

    units: int = 0
    value: Fraction = Fraction(0)
    beyond: int = 0
    full: bool = False


def shares(lines: Iterable[CappedLine]) -> tuple[list[WaivedShare], dict[int, CapUse]]:
    """Return which units are covered, and what is used of each cap, by the waiver's number.

    `lines` come by waiver, then in shipping order, those of one shipment together.
    """
    found: list[WaivedShare] = []
    use: dict[int, CapUse] = {}
    covered: dict[tuple[FindingKey, str], int] = {}
    for waiver, of_waiver in groupby(lines, key=lambda line: line.waiver):
        use[waiver] = CapUse()
        for _, of_shipment in groupby(of_waiver, key=lambda line: line.shipment):
            found += _share(list(of_shipment), use[waiver], covered)
    return found, use


def _share(
    rows: list[CappedLine], use: CapUse, covered: dict[tuple[FindingKey, str], int]
) -> Iterator[WaivedShare]:
    """Yield what is covered of one shipment, in each finding that has it."""
    left = {row: row.quantity - covered.get((row.finding, row.shipment), 0) for row in rows}
    taken = _taken(rows[0], max(left.values()), use)
    use.beyond += any(row.counted and left[row] > taken for row in rows)
    for row in rows:
        units = min(taken, left[row])
        if units:
            key = row.finding, row.shipment
            covered[key] = covered.get(key, 0) + units
            if row.counted:
                yield WaivedShare(row, units)


def _taken(line: CappedLine, wanted: int, use: CapUse) -> int:
    """Return how many of the units fit, and use the caps up by them."""
    if use.full or (line.value_cap is not None and line.amount is None):
        return 0
    fits = wanted
    if line.cap is not None:
        fits = min(fits, line.cap - use.units)
    if line.value_cap is not None and line.amount:
        price = Fraction(line.amount) / line.quantity
        fits = min(fits, (Fraction(line.value_cap) - use.value) // price)
        use.value += fits * price
    use.units += fits
    use.full = fits < wanted
    return fits

"""What became of a waiver in a scan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

__all__ = ["WaiverOutcome", "WaiverStatus"]

WaiverStatus = Literal["used", "unmatched", "expired", "unknown_rule", "not_evaluated", "refused"]


@dataclass(frozen=True, slots=True)
class WaiverOutcome:
    """What became of a waiver; `lines` counts the lines that it covers in this scan.

    Of its cap `used_units` are used; `beyond` lines go beyond it. `unseen` are rules of a capped
    one that did not run: their lines could not be counted.
    """

    rule: str
    subject: str
    object: str | None
    product: str | None
    valid_from: date
    valid_to: date
    approver: str
    reason: str
    status: WaiverStatus
    lines: int
    max_quantity: int | None = None
    max_value: Decimal | None = None
    currency: str | None = None
    used_units: int = 0
    used_value: Decimal | None = None
    beyond: int = 0
    unseen: tuple[str, ...] = ()

    @property
    def capped(self) -> bool:
        """Whether it covers goods up to a cap alone."""
        return self.max_quantity is not None or self.max_value is not None

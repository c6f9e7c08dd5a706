"""What is asked about goods, and the paths that they are found to have taken, hop by hop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal, Self

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Ends", "Hop", "TraceQuestion", "Traced", "TracedPath"]

Ends = Literal["asked", "end_user", "vendor", "kept", "unknown", "max_hops"]
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class TraceQuestion:
    """What to follow: from a party, to a party, from one to the other, of a product, or a line.

    `max_hops` is the most hops of a path, `window` the most days between a hop and the next.
    """

    start: str | None = None
    end: str | None = None
    product: str | None = None
    line: str | None = None
    max_hops: int = 6
    window: int | None = None

    def goes_back(self, *, asked: bool) -> bool:
        """Tell whether goods are followed back: as `asked`, or to a party from anywhere."""
        return asked or (self.start is None and self.end is not None)


@dataclass(frozen=True, slots=True)
class Hop:
    """One line of a path; `breaks` tells that the policy does not allow it."""

    shipment: str
    seller: str
    buyer: str
    day: date
    quantity: int
    seller_role: str
    buyer_role: str
    breaks: bool

    @classmethod
    def of_row(cls, row: Sequence[Any]) -> Self:
        """Return the hop of a row with its fields; the `day` is the number of days since 1970."""
        shipment, seller, buyer, day, *others = row
        return cls(shipment, seller, buyer, _EPOCH + timedelta(days=day), *others)


@dataclass(frozen=True, slots=True)
class TracedPath:
    """A path that goods of one product can have taken, or, where `serials` name units, did go.

    `ends` says why it goes no further: `asked` for, an `end_user`, a `vendor` (from it, or back to
    it), `kept` (nobody reports that it was sold on), `unknown` (nobody reports where it came from),
    `max_hops`.
    """

    product: str
    hops: tuple[Hop, ...]
    ends: Ends
    serials: tuple[str, ...] = ()

    @property
    def parties(self) -> tuple[str, ...]:
        """The parties from first to last."""
        return (self.hops[0].seller, *(hop.buyer for hop in self.hops))

    @property
    def lines(self) -> tuple[str, ...]:
        """The ids of its lines, one for each hop."""
        return tuple(hop.shipment for hop in self.hops)

    @property
    def broken_at(self) -> int | None:
        """The number of the first hop, from 1, that breaks the policy."""
        return next((number for number, hop in enumerate(self.hops, 1) if hop.breaks), None)

    @property
    def units(self) -> int:
        """The most units that can have gone along these lines; with serials, how many did."""
        return len(self.serials) or min(hop.quantity for hop in self.hops)


@dataclass(frozen=True, slots=True)
class Traced:
    """The paths that are shown, and how many there are to other ends."""

    paths: tuple[TracedPath, ...]
    further: int

"""A shipment line that is planted: kept by the network, counted into the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date

__all__ = ["PlantedLine"]


class PlantedLine(NamedTuple):
    """A planted shipment line; `amount` in ten-thousandths of the currency's unit.

    `document` is None for an invoice of its own.
    """

    day: date
    seller: str
    buyer: str
    product: str
    quantity: int
    amount: int | None
    currency: str | None
    ship_to: str | None
    document: str | None = None

"""What loading derives for each shipment line, in columns beside those that were delivered."""

from __future__ import annotations

from graphchannel.schema.model import Kind, TableColumn

__all__ = ["DERIVED"]

_ROLE = "role of the {} on that day, the first in the policy's order; or uncertified"

DERIVED: tuple[TableColumn, ...] = (
    TableColumn("seller_role", Kind.STRING, _ROLE.format("seller"), required=True),
    TableColumn("buyer_role", Kind.STRING, _ROLE.format("buyer"), required=True),
    TableColumn(
        "flow",
        Kind.STRING,
        "direction of the line through the channel, from the two roles",
        required=True,
        choices=(
            "sell_in",
            "sell_through",
            "sell_out",
            "direct",
            "lateral",
            "upstream",
            "other",
        ),
    ),
    TableColumn(
        "destination_id",
        Kind.STRING,
        "city that the goods went to: the city of delivery, else the buyer's; empty: not known",
        references=("cities",),
    ),
)

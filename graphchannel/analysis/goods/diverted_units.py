"""Units that reached an end user over a hop that the policy forbids, proved by serial numbers."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pyarrow as pa

from graphchannel.analysis.contract import analysis
from graphchannel.analysis.goods.units import units_of_rows
from graphchannel.policy import END_USER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphchannel.analysis.contract import Projection
    from graphchannel.analysis.goods.model import Hop

__all__ = ["diverted"]

_NEEDS = ("seller", "buyer", "product", "serial", "day", "shipment", "seller_role", "buyer_role")
_SCHEMA = pa.schema(
    {
        "subject": pa.string(),
        "object": pa.string(),
        "path": pa.list_(pa.string()),
        "shipments": pa.list_(pa.string()),
        "broken_at": pa.int64(),
        "certainty": pa.string(),
        "product": pa.string(),
        "units": pa.int64(),
    }
)
# Only units with a forbidden hop are looked at hand-over by hand-over.
_UNITS = """
SELECT product, serial, shipment, seller, buyer,
       (day - DATE '1970-01-01')::INTEGER AS day, 1 AS quantity, seller_role, buyer_role,
       (seller_role, buyer_role) IN (
           SELECT (unnest($sellers::VARCHAR[]), unnest($buyers::VARCHAR[]))) AS breaks
FROM {relation}
QUALIFY bool_or(breaks) OVER (PARTITION BY product, serial)
ORDER BY product, serial, day, shipment
"""


@analysis(needs=_NEEDS, returns=tuple(_SCHEMA.names))
def diverted(projection: Projection) -> pa.Table:
    """Return the paths of units from where they are first named, over a forbidden hop, to the end.

    `units` counts those that a party diverted of a product, on whatever path.
    """
    forbidden = [s for s in projection.policy.supply if s.ruling == "forbidden"]
    pairs = {
        "sellers": [ruling.seller for ruling in forbidden],
        "buyers": [ruling.buyer for ruling in forbidden],
    }
    query = _UNITS.format(relation=projection.relation)
    rows = projection.connection.execute(query, pairs).fetchall()
    units: dict[tuple[str, str], set[str]] = defaultdict(set)
    paths: dict[tuple[tuple[str, ...], str], tuple[tuple[Hop, ...], int]] = {}
    for unit in units_of_rows(rows):
        for part in unit.parts:
            if broken := _diverted(part):
                path, at = broken
                units[path[at].seller, unit.product].add(unit.serial)
                paths[tuple(hop.shipment for hop in path), unit.product] = broken
    found = [
        (
            path[at].seller,
            None,
            [path[0].seller, *(hop.buyer for hop in path)],
            list(shipments),
            at + 1,
            "proved",
            product,
            len(units[path[at].seller, product]),
        )
        for (shipments, product), (path, at) in paths.items()
    ]
    columns = list(zip(*found, strict=True)) or [()] * len(_SCHEMA)
    return pa.table(list(map(list, columns)), schema=_SCHEMA)


def _diverted(hops: Sequence[Hop]) -> tuple[tuple[Hop, ...], int] | None:
    """Return the path to the first end user after a forbidden hop, and the place of that hop."""
    at = next((place for place, hop in enumerate(hops) if hop.breaks), None)
    if at is None:
        return None
    for place, hop in enumerate(hops[at:], at):
        if hop.buyer_role == END_USER:
            return tuple(hops[: place + 1]), at
    return None

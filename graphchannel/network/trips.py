"""Round trips: goods that came back to a party that they had left.

A round trip is a chain of hops (see `network.hops`) of one product that begins and ends at one
party and does not come by it in between. Only lines between parties that lie on a circle of the
channel, whatever the days, can be part of one: the others are left out first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.network import hops
from graphchannel.network.analysis import analysis
from graphchannel.policy import END_USER, VENDOR

if TYPE_CHECKING:
    import pyarrow as pa

    from graphchannel.network.analysis import Projection

__all__ = ["round_trips"]

_LINKS = f"""
CREATE OR REPLACE TEMP TABLE trip_link AS
SELECT DISTINCT seller, buyer, product FROM path_hop WHERE buyer_role <> '{END_USER}'"""

# A link between parties of which one is at an end of the channel lies on no circle.
_TRIM = """
DELETE FROM trip_link AS l
WHERE NOT EXISTS (FROM trip_link AS b WHERE b.product = l.product AND b.buyer = l.seller)
   OR NOT EXISTS (FROM trip_link AS a WHERE a.product = l.product AND a.seller = l.buyer)"""

_START = """
CREATE OR REPLACE TEMP TABLE trip_hop AS
SELECT h.* FROM path_hop AS h SEMI JOIN trip_link USING (seller, buyer, product);
CREATE OR REPLACE TEMP TABLE trip_reached AS
SELECT seller AS origin, *, 1 AS hop, NULL::VARCHAR AS before FROM trip_hop"""

# The latest arrival before a line decides, and of those on one day the first by its id.
_NEXT = f"""
INSERT INTO trip_reached
WITH arrival AS (
    SELECT origin, buyer, product, day, min(shipment) AS shipment FROM trip_reached
    WHERE hop = $hop AND buyer <> origin AND buyer_role <> '{VENDOR}' GROUP BY ALL),
candidate AS (
    SELECT a.origin, h.* FROM trip_hop AS h
    JOIN (SELECT DISTINCT origin, buyer, product FROM arrival) AS a
        ON a.buyer = h.seller AND a.product = h.product
    ANTI JOIN trip_reached AS r ON r.origin = a.origin AND r.shipment = h.shipment)
SELECT c.*, $hop + 1, a.shipment FROM candidate AS c
ASOF JOIN arrival AS a ON a.origin = c.origin AND a.buyer = c.seller
    AND a.product = c.product AND a.day <= c.day
WHERE c.day - a.day <= $window"""

_HOME = """
CREATE OR REPLACE TEMP TABLE trip_witness AS
SELECT origin, seller AS last, product, before, [seller, buyer] AS path, [shipment] AS shipments
FROM trip_reached WHERE buyer = origin"""

_EARLIER = """
CREATE OR REPLACE TEMP TABLE trip_witness AS
SELECT w.origin, w.last, w.product, r.before,
       if(r.shipment IS NULL, w.path, list_prepend(r.seller, w.path)) AS path,
       if(r.shipment IS NULL, w.shipments, list_prepend(r.shipment, w.shipments)) AS shipments
FROM trip_witness AS w
LEFT JOIN trip_reached AS r ON r.origin = w.origin AND r.shipment = w.before"""

# No more goods can have come back than came in with the last lines, and than left with the first.
_TRIPS = """
WITH ends AS (
    SELECT DISTINCT origin, last, product, unnest([shipments[1], shipments[-1]]) AS shipment,
           unnest([false, true]) AS home
    FROM trip_witness),
units AS (
    SELECT origin, last, e.product, sum(quantity) FILTER (home) AS back,
           sum(quantity) FILTER (NOT home) AS away
    FROM ends AS e JOIN trip_hop USING (shipment) GROUP BY ALL)
SELECT w.origin AS subject, w.last AS object, path, shipments, 'possible' AS certainty, w.product,
       least(u.back, u.away)::BIGINT AS units
FROM trip_witness AS w JOIN units AS u USING (origin, last, product)"""


@analysis(
    needs=hops.COLUMNS,
    returns=("subject", "object", "path", "shipments", "certainty", "product", "units"),
    uses=("window_days",),
)
def round_trips(projection: Projection) -> pa.Table:
    """Return, for each line with which goods came back, the shortest round trip that it ends."""
    connection = projection.connection
    window = hops.window_days(projection)

    def work(lines: str) -> pa.Table:
        hops.make_hops(connection, lines)
        connection.execute(_LINKS)
        _until_nothing_changes(projection, _TRIM, "trip_link")
        connection.execute(_START)
        hop, known = 0, 0
        while (found := hops.count_rows(connection, "trip_reached")) > known:
            hop, known = hop + 1, found
            connection.execute(_NEXT, {"hop": hop, "window": window})
        connection.execute(_HOME)
        while hops.count_rows(connection, "trip_witness WHERE before IS NOT NULL"):
            connection.execute(_EARLIER)
        return projection.table(_TRIPS)

    return hops.by_product(projection, work)


def _until_nothing_changes(projection: Projection, statement: str, table: str) -> None:
    before = -1
    while (rows := hops.count_rows(projection.connection, table)) != before:
        before = rows
        projection.connection.execute(statement)

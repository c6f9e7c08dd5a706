"""Round trips: goods that came back to a party that they had left.

A round trip is a chain of hops (see `goods.hops`) of one product that begins and ends at one
party and does not come by it in between. Only lines between parties that lie on a circle of the
channel, whatever the days, can be part of one: the others are left out first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.analysis.contract import analysis
from graphchannel.analysis.goods import hops
from graphchannel.analysis.goods.hops import HOP, ORIGIN_PART
from graphchannel.policy import END_USER, VENDOR

if TYPE_CHECKING:
    import pyarrow as pa

    from graphchannel.analysis.contract import Projection
    from graphchannel.analysis.goods.hops import Stay

__all__ = ["round_trips"]

_LINKS = f"""
CREATE OR REPLACE TEMP TABLE trip_link AS
SELECT DISTINCT seller, buyer, product FROM {HOP} WHERE buyer_role <> '{END_USER}'"""

# A link between parties of which one is at an end of the channel lies on no circle.
# (Made anew each time: of a table from which most is deleted, DuckDB takes as many to be there.)
_TRIM = """
CREATE OR REPLACE TEMP TABLE trip_link AS
FROM trip_link AS l
WHERE EXISTS (FROM trip_link AS b WHERE b.product = l.product AND b.buyer = l.seller)
  AND EXISTS (FROM trip_link AS a WHERE a.product = l.product AND a.seller = l.buyer)"""

# Of the lines of a day between two parties the first by its id stands for all.
_START = f"""
CREATE OR REPLACE TEMP TABLE trip_hop AS
SELECT h.* FROM {HOP} AS h SEMI JOIN trip_link USING (seller, buyer, product);
CREATE OR REPLACE TEMP TABLE trip_step AS
SELECT seller, buyer, product, day, bool_or(buyer_role = '{VENDOR}') AS over,
       min(shipment) AS shipment
FROM trip_hop GROUP BY seller, buyer, product, day"""

# How goods of an origin came to a party on a day first: with which line, and from which day there.
_FIRST = f"""
CREATE OR REPLACE TEMP TABLE trip_state AS
SELECT origin, buyer AS party, product, day, over, shipment, seller AS tail,
       NULL::DATE AS before
FROM trip_step JOIN {ORIGIN_PART} ON origin = seller AND part = $part
WHERE buyer <> origin"""

# The latest arrival before a line decides, and of those on one day the first by its id.
_NEXT = """
CREATE OR REPLACE TEMP TABLE trip_newest AS
WITH arrival AS (FROM trip_newest WHERE NOT over),
candidate AS (
    SELECT a.origin, k.* FROM trip_step AS k
    JOIN (SELECT DISTINCT origin, party, product FROM arrival) AS a
        ON a.party = k.seller AND a.product = k.product
    ANTI JOIN trip_state AS s ON s.origin = a.origin AND s.party = k.buyer
        AND s.product = k.product AND s.day = k.day
    WHERE k.buyer <> a.origin)
SELECT c.origin, c.buyer AS party, c.product, c.day, any_value(c.over) AS over,
       min(c.shipment) AS shipment, arg_min(c.seller, c.shipment) AS tail,
       arg_min(a.day, c.shipment) AS before
FROM candidate AS c
ASOF JOIN arrival AS a ON a.origin = c.origin AND a.party = c.seller
    AND a.product = c.product AND a.day <= c.day
WHERE {near}
GROUP BY c.origin, c.buyer, c.product, c.day"""

# Lines with which goods came back, each after the fewest hops, and the latest arrival before it.
_HOME = """
INSERT INTO trip_home
WITH arrival AS (FROM trip_newest WHERE NOT over),
candidate AS (
    SELECT a.origin, h.* FROM trip_hop AS h
    JOIN (SELECT DISTINCT origin, party, product FROM arrival) AS a
        ON a.party = h.seller AND a.product = h.product AND a.origin = h.buyer
    ANTI JOIN trip_home AS k ON k.origin = a.origin AND k.shipment = h.shipment)
SELECT c.origin, c.seller, c.product, c.shipment, a.day FROM candidate AS c
ASOF JOIN arrival AS a ON a.origin = c.origin AND a.party = c.seller
    AND a.product = c.product AND a.day <= c.day
WHERE {near}"""
_AT_ONCE = f"""
CREATE OR REPLACE TEMP TABLE trip_home AS
SELECT seller AS origin, seller AS last, product, shipment, NULL::DATE AS before
FROM trip_hop JOIN {ORIGIN_PART} ON origin = seller AND part = $part WHERE buyer = seller"""

_LAST_HOPS = """
CREATE OR REPLACE TEMP TABLE trip_path AS
SELECT origin, last, product, before, [last, origin] AS path, [shipment] AS shipments
FROM trip_home"""

_EARLIER = """
CREATE OR REPLACE TEMP TABLE trip_path AS
SELECT w.origin, w.last, w.product, s.before,
       if(s.shipment IS NULL, w.path, list_prepend(s.tail, w.path)) AS path,
       if(s.shipment IS NULL, w.shipments, list_prepend(s.shipment, w.shipments)) AS shipments
FROM trip_path AS w
LEFT JOIN trip_state AS s ON s.origin = w.origin AND s.party = w.path[1]
    AND s.product = w.product AND s.day = w.before"""

# No more goods can have come back than came in with the last lines, and than had left by then.
_TRIPS = """
WITH home AS (
    SELECT origin, last, e.product, sum(quantity) AS back, max(day) AS until
    FROM (SELECT DISTINCT origin, last, product, shipments[-1] AS shipment FROM trip_path) AS e
    JOIN trip_hop USING (shipment) GROUP BY ALL),
gone AS (
    SELECT seller, product, day,
           sum(sum(quantity)) OVER (PARTITION BY seller, product ORDER BY day) AS away
    FROM trip_hop GROUP BY seller, product, day),
units AS (
    SELECT origin, last, h.product, least(back, away)::BIGINT AS units
    FROM home AS h ASOF JOIN gone AS g
        ON g.seller = h.origin AND g.product = h.product AND h.until >= g.day)
SELECT w.origin AS subject, w.last AS object, path, shipments, 'possible' AS certainty, w.product,
       u.units
FROM trip_path AS w JOIN units AS u USING (origin, last, product)"""


@analysis(
    needs=hops.COLUMNS,
    returns=("subject", "object", "path", "shipments", "certainty", "product", "units"),
    uses=("window_days", "opening_stock"),
    reach="product",
)
def round_trips(projection: Projection) -> pa.Table:
    """Return, for each line with which goods came back, the shortest round trip that it ends."""
    import pyarrow as pa  # noqa: PLC0415 - only an analysis that runs needs it

    connection = projection.connection
    stay = hops.stay_of(projection)

    def work(lines: str) -> pa.Table:
        hops.make_hops(connection, lines, stay)
        connection.execute(_LINKS)
        _until_nothing_changes(projection, _TRIM, "trip_link")
        connection.execute(_START)
        parts = hops.origin_parts(connection, "trip_step")
        return pa.concat_tables(_trips(projection, part, stay) for part in parts)

    return hops.by_product(projection, work)


def _trips(projection: Projection, part: int, stay: Stay) -> pa.Table:
    """Return the round trips of some parties."""
    connection = projection.connection
    connection.execute(_AT_ONCE, {"part": part})
    connection.execute(_FIRST, {"part": part})
    connection.execute("CREATE OR REPLACE TEMP TABLE trip_newest AS FROM trip_state")
    near = stay.holds("c.seller", "c.product", "a.day", "c.day")
    onward = [statement.format(near=near) for statement in (_HOME, _NEXT)]
    hops.spread(connection, "trip_state", "trip_newest", onward)
    connection.execute(_LAST_HOPS)
    hops.repeat_while(connection, "trip_path WHERE before IS NOT NULL", _EARLIER)
    return projection.table(_TRIPS)


def _until_nothing_changes(projection: Projection, statement: str, table: str) -> None:
    before = -1
    while (rows := hops.count_rows(projection.connection, table)) != before:
        before = rows
        projection.connection.execute(statement)

"""The hops of supply paths: which lines hand goods on, and how one follows another.

Shipment lines come as a projection with the columns of `COLUMNS`. Goods go on from a line when its
buyer sells the same product, on the same day or later (the order within a day is unknown), and not
more than the policy's `window_days` after; that is all that lines without serial numbers tell.

Two kinds of line are no hop. What an end user sells: paths end there. And returns: lines up the
channel, or between parties of which one is in no tier (flow `upstream` or `other`), to a party that
had supplied the seller with that product by that day. What comes to the vendor does not go on
either: what it sells are other goods.

Work is done in sets of lines, some products at a time, and never by path: each line is reached once
from each origin, so the work grows with the lines and not with the paths. The tables are temporary
ones of the projection's connection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.engines import Source
from graphchannel.network.batches import in_batches
from graphchannel.policy import END_USER, VENDOR

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb
    import pyarrow as pa

    from graphchannel.network.analysis import Projection

__all__ = ["COLUMNS", "by_product", "follow", "make_hops", "window_days", "witnesses"]

COLUMNS = (
    "seller",
    "buyer",
    "shipment",
    "product",
    "day",
    "quantity",
    "seller_role",
    "buyer_role",
    "flow",
)

# Few lines can be returns, so first supplies are looked up for their pairs alone.
_HOPS = """
CREATE OR REPLACE TEMP TABLE path_return AS
WITH upward AS (
    SELECT shipment, seller, buyer, product, day FROM {lines} AS l
    WHERE flow IN ('upstream', 'other') AND seller_role <> '{end_user}'),
supplied AS (
    SELECT seller, buyer, product, min(day) AS since FROM {lines} AS l
    SEMI JOIN upward AS u ON u.seller = l.buyer AND u.buyer = l.seller AND u.product = l.product
    GROUP BY ALL)
SELECT u.shipment FROM upward AS u JOIN supplied AS s
    ON s.seller = u.buyer AND s.buyer = u.seller AND s.product = u.product AND s.since <= u.day;
CREATE OR REPLACE TEMP VIEW path_hop AS
SELECT {columns} FROM {lines} AS l ANTI JOIN path_return USING (shipment)
WHERE seller_role <> '{end_user}'"""

_START = """
CREATE OR REPLACE TEMP TABLE path_reached AS
SELECT seller AS origin, * FROM path_hop WHERE {starts};
CREATE OR REPLACE TEMP TABLE path_newest AS FROM path_reached"""

# The latest arrival before a line decides: if that one is too old, all are.
_NEXT = """
CREATE OR REPLACE TEMP TABLE path_newest AS
WITH arrival AS (
    SELECT DISTINCT origin, buyer, product, day FROM path_newest
    WHERE buyer_role NOT IN ('{end_user}', '{vendor}')),
candidate AS (
    SELECT a.origin, h.* FROM path_hop AS h
    JOIN (SELECT DISTINCT origin, buyer, product FROM arrival) AS a
        ON a.buyer = h.seller AND a.product = h.product
    ANTI JOIN path_reached AS r ON r.origin = a.origin AND r.shipment = h.shipment
    WHERE {going})
SELECT c.* FROM candidate AS c
ASOF JOIN arrival AS a ON a.origin = c.origin AND a.buyer = c.seller
    AND a.product = c.product AND a.day <= c.day
WHERE c.day - a.day <= $window"""

# Backwards from the end users, shortest first: `steps` hops are left, `next` is the one to take.
_LAST = """
CREATE OR REPLACE TEMP TABLE path_line AS
SELECT DISTINCT ON (shipment) * EXCLUDE (origin) FROM path_reached;
CREATE OR REPLACE TEMP TABLE path_onward AS
SELECT shipment, seller, product, day, 0 AS steps, NULL::VARCHAR AS next
FROM path_line WHERE buyer_role = '{end_user}'"""

# The earliest departure after a line decides, and of those on one day the first by its id.
_BEFORE = """
INSERT INTO path_onward
WITH departure AS (
    SELECT seller, product, day, min(shipment) AS shipment FROM path_onward
    WHERE steps = $steps GROUP BY ALL)
SELECT l.shipment, l.seller, l.product, l.day, $steps + 1, d.shipment
FROM (FROM path_line ANTI JOIN path_onward USING (shipment)) AS l
ASOF JOIN departure AS d
    ON d.seller = l.buyer AND d.product = l.product AND d.day >= l.day
WHERE d.day - l.day <= $window AND l.buyer_role <> '{vendor}'"""

_WITNESS = """
CREATE OR REPLACE TEMP TABLE path_witness AS
SELECT r.origin, r.shipment, o.next, [r.seller, r.buyer] AS path, [r.shipment] AS shipments
FROM path_reached AS r JOIN path_onward AS o USING (shipment)
WHERE r.origin = r.seller AND {starts}"""

_LONGER = """
CREATE OR REPLACE TEMP TABLE path_witness AS
SELECT w.origin, w.shipment, o.next,
       if(l.shipment IS NULL, w.path, list_append(w.path, l.buyer)) AS path,
       if(l.shipment IS NULL, w.shipments, list_append(w.shipments, l.shipment)) AS shipments
FROM path_witness AS w
LEFT JOIN path_line AS l ON l.shipment = w.next
LEFT JOIN path_onward AS o ON o.shipment = w.next"""


def by_product(projection: Projection, work: Callable[[str], pa.Table]) -> pa.Table:
    """Let `work` find the rows of some products' lines, a relation, and put them together."""
    import pyarrow as pa  # noqa: PLC0415 - only an analysis that runs needs it

    lines = Source(projection.relation, {})
    parts = in_batches(projection.connection, lines)
    return pa.concat_tables(work(part.relation) for (part,) in parts)


def window_days(projection: Projection) -> int:
    """Return the policy's `window_days`."""
    days = projection.parameters["window_days"]
    return days if isinstance(days, int) else 0  # null where a rule is only checked


def make_hops(connection: duckdb.DuckDBPyConnection, lines: str) -> None:
    """Make `path_hop` of a relation of lines: those that hand goods on."""
    columns = ", ".join(COLUMNS)
    connection.execute(_HOPS.format(lines=lines, columns=columns, end_user=END_USER))


def follow(
    connection: duckdb.DuckDBPyConnection, starts: str, window: int, going: str = "true"
) -> None:
    """Follow goods from the hops that meet the condition `starts`, over those that meet `going`.

    Makes `path_reached`: each hop once for each `origin`, the seller of a start; and `path_onward`:
    for each of them that leads to an end user, in how many further `steps`, and by which `next`
    line. The fewest steps count, then the earliest day, then the least id.
    """
    connection.execute(_START.format(starts=starts))
    while count_rows(connection, "path_newest"):
        step = _NEXT.format(end_user=END_USER, vendor=VENDOR, going=going)
        connection.execute(step, {"window": window})
        connection.execute("INSERT INTO path_reached FROM path_newest")
    connection.execute(_LAST.format(end_user=END_USER))
    steps, known = 0, 0
    while (found := count_rows(connection, "path_onward")) > known:
        connection.execute(_BEFORE.format(vendor=VENDOR), {"steps": steps, "window": window})
        steps, known = steps + 1, found


def witnesses(connection: duckdb.DuckDBPyConnection, starts: str) -> None:
    """Make `path_witness`: for each start that leads to an end user, its shortest path."""
    connection.execute(_WITNESS.format(starts=starts))
    while count_rows(connection, "path_witness WHERE next IS NOT NULL"):
        connection.execute(_LONGER)


def count_rows(connection: duckdb.DuckDBPyConnection, source: str) -> int:
    ((count,),) = connection.execute(f"SELECT count(*) FROM {source}").fetchall()
    return int(count)

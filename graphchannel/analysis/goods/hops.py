"""The hops of supply paths: which lines hand goods on, and how one follows another.

Shipment lines come as a projection with the columns of `COLUMNS`. Goods go on from a line when its
buyer sells the same product, on the same day or later (the order within a day is unknown), and not
more than the policy's `window_days` after; that is all that lines without serial numbers tell.

Two kinds of line are no hop. What an end user sells: paths end there. And returns: lines up the
channel, or between parties of which one is in no tier (flow `upstream` or `other`), to a party that
had supplied the seller with that product by that day. Between parties of which one is in no tier
only the one that was supplied first returns goods; else a single return would make one of every
later supply. What comes to the vendor does not go on either: what it sells are other goods.

Work is done in sets of lines, some products at a time, and never by path: each line is reached
once, so the work grows with the lines and not with the paths. Only what is asked of each origin by
itself grows with the origins, too, some of which are worked on at a time. The tables are temporary
ones of the projection's connection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.analysis.goods.batches import in_batches
from graphchannel.engines import Source
from graphchannel.policy import END_USER, VENDOR

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb
    import pyarrow as pa

    from graphchannel.analysis.contract import Projection

__all__ = [
    "COLUMNS",
    "arrivals",
    "by_product",
    "count_rows",
    "follow",
    "make_hops",
    "origin_parts",
    "window_days",
    "witnesses",
]

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
    SELECT shipment, seller, buyer, product, day, flow FROM {lines} AS l
    WHERE flow IN ('upstream', 'other') AND seller_role <> '{end_user}'),
pair AS (SELECT DISTINCT seller, buyer, product FROM upward
         UNION SELECT DISTINCT buyer, seller, product FROM upward),
supplied AS (
    SELECT seller, buyer, product, min(day) AS since
    FROM {lines} AS l SEMI JOIN pair USING (seller, buyer, product) GROUP BY ALL)
SELECT u.shipment FROM upward AS u
JOIN supplied AS own USING (seller, buyer, product)
JOIN supplied AS s
    ON s.seller = u.buyer AND s.buyer = u.seller AND s.product = u.product AND s.since <= u.day
WHERE u.flow = 'upstream' OR s.since <= own.since;
CREATE OR REPLACE TEMP VIEW path_hop AS
SELECT {columns} FROM {lines} AS l ANTI JOIN path_return USING (shipment)
WHERE seller_role <> '{end_user}'"""

_START = """
CREATE OR REPLACE TEMP TABLE path_line AS FROM path_hop WHERE {starts};
CREATE OR REPLACE TEMP TABLE path_newest AS FROM path_line"""

# The latest arrival before a line decides: if that one is too old, all are.
_NEXT = """
CREATE OR REPLACE TEMP TABLE path_newest AS
WITH arrival AS (
    SELECT DISTINCT buyer, product, day FROM path_newest
    WHERE buyer_role NOT IN ('{end_user}', '{vendor}')),
candidate AS (
    FROM path_hop AS h
    SEMI JOIN arrival AS a ON a.buyer = h.seller AND a.product = h.product
    ANTI JOIN path_line AS r ON r.shipment = h.shipment
    WHERE {going})
SELECT c.* FROM candidate AS c
ASOF JOIN arrival AS a ON a.buyer = c.seller AND a.product = c.product AND a.day <= c.day
WHERE c.day - a.day <= $window"""

# Backwards from the end users, shortest first: `steps` hops are left, `next` is the one to take.
_LAST = """
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
SELECT seller AS origin, shipment, o.next, [l.seller, buyer] AS path, [shipment] AS shipments
FROM path_line AS l JOIN (SELECT shipment, next FROM path_onward) AS o USING (shipment)
WHERE {starts}"""

_LONGER = """
CREATE OR REPLACE TEMP TABLE path_witness AS
SELECT w.origin, w.shipment, o.next,
       if(l.shipment IS NULL, w.path, list_append(w.path, l.buyer)) AS path,
       if(l.shipment IS NULL, w.shipments, list_append(w.shipments, l.shipment)) AS shipments
FROM path_witness AS w
LEFT JOIN path_line AS l ON l.shipment = w.next
LEFT JOIN path_onward AS o ON o.shipment = w.next"""

# What one origin reaches is told by day, for all lines of a day between two parties alike, and for
# all sales of a day to end users: lines may be many more.
_LINKS = """
CREATE OR REPLACE TEMP TABLE path_link AS
SELECT seller, if(buyer_role = '{end_user}', NULL, buyer) AS buyer, product, day,
       sum(quantity) AS units, sum(quantity) FILTER ({starts}) AS first
FROM path_line SEMI JOIN path_onward USING (shipment) GROUP BY ALL"""

_FIRST_STATES = """
CREATE OR REPLACE TEMP TABLE path_state AS
SELECT DISTINCT o.origin, buyer AS party, product, day
FROM path_link AS k JOIN origin_part AS o ON o.origin = k.seller AND o.part = $part
WHERE first IS NOT NULL AND buyer IS NOT NULL"""

_NEXT_STATES = """
CREATE OR REPLACE TEMP TABLE path_newest AS
WITH candidate AS (
    SELECT a.origin, k.* FROM path_link AS k
    JOIN (SELECT DISTINCT origin, party, product FROM path_newest) AS a
        ON a.party = k.seller AND a.product = k.product
    ANTI JOIN path_state AS s ON s.origin = a.origin AND s.party = k.buyer
        AND s.product = k.product AND s.day = k.day
    WHERE k.buyer IS NOT NULL)
SELECT DISTINCT c.origin, c.buyer AS party, c.product, c.day FROM candidate AS c
ASOF JOIN path_newest AS a ON a.origin = c.origin AND a.party = c.seller
    AND a.product = c.product AND a.day <= c.day
WHERE c.day - a.day <= $window"""

_ARRIVED = """
INSERT INTO path_arrived
WITH sale AS (FROM path_link WHERE buyer IS NULL),
reached AS (
    SELECT c.origin, c.seller, c.product, c.day, c.units
    FROM (SELECT a.origin, k.* FROM sale AS k
          JOIN (SELECT DISTINCT origin, party, product FROM path_state) AS a
            ON a.party = k.seller AND a.product = k.product) AS c
    ASOF JOIN path_state AS s ON s.origin = c.origin AND s.party = c.seller
        AND s.product = c.product AND s.day <= c.day
    WHERE c.day - s.day <= $window),
direct AS (
    SELECT o.origin, k.product, k.first AS units
    FROM sale AS k JOIN origin_part AS o ON o.origin = k.seller AND o.part = $part
    ANTI JOIN reached AS r ON r.origin = k.seller AND r.seller = k.seller
        AND r.product = k.product AND r.day = k.day
    WHERE first IS NOT NULL)
SELECT origin, product, sum(units) AS units
FROM (SELECT origin, product, units FROM reached UNION ALL FROM direct) GROUP BY ALL"""

# Origins that are worked on together meet each link of their products, and no more than so many.
_PAIRS = 10_000_000
_PARTS = """
CREATE OR REPLACE TEMP TABLE origin_part AS
WITH met AS (
    SELECT o.origin, sum(k.links) AS links
    FROM (SELECT DISTINCT seller AS origin, product FROM {links} WHERE {starts}) AS o
    JOIN (SELECT product, count(*) AS links FROM {links} GROUP BY product) AS k USING (product)
    GROUP BY o.origin)
SELECT origin, (sum(links) OVER (ORDER BY origin) // {pairs})::INTEGER AS part FROM met"""


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

    Makes `path_line`: each hop that is reached; and `path_onward`: for each of them that leads to
    an end user, in how many further `steps`, and by which `next` line. The fewest steps count, then
    the earliest day, then the least id.
    """
    connection.execute(_START.format(starts=starts))
    step = _NEXT.format(end_user=END_USER, vendor=VENDOR, going=going)
    while count_rows(connection, "path_newest"):
        connection.execute(step, {"window": window})
        connection.execute("INSERT INTO path_line FROM path_newest")
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


def arrivals(connection: duckdb.DuckDBPyConnection, starts: str, window: int) -> None:
    """Make `path_arrived`: how many `units` of a `product` can have come to end users.

    They are those on the sales to end users that the starts of a seller, `origin`, lead to.
    """
    connection.execute(_LINKS.format(end_user=END_USER, starts=starts))
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE path_arrived (origin VARCHAR, product VARCHAR, units HUGEINT)"
    )
    for part in origin_parts(connection, "path_link", "first IS NOT NULL"):
        connection.execute(_FIRST_STATES, {"part": part})
        connection.execute("CREATE OR REPLACE TEMP TABLE path_newest AS FROM path_state")
        while count_rows(connection, "path_newest"):
            connection.execute(_NEXT_STATES, {"window": window})
            connection.execute("INSERT INTO path_state FROM path_newest")
        connection.execute(_ARRIVED, {"part": part, "window": window})


def origin_parts(
    connection: duckdb.DuckDBPyConnection, links: str, starts: str = "true"
) -> list[int]:
    """Cut the sellers of links that meet `starts` into parts, the `part` in `origin_part`.

    There is one at least. What is kept for each seller and what it reaches is then bounded.
    """
    connection.execute(_PARTS.format(links=links, starts=starts, pairs=_PAIRS))
    parts = "SELECT DISTINCT part FROM origin_part ORDER BY part"
    return [part for (part,) in connection.execute(parts).fetchall()] or [0]


def count_rows(connection: duckdb.DuckDBPyConnection, source: str) -> int:
    """Return how many rows a table has, or how many meet a condition after it."""
    ((count,),) = connection.execute(f"SELECT count(*) FROM {source}").fetchall()
    return int(count)

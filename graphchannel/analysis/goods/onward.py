"""Goods followed on from some hops to end users: over which lines, by which path, how many units.

See `hops` for what follows a line. The tables are temporary ones of the projection's connection; a
statement elsewhere names them with the constants of this module.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.analysis.goods.hops import (
    HOP,
    ORIGIN_PART,
    count_rows,
    origin_parts,
    repeat_while,
    spread,
)
from graphchannel.policy import END_USER, VENDOR

if TYPE_CHECKING:
    import duckdb

    from graphchannel.analysis.goods.hops import Stay

__all__ = ["ARRIVED", "LINE", "PATH", "arrivals", "follow", "shortest_paths"]

LINE = "onward_line"  # each hop that is reached
# Of each start that leads to an end user the shortest path: `origin` its seller, `shipment` its
# line, `path` the parties, `shipments` the lines, `next` null once it is whole.
PATH = "onward_path"
ARRIVED = "onward_arrived"  # `units` of a `product` that can have come to end users from `origin`

_START = f"""
CREATE OR REPLACE TEMP TABLE {LINE} AS FROM {HOP} WHERE {{starts}};
CREATE OR REPLACE TEMP TABLE onward_newest AS FROM {LINE}"""

# The latest arrival before a line decides: if that one is gone, all are.
_NEXT = f"""
CREATE OR REPLACE TEMP TABLE onward_newest AS
WITH arrival AS (
    SELECT DISTINCT buyer, product, day FROM onward_newest
    WHERE buyer_role NOT IN ('{END_USER}', '{VENDOR}')),
candidate AS (
    FROM {HOP} AS h
    SEMI JOIN arrival AS a ON a.buyer = h.seller AND a.product = h.product
    ANTI JOIN {LINE} AS r ON r.shipment = h.shipment
    WHERE {{going}})
SELECT c.* FROM candidate AS c
ASOF JOIN arrival AS a ON a.buyer = c.seller AND a.product = c.product AND a.day <= c.day
WHERE {{near}}"""

# Backwards from the end users, shortest first: `steps` hops are left, `next` is the one to take.
_LAST = f"""
CREATE OR REPLACE TEMP TABLE onward_step AS
SELECT shipment, seller, product, day, 0 AS steps, NULL::VARCHAR AS next
FROM {LINE} WHERE buyer_role = '{END_USER}'"""

# The earliest departure after a line decides, and of those on one day the first by its id.
_BEFORE = f"""
INSERT INTO onward_step
WITH departure AS (
    SELECT seller, product, day, min(shipment) AS shipment FROM onward_step
    WHERE steps = $steps GROUP BY ALL)
SELECT l.shipment, l.seller, l.product, l.day, $steps + 1, d.shipment
FROM (FROM {LINE} ANTI JOIN onward_step USING (shipment)) AS l
ASOF JOIN departure AS d
    ON d.seller = l.buyer AND d.product = l.product AND d.day >= l.day
WHERE {{near}} AND l.buyer_role <> '{VENDOR}'"""

_FIRST_HOPS = f"""
CREATE OR REPLACE TEMP TABLE {PATH} AS
SELECT seller AS origin, shipment, o.next, [l.seller, buyer] AS path, [shipment] AS shipments
FROM {LINE} AS l JOIN (SELECT shipment, next FROM onward_step) AS o USING (shipment)
WHERE {{starts}}"""

_LONGER = f"""
CREATE OR REPLACE TEMP TABLE {PATH} AS
SELECT w.origin, w.shipment, o.next,
       if(l.shipment IS NULL, w.path, list_append(w.path, l.buyer)) AS path,
       if(l.shipment IS NULL, w.shipments, list_append(w.shipments, l.shipment)) AS shipments
FROM {PATH} AS w
LEFT JOIN {LINE} AS l ON l.shipment = w.next
LEFT JOIN onward_step AS o ON o.shipment = w.next"""

# What one origin reaches is told by day, for all lines of a day between two parties alike, and for
# all sales of a day to end users: lines may be many more.
_LINKS = f"""
CREATE OR REPLACE TEMP TABLE onward_link AS
SELECT seller, if(buyer_role = '{END_USER}', NULL, buyer) AS buyer, product, day,
       sum(quantity) AS units, sum(quantity) FILTER ({{starts}}) AS first
FROM {LINE} SEMI JOIN onward_step USING (shipment) GROUP BY ALL"""

_FIRST_STATES = f"""
CREATE OR REPLACE TEMP TABLE onward_state AS
SELECT DISTINCT o.origin, buyer AS party, product, day
FROM onward_link AS k JOIN {ORIGIN_PART} AS o ON o.origin = k.seller AND o.part = $part
WHERE first IS NOT NULL AND buyer IS NOT NULL"""

_NEXT_STATES = """
CREATE OR REPLACE TEMP TABLE onward_newest AS
WITH candidate AS (
    SELECT a.origin, k.* FROM onward_link AS k
    JOIN (SELECT DISTINCT origin, party, product FROM onward_newest) AS a
        ON a.party = k.seller AND a.product = k.product
    ANTI JOIN onward_state AS s ON s.origin = a.origin AND s.party = k.buyer
        AND s.product = k.product AND s.day = k.day
    WHERE k.buyer IS NOT NULL)
SELECT DISTINCT c.origin, c.buyer AS party, c.product, c.day FROM candidate AS c
ASOF JOIN onward_newest AS a ON a.origin = c.origin AND a.party = c.seller
    AND a.product = c.product AND a.day <= c.day
WHERE {near}"""

_ARRIVED = f"""
INSERT INTO {ARRIVED}
WITH sale AS (FROM onward_link WHERE buyer IS NULL),
reached AS (
    SELECT c.origin, c.seller, c.product, c.day, c.units
    FROM (SELECT a.origin, k.* FROM sale AS k
          JOIN (SELECT DISTINCT origin, party, product FROM onward_state) AS a
            ON a.party = k.seller AND a.product = k.product) AS c
    ASOF JOIN onward_state AS s ON s.origin = c.origin AND s.party = c.seller
        AND s.product = c.product AND s.day <= c.day
    WHERE {{near}}),
direct AS (
    SELECT o.origin, k.product, k.first AS units
    FROM sale AS k JOIN {ORIGIN_PART} AS o ON o.origin = k.seller AND o.part = $part
    ANTI JOIN reached AS r ON r.origin = k.seller AND r.seller = k.seller
        AND r.product = k.product AND r.day = k.day
    WHERE first IS NOT NULL)
SELECT origin, product, sum(units) AS units
FROM (SELECT origin, product, units FROM reached UNION ALL FROM direct) GROUP BY ALL"""


def follow(
    connection: duckdb.DuckDBPyConnection, starts: str, stay: Stay, going: str = "true"
) -> None:
    """Follow goods from the hops that meet the condition `starts`, over those that meet `going`.

    Each hop that is reached is then among the lines, and for each that leads to an end user it is
    known in how many further `steps`, and by which `next` line. The fewest steps count, then the
    earliest day, then the least id.
    """
    connection.execute(_START.format(starts=starts))
    near = stay.holds("c.seller", "c.product", "a.day", "c.day")
    spread(connection, LINE, "onward_newest", [_NEXT.format(going=going, near=near)])
    connection.execute(_LAST)
    before = _BEFORE.format(near=stay.holds("l.buyer", "l.product", "l.day", "d.day"))
    steps, known = 0, 0
    while (found := count_rows(connection, "onward_step")) > known:
        connection.execute(before, {"steps": steps})
        steps, known = steps + 1, found


def shortest_paths(connection: duckdb.DuckDBPyConnection, starts: str) -> None:
    """Make the shortest path of each start that leads to an end user."""
    connection.execute(_FIRST_HOPS.format(starts=starts))
    repeat_while(connection, f"{PATH} WHERE next IS NOT NULL", _LONGER)


def arrivals(connection: duckdb.DuckDBPyConnection, starts: str, stay: Stay) -> None:
    """Find how many units of a product can have come to end users.

    They are those on the sales to end users that the starts of a seller, `origin`, lead to.
    """
    connection.execute(_LINKS.format(starts=starts))
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {ARRIVED} (origin VARCHAR, product VARCHAR, units HUGEINT)"
    )
    onward = _NEXT_STATES.format(near=stay.holds("c.seller", "c.product", "a.day", "c.day"))
    arrived = _ARRIVED.format(near=stay.holds("c.seller", "c.product", "s.day", "c.day"))
    for part in origin_parts(connection, "onward_link", "first IS NOT NULL"):
        connection.execute(_FIRST_STATES, {"part": part})
        connection.execute("CREATE OR REPLACE TEMP TABLE onward_newest AS FROM onward_state")
        spread(connection, "onward_state", "onward_newest", [onward])
        connection.execute(arrived, {"part": part})

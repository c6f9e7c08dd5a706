"""What serial numbers give away: a unit handed over twice, with two owners, or from nowhere.

A unit is identified by product and serial number. Each analysis returns the lines that cannot be:
the later ones, with the earlier line that they contradict where there is one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.analysis.contract import analysis

if TYPE_CHECKING:
    import pyarrow as pa

    from graphchannel.analysis.contract import Projection

__all__ = ["handed_over_twice", "never_received", "with_two_end_users"]

_NEEDS = ("seller", "buyer", "product", "serial", "day", "shipment")
_CONTRADICTED = ("subject", "object", "shipment", "serial", "earlier", "earlier_line")

# Of each unit its hand-overs once: one to a buyer who still has it was reported before.
_MOVES = """
WITH RECURSIVE moves AS (
    SELECT * FROM {relation} AS h
    WHERE NOT EXISTS (
        FROM {relation} AS e
        WHERE e.product = h.product AND e.serial = h.serial
          AND e.seller = h.seller AND e.buyer = h.buyer
          AND (e.day, e.shipment) < (h.day, h.shipment)
          AND NOT EXISTS (
              FROM {relation} AS away
              WHERE away.product = h.product AND away.serial = h.serial
                AND away.seller = h.buyer AND away.day BETWEEN e.day AND h.day))
)"""
# A party may hand a unit over as often as it received it, from whomever. Where nobody had delivered
# it by the first hand-over, there was a delivery all the same; what comes later is no report of it,
# for the unit had left by then and came back, also on that day if it can have gone round. One more
# hand-over than that is one too many.
_TWICE = """, first AS (
    SELECT product, serial, seller AS party, min(day) AS day FROM moves GROUP BY ALL
), round AS (
    SELECT f.*, m.buyer AS holder FROM first AS f
    JOIN moves AS m USING (product, serial, day)
    WHERE m.seller = f.party
      AND EXISTS (FROM moves AS r WHERE r.product = f.product AND r.serial = f.serial
                  AND r.buyer = f.party AND r.day = f.day)
    UNION
    SELECT r.product, r.serial, r.party, r.day, m.buyer FROM round AS r
    JOIN moves AS m ON m.product = r.product AND m.serial = r.serial AND m.day = r.day
        AND m.seller = r.holder
), granted AS (
    SELECT product, serial, party AS seller, (NOT EXISTS (
        FROM moves AS r
        WHERE r.product = f.product AND r.serial = f.serial AND r.buyer = f.party
          AND r.day <= f.day
          AND (r.day < f.day OR NOT EXISTS (
              FROM round AS o
              WHERE o.product = f.product AND o.serial = f.serial AND o.party = f.party
                AND o.holder = r.seller))))::INTEGER AS granted
    FROM first AS f
), judged AS (
    SELECT m.*, lag(buyer) OVER given AS earlier, lag(shipment) OVER given AS earlier_line,
           row_number() OVER given - granted - (
               SELECT count(*) FROM moves AS r
               WHERE r.product = m.product AND r.serial = m.serial
                 AND r.buyer = m.seller AND r.day <= m.day) AS too_many
    FROM moves AS m JOIN granted USING (product, serial, seller)
    WINDOW given AS (PARTITION BY product, serial, seller ORDER BY day, shipment)
)
SELECT seller AS subject, buyer AS object, shipment, serial, earlier, earlier_line
FROM judged
WHERE too_many > 0
QUALIFY too_many > coalesce(max(too_many) OVER (
    PARTITION BY product, serial, seller ORDER BY day, shipment
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)
"""
_TWO_END_USERS = """
SELECT m.seller AS subject, m.buyer AS object, m.shipment, m.serial,
       min_by(e.buyer, (e.day, e.shipment)) AS earlier,
       min_by(e.shipment, (e.day, e.shipment)) AS earlier_line
FROM moves AS m
JOIN moves AS e
  ON e.product = m.product AND e.serial = m.serial AND e.buyer <> m.buyer
 AND e.seller <> m.seller AND (e.day, e.shipment) < (m.day, m.shipment)
WHERE m.buyer_role = 'end_user' AND e.buyer_role = 'end_user'
  AND NOT EXISTS (
      FROM moves AS away
      WHERE away.product = m.product AND away.serial = m.serial AND away.seller = e.buyer
        AND away.day BETWEEN e.day AND m.day)
GROUP BY ALL
"""
# `named` counts a line's serial numbers; a line is named in full if each of its units has one.
_NEVER_RECEIVED = """
WITH unit AS (
    FROM {relation} WHERE what = 'unit'
), line AS (
    SELECT l.*, coalesce(n.named, 0) >= l.units AS in_full
    FROM {relation} AS l
    LEFT JOIN (SELECT shipment, count(*) AS named FROM unit GROUP BY shipment) AS n USING (shipment)
    WHERE l.what = 'line'
), bought AS (
    SELECT buyer, product, min(day) AS first, min(day) FILTER (NOT in_full) AS unnamed
    FROM line GROUP BY ALL
), sold_in AS (
    SELECT product, bool_and(in_full) AS in_full FROM line
    WHERE seller_role = 'vendor' GROUP BY ALL
), strange AS (
    SELECT u.*, count(DISTINCT serial) OVER (PARTITION BY u.seller, u.product) AS of_it
    FROM unit AS u
    LEFT JOIN bought AS b ON b.buyer = u.seller AND b.product = u.product
    LEFT JOIN sold_in AS v ON v.product = u.product
    WHERE u.seller_role NOT IN ('vendor', 'end_user')
      AND NOT EXISTS (
          FROM unit AS r
          WHERE r.product = u.product AND r.serial = u.serial
            AND r.buyer = u.seller AND r.day <= u.day)
      AND (coalesce(b.first <= u.day AND (b.unnamed IS NULL OR b.unnamed > u.day), false)
           OR coalesce(v.in_full, false) AND NOT EXISTS (
               FROM unit AS r
               WHERE r.product = u.product AND r.serial = u.serial AND r.seller_role = 'vendor'))
)
SELECT seller AS subject, buyer AS object, shipment, product, min(serial) AS serial
FROM strange WHERE of_it > $opening_stock
GROUP BY ALL
"""


@analysis(needs=_NEEDS, returns=_CONTRADICTED, reach="unit")
def handed_over_twice(projection: Projection) -> pa.Table:
    """Return hand-overs by a party that had handed the unit over before and not received it."""
    return projection.table((_MOVES + _TWICE).format(relation=projection.relation))


@analysis(needs=(*_NEEDS, "buyer_role"), returns=_CONTRADICTED, reach="unit")
def with_two_end_users(projection: Projection) -> pa.Table:
    """Return hand-overs to an end user while another has the unit from another seller."""
    return projection.table((_MOVES + _TWO_END_USERS).format(relation=projection.relation))


@analysis(
    needs=("what", *_NEEDS, "seller_role", "units"),
    returns=("subject", "object", "shipment", "product", "serial"),
    uses=("opening_stock",),
)
def never_received(projection: Projection) -> pa.Table:
    """Return hand-overs of units whose numbers nobody delivered, all others being named."""
    return projection.table(
        _NEVER_RECEIVED.format(relation=projection.relation),
        opening_stock=projection.parameters["opening_stock"],
    )

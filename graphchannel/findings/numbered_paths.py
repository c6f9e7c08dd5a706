"""Paths that serial numbers prove, in place of nearer ones that are only possible.

A rule over paths sees lines without numbers, and gives of each hop against the policy the nearest
sale that goods can have come to. Where the number of a unit stands on that hop and on every line of
another path to an end user, that path is proved and stands for the hop: the shortest of several,
and of these the earliest. Numbers that stand on very many lines of a product name no unit, and are
left out. The tables are temporary ones of the scan.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.analysis.goods.hops import GOES_BACK
from graphchannel.findings.tables import PATH
from graphchannel.policy import END_USER, VENDOR

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphchannel.findings.tables import ScanTables

__all__ = ["prove_by_numbers"]

_MOST_LINES = 100  # of one unit; it changes hands a few times
# The hops that may be proved: against the policy, by themselves, and goods can have come from them
# to some end user.
_STARTS = f"""
CREATE OR REPLACE TEMP TABLE numbered_start AS
SELECT DISTINCT f.id AS start, f.product_id AS product, u.serial
FROM {PATH} AS p
JOIN main.shipments AS f ON f.id = p.shipments[1]
JOIN main.shipments AS l ON l.id = p.shipments[-1]
JOIN main.serials AS u ON u.shipment_id = f.id
WHERE p.certainty = 'possible' AND p.broken_at = 1 AND p.object IS NULL
  AND l.buyer_role = '{END_USER}'
"""
_HOPS = f"""
CREATE OR REPLACE TEMP TABLE numbered_hop AS
SELECT s.product_id AS product, u.serial, s.id AS shipment, s.seller_id AS seller,
       s.buyer_id AS buyer, s.shipped_on AS day, s.buyer_role
FROM main.serials AS u JOIN main.shipments AS s ON s.id = u.shipment_id
SEMI JOIN numbered_start AS n ON n.product = s.product_id AND n.serial = u.serial
WHERE s.shipped_on <= $_until::DATE AND s.seller_role <> '{END_USER}'
  AND NOT ({GOES_BACK} AND EXISTS (
      SELECT 1 FROM main.shipments AS b
      WHERE b.seller_id = s.buyer_id AND b.buyer_id = s.seller_id AND b.product_id = s.product_id
        AND b.shipped_on <= s.shipped_on
        AND (s.flow = 'upstream' OR NOT EXISTS (
            SELECT 1 FROM main.shipments AS o
            WHERE o.seller_id = s.seller_id AND o.buyer_id = s.buyer_id
              AND o.product_id = s.product_id AND o.shipped_on < b.shipped_on))))
QUALIFY count(*) OVER (PARTITION BY s.product_id, u.serial) <= {_MOST_LINES}
"""
_FIRST = """
CREATE OR REPLACE TEMP TABLE numbered_reached AS
SELECT n.start, h.product, h.serial, h.shipment, h.buyer, h.buyer_role, h.day,
       [h.seller, h.buyer] AS path, [h.shipment] AS shipments, [h.day] AS days
FROM numbered_start AS n JOIN numbered_hop AS h
  ON h.product = n.product AND h.serial = n.serial AND h.shipment = n.start;
CREATE OR REPLACE TEMP TABLE numbered_newest AS FROM numbered_reached
"""
_NEXT = f"""
CREATE OR REPLACE TEMP TABLE numbered_newest AS
SELECT r.start, h.product, h.serial, h.shipment, h.buyer, h.buyer_role, h.day,
       list_append(r.path, h.buyer) AS path, list_append(r.shipments, h.shipment) AS shipments,
       list_append(r.days, h.day) AS days
FROM numbered_newest AS r JOIN numbered_hop AS h
  ON h.product = r.product AND h.serial = r.serial AND h.seller = r.buyer
 AND h.day >= r.day AND h.day - r.day <= coalesce($window::INTEGER, 3652058)
ANTI JOIN numbered_reached AS k
  ON k.start = r.start AND k.serial = h.serial AND k.shipment = h.shipment
WHERE r.buyer_role NOT IN ('{END_USER}', '{VENDOR}')
QUALIFY row_number() OVER (
    PARTITION BY r.start, h.serial, h.shipment ORDER BY r.days, r.shipments) = 1
"""
_PROVED = f"""
CREATE OR REPLACE TEMP TABLE numbered_path AS
SELECT start, min(struct_pack(hops := len(shipments), days := days, shipments := shipments,
                              path := path)) AS best
FROM numbered_reached AS r JOIN main.shipments AS s ON s.id = r.shipment
WHERE r.buyer_role = '{END_USER}' AND {{scope}}
GROUP BY start
"""
_REPLACED = f"""
UPDATE {PATH} AS p SET path = n.best.path, shipments = n.best.shipments, certainty = 'proved',
    extra = if(json_exists(p.extra, '$.extra_hands'),
               json_merge_patch(p.extra, json_object('extra_hands', len(n.best.path) - 2))::VARCHAR,
               p.extra)
FROM numbered_path AS n
WHERE n.start = p.shipments[1] AND p.certainty = 'possible' AND p.broken_at = 1
  AND p.object IS NULL
  AND p.shipments[-1] IN (SELECT id FROM main.shipments WHERE buyer_role = '{END_USER}')
"""


def prove_by_numbers(
    tables: ScanTables, in_scope: str, parameters: Mapping[str, object], window: int | None
) -> None:
    """Let paths that numbers prove stand for hops of which only possible ones are known.

    `in_scope` is a condition on the sale, the shipment `s`; `window` the most days between a line
    and the next, None for any.
    """
    tables.execute(_STARTS)
    if tables.is_empty("numbered_start"):
        return
    until = {"_until": parameters["_until"]}
    tables.execute(_HOPS, until)
    tables.execute(_FIRST)
    while not tables.is_empty("numbered_newest"):
        tables.execute(_NEXT, {"window": window})
        tables.execute("INSERT INTO numbered_reached FROM numbered_newest")
    tables.execute(_PROVED.format(scope=in_scope), parameters)
    tables.execute(_REPLACED)

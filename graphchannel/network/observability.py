"""How much of what was sold in can be followed to an end user, by partner and product.

Units with a serial number are followed exactly. The others are estimated from all lines of the
product, as if each party's goods were evenly mixed: of all that it ever had, the part that went to
end users, and to others as far as they passed it on. What nobody reports is
not seen, whatever became of it. For what is shown, bounds tell exactly what the days and quantities
of the lines leave open (see `bounds`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from graphchannel.network.bounds import Bound, came_through
from graphchannel.network.ledger import Ledger, Line
from graphchannel.policy import END_USER, VENDOR

if TYPE_CHECKING:
    import duckdb

__all__ = ["Observed", "bounded", "observed", "within"]

_ROUNDS = 20  # hands that goods may pass through; most pass through two
_SHARE = "DECIMAL(12, 9)"  # exact, so that no order of adding up shows
_TRADE = """
CREATE OR REPLACE TEMP TABLE trace_trade AS
SELECT seller, buyer, product, sum(quantity)::BIGINT AS units, bool_or(buyer_role = $end) AS arrives
FROM trace_line GROUP BY ALL;
"""
# All units that a party ever had: what it received, and what it had sold before it received enough.
_HANDLED = """
CREATE OR REPLACE TEMP TABLE trace_handled AS
WITH moved AS (
    SELECT party, product, day, sum(units) AS units, sum(units) FILTER (units > 0) AS bought
    FROM (SELECT buyer AS party, product, day, quantity AS units FROM trace_line
          UNION ALL SELECT seller, product, day, -quantity FROM trace_line)
    GROUP BY ALL
), stock AS (
    SELECT party, product, bought,
           sum(units) OVER (PARTITION BY party, product ORDER BY day) AS units
    FROM moved
)
SELECT party, product, coalesce(sum(bought), 0)::BIGINT + greatest(0, -min(units))::BIGINT AS units
FROM stock GROUP BY ALL;
CREATE OR REPLACE TEMP TABLE trace_seen (party VARCHAR, product VARCHAR, share DECIMAL(12, 9));
"""
_ROUND = f"""
CREATE OR REPLACE TEMP TABLE trace_seen AS
SELECT t.seller AS party, t.product,
       (sum(t.units * CASE WHEN t.arrives THEN 1 ELSE coalesce(s.share, 0) END::{_SHARE})
        / any_value(h.units))::{_SHARE} AS share
FROM trace_trade AS t
JOIN trace_handled AS h ON h.party = t.seller AND h.product = t.product
LEFT JOIN trace_seen AS s ON s.party = t.buyer AND s.product = t.product
GROUP BY t.seller, t.product
"""
_OBSERVED = """
WITH sold_in AS (
    SELECT buyer AS partner, product, sum(quantity)::BIGINT AS units
    FROM trace_line
    WHERE seller_role = $vendor AND buyer_role NOT IN ($vendor, $end) GROUP BY ALL
), held AS (
    SELECT product, serial
    FROM (SELECT product, serial, buyer AS party, 1 AS more FROM trace_unit
          WHERE buyer_role = $end
          UNION ALL SELECT product, serial, seller, -1 FROM trace_unit WHERE seller_role = $end)
    GROUP BY product, serial, party HAVING sum(more) > 0
), numbered AS (
    SELECT u.buyer AS partner, u.product, count(DISTINCT u.serial) AS units,
           count(DISTINCT h.serial) AS followed
    FROM trace_unit AS u LEFT JOIN held AS h USING (product, serial)
    WHERE u.seller_role = $vendor GROUP BY ALL
)
SELECT i.partner, i.product, i.units, coalesce(n.units, 0), coalesce(n.followed, 0),
       coalesce(n.followed, 0)
       + round((i.units - coalesce(n.units, 0)) * coalesce(s.share, 0))::BIGINT AS seen
FROM sold_in AS i
LEFT JOIN numbered AS n USING (partner, product)
LEFT JOIN trace_seen AS s ON s.party = i.partner AND s.product = i.product
ORDER BY i.units - seen DESC, i.partner, i.product
"""
# The lines of all parties that goods of the partner can have come to, end users left out.
_DOWNSTREAM = """
WITH RECURSIVE trade AS (
    SELECT DISTINCT seller, buyer FROM trace_line WHERE product = $product AND buyer_role <> $end
), holder AS (
    SELECT $partner AS party
    UNION
    SELECT t.buyer FROM holder AS h JOIN trade AS t ON t.seller = h.party
)
SELECT shipment, seller, buyer, day, quantity, seller_role, buyer_role
FROM trace_line
WHERE product = $product AND (seller IN (FROM holder) OR buyer IN (FROM holder))
"""
_SOLD_IN = " sold in"  # stands between the vendor and the partner; no id begins with a blank


@dataclass(frozen=True, slots=True)
class Observed:
    """Of `sold_in` units, `numbered` carry a serial number and `followed` of these reached one.

    `seen` estimates how many of all can be followed to an end user.
    """

    partner: str
    product: str
    sold_in: int
    numbered: int
    followed: int
    seen: int

    @property
    def unseen(self) -> int:
        """How many cannot be followed."""
        return self.sold_in - self.seen


def observed(connection: duckdb.DuckDBPyConnection) -> list[Observed]:
    """Return partners and products in `trace_line` and `trace_unit`, the least seen first."""
    connection.execute(_TRADE, {"end": END_USER})
    connection.execute(_HANDLED)
    for _ in range(_ROUNDS):
        before = connection.execute("SELECT sum(share) FROM trace_seen").fetchall()
        connection.execute(_ROUND)
        if connection.execute("SELECT sum(share) FROM trace_seen").fetchall() == before:
            break
    rows = connection.execute(_OBSERVED, {"vendor": VENDOR, "end": END_USER}).fetchall()
    return [Observed(*row) for row in rows]


def bounded(connection: duckdb.DuckDBPyConnection, entry: Observed, opening_stock: int) -> Bound:
    """Return the least and the most of the units sold in that can have reached end users.

    They are those of `trace_line`. What serial numbers prove counts as reached.
    """
    rows = connection.execute(
        _DOWNSTREAM, {"partner": entry.partner, "product": entry.product, "end": END_USER}
    ).fetchall()
    lines, makers, arrived = [], set(), set()
    for shipment, seller, buyer, day, quantity, seller_role, buyer_role in rows:
        if seller_role == VENDOR and buyer == entry.partner:
            lines.append(Line(f"{_SOLD_IN} {shipment}", seller, _SOLD_IN, day, quantity))
            lines.append(Line(shipment, _SOLD_IN, buyer, day, quantity))
        else:
            lines.append(Line(shipment, seller, buyer, day, quantity))
        if seller_role == VENDOR:
            makers.add(seller)
        if buyer_role == END_USER:
            arrived.add(shipment)
    found = came_through(Ledger(lines, makers, opening_stock), _SOLD_IN, arrived)
    # A unit that came back and was sold again arrived twice.
    least = min(entry.sold_in, max(entry.followed, found.least))
    return Bound(entry.partner, least, min(entry.sold_in, found.most), entry.sold_in)


def within(entry: Observed, bound: Bound) -> Observed:
    """Return the entry with an estimate that its bounds allow."""
    return replace(entry, seen=max(bound.least, min(bound.most, entry.seen)))

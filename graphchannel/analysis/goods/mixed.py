"""Which part of each party's goods ended with end users, and with vendors, evenly mixed.

The *mix* of a party and product is all that it ever had without a number that tells where it is:
units go into it and out of it as lines say. Units that were sold in with a number are followed by
it and are in no mix, until no more is heard of the number: then they join that of the partner that
has them. The tables are temporary ones of the connection; a statement elsewhere names them with the
constants of this module.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.analysis.goods.followed import LINE, UNIT
from graphchannel.policy import END_USER, VENDOR

if TYPE_CHECKING:
    import duckdb

__all__ = ["JOINED", "SHARE", "SOLD_IN", "make_shares"]

# The part of the mix of a `party` and `product` that is `seen`, and that was `returned`.
SHARE = "observed_share"
_NUMBER = "observed_number"
_ROUNDS = 20  # hands that goods may pass through; most pass through two
_PART = "DECIMAL(12, 9)"  # exact, so that no order of adding up shows
# Lines with which vendors sell in.
SOLD_IN = f"seller_role = '{VENDOR}' AND buyer_role NOT IN ('{VENDOR}', '{END_USER}')"
# Of a unit that was sold in with a number only where it is in the end matters for the mixes: if a
# partner has it, no more is heard of the number. On which lines it went without being named is not
# known; what they carry of others is then thought less, never more.
_NUMBERS = f"""
CREATE OR REPLACE TEMP TABLE {_NUMBER} AS
SELECT u.* FROM {UNIT} AS u
SEMI JOIN (SELECT product, serial FROM {UNIT} WHERE {SOLD_IN}) USING (product, serial);
CREATE OR REPLACE TEMP TABLE observed_rest AS
SELECT l.* REPLACE (l.quantity - coalesce(n.units, 0) AS quantity) FROM {LINE} AS l
LEFT JOIN (SELECT shipment, count(*) AS units FROM {_NUMBER} GROUP BY shipment) AS n
    USING (shipment)
WHERE l.quantity > coalesce(n.units, 0);
CREATE OR REPLACE TEMP TABLE observed_lost AS
WITH held AS (
    SELECT product, serial, party, max(role) AS role, max(day) FILTER (more > 0) AS came
    FROM (SELECT product, serial, buyer AS party, buyer_role AS role, day, 1 AS more
          FROM {_NUMBER}
          UNION ALL SELECT product, serial, seller, seller_role, day, -1 FROM {_NUMBER})
    GROUP BY product, serial, party HAVING sum(more) > 0
)
SELECT DISTINCT ON (product, serial) product, serial, party, came FROM held
WHERE role NOT IN ('{END_USER}', '{VENDOR}') AND (product, serial) NOT IN (
    SELECT (product, serial) FROM held WHERE role = '{END_USER}')
ORDER BY product, serial, came DESC, party;
"""
# What end users keep is seen, what vendors get was returned; of others, what they sell decides.
_TRADE = f"""
CREATE OR REPLACE TEMP TABLE observed_trade AS
SELECT seller, buyer, product, sum(quantity)::BIGINT AS units,
       bool_or(seller_role = '{END_USER}') AS keeps,
       bool_or(buyer_role = '{END_USER}')::INTEGER AS arrives,
       bool_or(buyer_role = '{VENDOR}')::INTEGER AS comes_back
FROM observed_rest GROUP BY ALL;
CREATE OR REPLACE TEMP TABLE {SHARE} AS
SELECT DISTINCT seller AS party, product, 0::{_PART} AS seen, 0::{_PART} AS returned
FROM observed_rest WHERE seller_role <> '{VENDOR}';
"""
# All units that a party ever had: what it received, and what it had sold before it received enough.
_HANDLED = """
CREATE OR REPLACE TEMP TABLE observed_handled AS
WITH moved AS (
    SELECT party, product, day, sum(units) AS units, sum(units) FILTER (units > 0) AS bought
    FROM (SELECT buyer AS party, product, day, quantity AS units FROM observed_rest
          UNION ALL SELECT seller, product, day, -quantity FROM observed_rest
          UNION ALL SELECT party, product, came, 1 FROM observed_lost)
    GROUP BY ALL
), stock AS (
    SELECT party, product, bought,
           sum(units) OVER (PARTITION BY party, product ORDER BY day) AS units
    FROM moved
)
SELECT party, product, coalesce(sum(bought), 0)::BIGINT + greatest(0, -min(units))::BIGINT AS units
FROM stock GROUP BY ALL
"""
_ROUND = f"""
CREATE OR REPLACE TEMP TABLE {SHARE} AS
SELECT p.party, p.product,
       ((sum(t.units * coalesce(s.seen, t.arrives)::{_PART})
         + if(bool_or(t.keeps), any_value(h.units) - sum(t.units), 0))
        / any_value(h.units))::{_PART} AS seen,
       (sum(t.units * coalesce(s.returned, t.comes_back)::{_PART})
        / any_value(h.units))::{_PART} AS returned
FROM {SHARE} AS p
JOIN observed_trade AS t ON t.seller = p.party AND t.product = p.product
JOIN observed_handled AS h ON h.party = p.party AND h.product = p.product
LEFT JOIN {SHARE} AS s ON s.party = t.buyer AND s.product = t.product
GROUP BY p.party, p.product
"""
# Of the numbers of which no more is heard, the part of the mix that they joined.
JOINED = f"""
SELECT u.buyer, u.product, sum(s.seen), sum(s.returned)
FROM (SELECT DISTINCT ON (product, serial) * FROM {_NUMBER} WHERE {SOLD_IN}
      ORDER BY product, serial, day DESC, shipment DESC) AS u
JOIN observed_lost AS o ON o.product = u.product AND o.serial = u.serial
JOIN {SHARE} AS s ON s.party = o.party AND s.product = u.product
GROUP BY ALL
"""


def make_shares(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the shares of all parties, by the followed lines and units."""
    connection.execute(_NUMBERS)
    connection.execute(_TRADE)
    connection.execute(_HANDLED)
    total = f"SELECT sum(seen), sum(returned) FROM {SHARE}"
    for _ in range(_ROUNDS):  # no share ever sinks, so sums that stay tell that all do
        before = connection.execute(total).fetchall()
        connection.execute(_ROUND)
        if connection.execute(total).fetchall() == before:
            break

"""Mass balance: what a partner sold of a product against what it had received by then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.analysis.contract import analysis
from graphchannel.analysis.goods import hops
from graphchannel.policy import END_USER, VENDOR

if TYPE_CHECKING:
    import pyarrow as pa

    from graphchannel.analysis.contract import Projection

__all__ = ["out_exceeds_in"]

# All lines count, returns too, and goods received on a day can be sold on it. The lines returned
# are of the days on which more was missing than on any day before. A party with a product that it
# received and sold is a `holder`: a number takes the place of two texts.
_BALANCE = f"""
WITH judged AS (
    SELECT DISTINCT buyer AS party, product
    FROM {{lines}} AS l ANTI JOIN {hops.RETURN} USING (shipment)
    WHERE buyer_role NOT IN ('{VENDOR}', '{END_USER}')),
known AS MATERIALIZED (
    SELECT party, product, row_number() OVER () AS holder FROM judged
    SEMI JOIN (SELECT seller AS party, product FROM {{lines}} AS l) USING (party, product)),
moved AS (
    SELECT holder, day, -quantity AS units
    FROM {{lines}} AS l JOIN known AS k ON k.party = l.seller AND k.product = l.product
    UNION ALL
    SELECT holder, day, quantity
    FROM {{lines}} AS l JOIN known AS k ON k.party = l.buyer AND k.product = l.product),
daily AS (SELECT holder, day, sum(units) AS units FROM moved GROUP BY ALL),
stock AS MATERIALIZED (
    SELECT holder, day, sum(units) OVER (PARTITION BY holder ORDER BY day) AS left_over FROM daily),
lows AS (
    SELECT *, min(left_over) OVER before AS lowest
    FROM stock SEMI JOIN (SELECT holder FROM stock WHERE left_over < -$opening) USING (holder)
    WINDOW before AS (PARTITION BY holder ORDER BY day
                      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)),
missing AS (
    SELECT party, product, day, -min(left_over) OVER (PARTITION BY holder) AS short,
           min(day) OVER (PARTITION BY holder) AS since
    FROM lows JOIN known USING (holder)
    WHERE left_over < -$opening AND left_over < coalesce(lowest, 0))
SELECT l.seller AS subject, NULL::VARCHAR AS object, [l.seller, l.buyer] AS path,
       [l.shipment] AS shipments, product, short::BIGINT AS units, m.since
FROM missing AS m JOIN {{lines}} AS l USING (product, day) WHERE l.seller = m.party"""


@analysis(
    needs=hops.COLUMNS,
    returns=("subject", "object", "path", "shipments", "product", "units", "since"),
    uses=("opening_stock",),
    reach="subject",
)
def out_exceeds_in(projection: Projection) -> pa.Table:
    """Return the lines with which a partner sold more of a product than it can have had.

    A partner is judged on the products that it received at all, returns apart. `units` is the most
    that was ever missing, `since` the first day on which more was than the policy's
    `opening_stock`.
    """
    opening = projection.parameters["opening_stock"]

    def work(lines: str) -> pa.Table:
        hops.make_returns(projection.connection, lines)
        return projection.table(_BALANCE.format(lines=lines), opening=opening)

    return hops.by_product(projection, work)

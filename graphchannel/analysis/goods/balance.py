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
# are of the days on which more was missing than on any day before.
_BALANCE = f"""
WITH judged AS (
    SELECT DISTINCT buyer AS party, product
    FROM {{lines}} AS l ANTI JOIN {hops.RETURN} USING (shipment)
    WHERE buyer_role NOT IN ('{VENDOR}', '{END_USER}')),
moved AS (
    SELECT seller AS party, product, day, -quantity AS units FROM {{lines}} AS l
    UNION ALL
    SELECT buyer, product, day, quantity FROM {{lines}} AS l),
daily AS (
    SELECT party, product, day, sum(units) AS units
    FROM moved SEMI JOIN judged USING (party, product) GROUP BY ALL),
stock AS (
    SELECT *, sum(units) OVER (PARTITION BY party, product ORDER BY day) AS left_over FROM daily),
lows AS (
    SELECT *, min(left_over) OVER before AS lowest
    FROM stock
    WINDOW before AS (PARTITION BY party, product ORDER BY day
                      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)),
missing AS (
    SELECT *, -min(left_over) OVER (PARTITION BY party, product) AS short,
           min(day) OVER (PARTITION BY party, product) AS since
    FROM lows WHERE left_over < -$opening AND left_over < coalesce(lowest, 0))
SELECT l.seller AS subject, NULL::VARCHAR AS object, [l.seller, l.buyer] AS path,
       [l.shipment] AS shipments, product, short::BIGINT AS units, m.since
FROM missing AS m JOIN {{lines}} AS l USING (product, day) WHERE l.seller = m.party"""


@analysis(
    needs=hops.COLUMNS,
    returns=("subject", "object", "path", "shipments", "product", "units", "since"),
    uses=("opening_stock",),
    within="product",
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

"""The hops of supply paths: which lines hand goods on, and how one follows another.

Shipment lines come as a projection with the columns of `COLUMNS`. Goods go on from a line when its
buyer sells the same product, on the same day or later (the order within a day is unknown), not
more than the policy's `window_days` after, and not after an evening on which it had nothing left;
that is all that lines without serial numbers tell. Only where the policy's `opening_stock` is 0 can
lines show that a party had nothing left: it had as much before its first line as it sold on beyond
what it had received.

Two kinds of line are no hop. What an end user sells: paths end there. And returns: lines up the
channel (flow `upstream`), or between parties of which one is in no tier, to a party that had
supplied the seller with that product by that day. Between parties of which one is in no tier
only the one that was supplied first returns goods; else a single return would make one of every
later supply. What comes to the vendor does not go on either: what it sells are other goods.

Work is done in sets of lines, some products at a time, and never by path: each line is reached
once, so the work grows with the lines and not with the paths. Only what is asked of each origin by
itself grows with the origins, too, some of which are worked on at a time. The tables are temporary
ones of the projection's connection; a statement elsewhere names them with the constants of this
module.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.analysis.goods.batches import in_batches
from graphchannel.engines import SelectableRows
from graphchannel.policy import END_USER, UNCERTIFIED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import duckdb
    import pyarrow as pa

    from graphchannel.analysis.contract import Projection

__all__ = [
    "COLUMNS",
    "GOES_BACK",
    "HOP",
    "ORIGIN_PART",
    "RETURN",
    "Stay",
    "by_product",
    "count_rows",
    "make_hops",
    "make_returns",
    "origin_parts",
    "repeat_while",
    "spread",
    "stay_of",
]

HOP = "goods_hop"  # the lines that hand goods on, with `COLUMNS`, a view
EMPTY = "goods_empty"  # evenings, `day`, on which a `party` had nothing left of a `product`
RETURN = "goods_return"  # `shipment`, the lines that take goods back
ORIGIN_PART = "goods_origin_part"  # `origin`, a party, and the `part` with which it is worked on
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

# What can take goods back, by its columns alone.
GOES_BACK = f"""(flow = 'upstream'
    OR flow = 'other' AND '{UNCERTIFIED}' IN (seller_role, buyer_role))"""
# Few lines can be returns, so first supplies are looked up for their pairs alone.
_RETURNS = f"""
CREATE OR REPLACE TEMP TABLE {RETURN} AS
WITH upward AS (
    SELECT shipment, seller, buyer, product, day, flow FROM {{lines}} AS l
    WHERE {GOES_BACK}),
pair AS (SELECT DISTINCT seller, buyer, product FROM upward
         UNION SELECT DISTINCT buyer, seller, product FROM upward),
supplied AS (
    SELECT seller, buyer, product, min(day) AS since
    FROM {{lines}} AS l SEMI JOIN pair USING (seller, buyer, product) GROUP BY ALL)
SELECT u.shipment FROM upward AS u
JOIN supplied AS own USING (seller, buyer, product)
JOIN supplied AS s
    ON s.seller = u.buyer AND s.buyer = u.seller AND s.product = u.product AND s.since <= u.day
WHERE u.flow = 'upstream' OR s.since <= own.since"""
_HOPS = f"""
CREATE OR REPLACE TEMP VIEW {HOP} AS
SELECT {", ".join(COLUMNS)} FROM {{lines}} AS l ANTI JOIN {RETURN} USING (shipment)
WHERE seller_role <> '{END_USER}'"""

_EMPTY = f"""
CREATE OR REPLACE TEMP TABLE {EMPTY} AS
WITH moved AS (
    SELECT party, product, day, sum(units) AS units
    FROM (SELECT buyer AS party, product, day, quantity AS units FROM {{lines}} AS l
          UNION ALL SELECT seller, product, day, -quantity FROM {{lines}} AS l)
    GROUP BY ALL
), stock AS (
    SELECT party, product, day, sum(units) OVER (PARTITION BY party, product ORDER BY day) AS units
    FROM moved
)
SELECT party, product, day FROM stock
QUALIFY units = least(0, min(units) OVER (PARTITION BY party, product))"""

# Origins that are worked on together meet each link of their products, and no more than so many.
_PAIRS = 10_000_000
_PARTS = f"""
CREATE OR REPLACE TEMP TABLE {ORIGIN_PART} AS
WITH met AS (
    SELECT o.origin, sum(k.links) AS links
    FROM (SELECT DISTINCT seller AS origin, product FROM {{links}} WHERE {{starts}}) AS o
    JOIN (SELECT product, count(*) AS links FROM {{links}} GROUP BY product) AS k USING (product)
    GROUP BY o.origin)
SELECT origin, (sum(links) OVER (ORDER BY origin) // {_PAIRS})::INTEGER AS part FROM met"""


@dataclass(frozen=True, slots=True)
class Stay:
    """How long goods can stay with a party: so many days, and while it had some left.

    `runs_out` tells that its stock can have been empty, see the table `EMPTY`.
    """

    days: int
    runs_out: bool

    def holds(self, party: str, product: str, came: str, goes: str) -> str:
        """Return the condition that goods which came on a day can have gone on another, later.

        All are SQL: of the party, the product and the two days.
        """
        within = f"{goes} - {came} <= {self.days}"
        if not self.runs_out:
            return within
        return f"""{within} AND NOT EXISTS (
            FROM {EMPTY} AS e WHERE e.party = {party} AND e.product = {product}
              AND e.day >= {came} AND e.day < {goes})"""


def by_product(projection: Projection, work: Callable[[str], pa.Table]) -> pa.Table:
    """Let `work` find the rows of some products' lines, a relation, and put them together."""
    import pyarrow as pa  # noqa: PLC0415 - only an analysis that runs needs it

    lines = SelectableRows(projection.relation, {})
    parts = in_batches(projection.connection, lines)
    return pa.concat_tables(work(part.relation) for (part,) in parts)


def stay_of(projection: Projection) -> Stay:
    """Return how long goods can stay with a party, by the policy's parameters."""
    days, stock = (projection.parameters[name] for name in ("window_days", "opening_stock"))
    # null where a rule is only checked
    return Stay(days if isinstance(days, int) else 0, stock == 0)


def make_hops(connection: duckdb.DuckDBPyConnection, lines: str, stay: Stay) -> None:
    """Let the hops be those of a relation of lines that hand goods on."""
    if stay.runs_out:
        connection.execute(_EMPTY.format(lines=lines))
    make_returns(connection, lines)
    connection.execute(_HOPS.format(lines=lines))


def make_returns(connection: duckdb.DuckDBPyConnection, lines: str) -> None:
    """Let the returns be those of a relation of lines, what end users give back among them."""
    connection.execute(_RETURNS.format(lines=lines))


def origin_parts(
    connection: duckdb.DuckDBPyConnection, links: str, starts: str = "true"
) -> list[int]:
    """Cut the sellers of links that meet `starts` into parts, the `part` in the table of origins.

    There is one at least. What is kept for each seller and what it reaches is then bounded.
    """
    connection.execute(_PARTS.format(links=links, starts=starts))
    parts = f"SELECT DISTINCT part FROM {ORIGIN_PART} ORDER BY part"
    return [part for (part,) in connection.execute(parts).fetchall()] or [0]


def spread(
    connection: duckdb.DuckDBPyConnection,
    reached: str,
    newest: str,
    statements: Sequence[str],
) -> None:
    """Add to the table `reached` what follows from `newest`, round by round, until nothing does.

    `newest` holds the rows of a round, those of the first already. The last of the statements lets
    it hold those that follow and are not reached yet.
    """
    while count_rows(connection, newest):
        for statement in statements:
            connection.execute(statement)
        connection.execute(f"INSERT INTO {reached} FROM {newest}")


def repeat_while(connection: duckdb.DuckDBPyConnection, rows: str, statement: str) -> None:
    """Run a statement for as long as there are rows: a table and a condition on it."""
    while count_rows(connection, rows):
        connection.execute(statement)


def count_rows(connection: duckdb.DuckDBPyConnection, source: str) -> int:
    """Return how many rows a table has, or how many meet a condition after it."""
    ((count,),) = connection.execute(f"SELECT count(*) FROM {source}").fetchall()
    return int(count)

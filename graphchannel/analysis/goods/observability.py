"""How much of what was sold in can be followed, by partner and product: to whom, or back.

Each unit sold in is *seen* where an end user has it, or was *returned* to a vendor, or else is not
seen; one that was returned and sold in again was sold in twice. Units with a serial number are
followed exactly. The others are estimated from all lines of the product, as if each party's goods
were evenly mixed: of all that it ever had, the part that it sold to end users or to a vendor, and
to others as far as they passed it on. What nobody reports is not seen, whatever became of it. For
what is shown, bounds tell exactly what the days and quantities of the lines leave open (see
`bounds`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal

from graphchannel.analysis.bounds.bounds import UnitBounds, came_through
from graphchannel.analysis.bounds.ledger import Ledger
from graphchannel.analysis.goods.followed import LINE, UNIT
from graphchannel.analysis.goods.units import read_units
from graphchannel.policy import END_USER, VENDOR

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    import duckdb

    from graphchannel.analysis.goods.units import Unit

__all__ = ["Limits", "Observed", "bounded", "observed", "within"]

_ROUNDS = 20  # hands that goods may pass through; most pass through two
_SHARE = "DECIMAL(12, 9)"  # exact, so that no order of adding up shows
# What end users keep is seen, what vendors get was returned; of others, what they sell decides.
_TRADE = f"""
CREATE OR REPLACE TEMP TABLE observed_trade AS
SELECT seller, buyer, product, sum(quantity)::BIGINT AS units,
       bool_or(seller_role = '{END_USER}') AS keeps,
       bool_or(buyer_role = '{END_USER}')::INTEGER AS arrives,
       bool_or(buyer_role = '{VENDOR}')::INTEGER AS comes_back
FROM {LINE} GROUP BY ALL;
CREATE OR REPLACE TEMP TABLE observed_share AS
SELECT DISTINCT seller AS party, product, 0::{_SHARE} AS seen, 0::{_SHARE} AS returned
FROM {LINE} WHERE seller_role <> '{VENDOR}';
"""
# All units that a party ever had: what it received, and what it had sold before it received enough.
_HANDLED = f"""
CREATE OR REPLACE TEMP TABLE observed_handled AS
WITH moved AS (
    SELECT party, product, day, sum(units) AS units, sum(units) FILTER (units > 0) AS bought
    FROM (SELECT buyer AS party, product, day, quantity AS units FROM {LINE}
          UNION ALL SELECT seller, product, day, -quantity FROM {LINE})
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
CREATE OR REPLACE TEMP TABLE observed_share AS
SELECT p.party, p.product,
       ((sum(t.units * coalesce(s.seen, t.arrives)::{_SHARE})
         + if(bool_or(t.keeps), any_value(h.units) - sum(t.units), 0))
        / any_value(h.units))::{_SHARE} AS seen,
       (sum(t.units * coalesce(s.returned, t.comes_back)::{_SHARE})
        / any_value(h.units))::{_SHARE} AS returned
FROM observed_share AS p
JOIN observed_trade AS t ON t.seller = p.party AND t.product = p.product
JOIN observed_handled AS h ON h.party = p.party AND h.product = p.product
LEFT JOIN observed_share AS s ON s.party = t.buyer AND s.product = t.product
GROUP BY p.party, p.product
"""
_SOLD_IN = f"seller_role = '{VENDOR}' AND buyer_role NOT IN ('{VENDOR}', '{END_USER}')"
_OBSERVED = f"""
SELECT i.partner, i.product, i.units, coalesce(s.seen, 0), coalesce(s.returned, 0)
FROM (SELECT buyer AS partner, product, sum(quantity)::BIGINT AS units
      FROM {LINE} WHERE {_SOLD_IN} GROUP BY ALL) AS i
LEFT JOIN observed_share AS s ON s.party = i.partner AND s.product = i.product
"""
# Units that a vendor handed over twice, or got: only these are looked at hand-over by hand-over.
_TURNED = f"""
SELECT product, serial FROM {UNIT} GROUP BY product, serial
HAVING bool_or({_SOLD_IN})
   AND (count(*) FILTER (seller_role = '{VENDOR}') > 1 OR bool_or(buyer_role = '{VENDOR}'))
"""
_NUMBERED = f"""
WITH held AS (
    SELECT product, serial
    FROM (SELECT product, serial, buyer AS party, 1 AS more FROM {UNIT}
          WHERE buyer_role = '{END_USER}'
          UNION ALL SELECT product, serial, seller, -1 FROM {UNIT}
          WHERE seller_role = '{END_USER}')
    GROUP BY product, serial, party HAVING sum(more) > 0
)
SELECT u.buyer, u.product, count(DISTINCT u.serial), count(DISTINCT h.serial)
FROM (FROM {UNIT} WHERE {_SOLD_IN}) AS u
ANTI JOIN ({_TURNED}) AS t USING (product, serial)
LEFT JOIN held AS h USING (product, serial)
GROUP BY ALL
"""
# The lines of all parties that goods of the partner can have come to and that sold some on.
_DOWNSTREAM = f"""
WITH RECURSIVE trade AS (
    SELECT DISTINCT seller, buyer FROM {LINE}
    WHERE product = $product AND buyer_role <> $vendor
      AND buyer IN (SELECT seller FROM {LINE} WHERE product = $product)
), holder AS (
    SELECT $partner AS party
    UNION
    SELECT t.buyer FROM holder AS h JOIN trade AS t ON t.seller = h.party
)
SELECT shipment, seller, buyer, day, quantity, seller_role, buyer_role
FROM {LINE}
WHERE product = $product AND (seller IN (FROM holder) OR buyer IN (FROM holder))
"""
_PASSED_IN = " sold in"  # a party between the vendor and the partner; no id begins with a blank
_Outcome = Literal["numbered", "followed", "returned"]


@dataclass(frozen=True, slots=True)
class Observed:
    """What became of `sold_in` units, of which `numbered` carry a serial number.

    Of these, `followed` are with end users and `sent_back` with a vendor. `seen` and `returned`
    estimate the same of all.
    """

    partner: str
    product: str
    sold_in: int
    numbered: int
    followed: int
    sent_back: int
    seen: int
    returned: int

    @property
    def unseen(self) -> int:
        """How many cannot be followed."""
        return self.sold_in - self.seen - self.returned


@dataclass(frozen=True, slots=True)
class Limits:
    """The least and the most of the units sold in that can be seen, and that can be returned."""

    seen: UnitBounds
    returned: UnitBounds


def observed(connection: duckdb.DuckDBPyConnection) -> list[Observed]:
    """Return what became of each product of each partner, by the followed lines and units."""
    connection.execute(_TRADE)
    connection.execute(_HANDLED)
    total = "SELECT sum(seen), sum(returned) FROM observed_share"
    for _ in range(_ROUNDS):  # no share ever sinks, so sums that stay tell that all do
        before = connection.execute(total).fetchall()
        connection.execute(_ROUND)
        if connection.execute(total).fetchall() == before:
            break
    units = _numbered(connection)
    return [
        _observed(partner, product, sold_in, (seen, returned), units)
        for partner, product, sold_in, seen, returned in connection.execute(_OBSERVED).fetchall()
    ]


def bounded(connection: duckdb.DuckDBPyConnection, entry: Observed, opening_stock: int) -> Limits:
    """Return what the followed lines of the product leave open.

    What serial numbers prove counts as well.
    """
    rows = connection.execute(
        _DOWNSTREAM, {"partner": entry.partner, "product": entry.product, "vendor": VENDOR}
    ).fetchall()
    ledger = Ledger.of_rows(_passed_in(rows, entry.partner), opening_stock)
    came = _passed(ledger, {row[0] for row in rows if row[6] == END_USER})
    went = _passed(ledger, {row[0] for row in rows if row[5] == END_USER})
    returned = _passed(ledger, {row[0] for row in rows if row[6] == VENDOR})
    # A unit that an end user sold may have arrived twice; it is seen once, or not at all.
    least = min(entry.sold_in, max(entry.followed, came.least - went.most))
    gone = min(entry.sold_in - least, max(entry.sent_back, returned.least))
    most = max(least, min(entry.sold_in - gone, came.most - went.least))
    most_gone = max(gone, min(entry.sold_in - least, returned.most))
    return Limits(
        UnitBounds(least, most, entry.sold_in),
        UnitBounds(gone, most_gone, entry.sold_in),
    )


def within(entry: Observed, limits: Limits) -> Observed:
    """Return the entry with estimates that its limits allow."""
    seen = max(limits.seen.least, min(limits.seen.most, entry.seen))
    returned = max(limits.returned.least, min(limits.returned.most, entry.returned))
    return replace(entry, seen=seen, returned=min(returned, entry.sold_in - seen))


def _passed_in(rows: Iterable[tuple[Any, ...]], partner: str) -> Iterator[tuple[Any, ...]]:
    """Let what vendors sold to a partner pass through a party that nothing else passes through."""
    for shipment, seller, buyer, day, quantity, seller_role, _ in rows:
        if seller_role == VENDOR and buyer == partner:
            before = f"{_PASSED_IN} {shipment}"
            yield before, seller, _PASSED_IN, day, quantity, seller_role
            yield shipment, _PASSED_IN, buyer, day, quantity, None
        else:
            yield shipment, seller, buyer, day, quantity, seller_role


def _passed(ledger: Ledger, lines: Collection[str]) -> UnitBounds:
    """Return how many units on some lines, often none, were sold in to the partner."""
    return came_through(ledger, _PASSED_IN, lines) if lines else UnitBounds(0, 0, 0)


def _observed(
    partner: str,
    product: str,
    sold_in: int,
    shares: tuple[Decimal, Decimal],
    units: Counter[tuple[str, str, _Outcome]],
) -> Observed:
    """Add what is estimated to what is known by number; together no more than was sold in."""
    numbered = units[partner, product, "numbered"]
    followed, sent_back = units[partner, product, "followed"], units[partner, product, "returned"]
    others = max(0, sold_in - numbered)  # a line may list more numbers than units, by mistake
    seen = _rounded(others * shares[0])
    returned = max(0, _rounded(others * (shares[0] + shares[1])) - seen)
    known = min(sold_in, followed + seen)
    gone = min(sold_in - known, sent_back + returned)
    return Observed(partner, product, sold_in, numbered, followed, sent_back, known, gone)


def _numbered(connection: duckdb.DuckDBPyConnection) -> Counter[tuple[str, str, _Outcome]]:
    """Count by partner and product the units sold in with a number, and what became of them."""
    counts: Counter[tuple[str, str, _Outcome]] = Counter()
    for partner, product, numbered, followed in connection.execute(_NUMBERED).fetchall():
        counts[partner, product, "numbered"] += numbered
        counts[partner, product, "followed"] += followed
    for unit in read_units(connection, f"(u.product, u.serial) IN ({_TURNED})", {}):
        for partner, outcome in _outcomes(unit):
            counts[partner, unit.product, "numbered"] += 1
            if outcome is not None:
                counts[partner, unit.product, outcome] += 1
    return counts


def _outcomes(unit: Unit) -> Iterator[tuple[str, _Outcome | None]]:
    """Yield the partners that a unit was sold in to, in order, and what became of it there."""
    partner: str | None = None
    held: Counter[str] = Counter()
    for hop in chain.from_iterable(unit.parts):
        held[hop.buyer] += hop.buyer_role == END_USER
        held[hop.seller] -= hop.seller_role == END_USER
        if VENDOR not in (hop.seller_role, hop.buyer_role):
            continue
        if partner is not None:  # a vendor that sells it anew had it from nobody who said so
            yield partner, "returned" if hop.buyer_role == VENDOR else None
        partner = None if hop.buyer_role in (VENDOR, END_USER) else hop.buyer
    if partner is not None:
        yield partner, "followed" if any(count > 0 for count in held.values()) else None


def _rounded(units: Decimal) -> int:
    return int(units.quantize(Decimal(1), ROUND_HALF_UP))

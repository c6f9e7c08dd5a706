"""How much of what was sold in can be followed, by partner and product: to whom, or back.

Each unit sold in is *seen* where an end user has it, or was *returned* to a vendor, or else is not
seen; one that was returned and sold in again was sold in twice. Units with a serial number are
followed exactly, and are no part of what the others are estimated from, unless a partner has them
by number: then the number is heard of no more. The others are estimated as if each party's goods
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
from graphchannel.analysis.goods.mixed import JOINED, SHARE, SOLD_IN, make_shares
from graphchannel.analysis.goods.units import read_units
from graphchannel.policy import END_USER, VENDOR

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    import duckdb

    from graphchannel.analysis.goods.units import Unit

__all__ = ["Limits", "Observed", "bounded", "observed", "within"]

_OBSERVED = f"""
SELECT i.partner, i.product, i.units, coalesce(s.seen, 0), coalesce(s.returned, 0)
FROM (SELECT buyer AS partner, product, sum(quantity)::BIGINT AS units
      FROM {LINE} WHERE {SOLD_IN} GROUP BY ALL) AS i
LEFT JOIN {SHARE} AS s ON s.party = i.partner AND s.product = i.product
"""
# Units that a vendor handed over twice, or got: only these are looked at hand-over by hand-over.
_TURNED = f"""
SELECT product, serial FROM {UNIT} GROUP BY product, serial
HAVING bool_or({SOLD_IN})
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
FROM (FROM {UNIT} WHERE {SOLD_IN}) AS u
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
    make_shares(connection)
    units = _numbered(connection)
    joined = {(party, of): rest for party, of, *rest in connection.execute(JOINED).fetchall()}
    nothing = (Decimal(), Decimal())
    return [
        _observed(
            (partner, product),
            sold_in,
            (seen, gone),
            joined.get((partner, product), nothing),
            units,
        )
        for partner, product, sold_in, seen, gone in connection.execute(_OBSERVED).fetchall()
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
    whose: tuple[str, str],
    sold_in: int,
    shares: tuple[Decimal, Decimal],
    joined: Sequence[Decimal],
    units: Counter[tuple[str, str, _Outcome]],
) -> Observed:
    """Add what is estimated to what is known by number; together no more than was sold in.

    `joined` are the units, seen and returned, of those whose number is heard of no more.
    """
    numbered = units[*whose, "numbered"]
    followed, sent_back = units[*whose, "followed"], units[*whose, "returned"]
    others = max(0, sold_in - numbered)  # a line may list more numbers than units, by mistake
    seen = _rounded(others * shares[0] + joined[0])
    both = _rounded(others * (shares[0] + shares[1]) + joined[0] + joined[1])
    known = min(sold_in, followed + seen)
    gone = min(sold_in - known, sent_back + max(0, both - seen))
    return Observed(*whose, sold_in, numbered, followed, sent_back, known, gone)


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

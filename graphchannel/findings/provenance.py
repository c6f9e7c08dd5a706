"""How many of a finding's units can have reached the end of its paths, and through whom they came.

The units in question, `sent`, are those of the lines on which the paths of a finding begin. They
arrive on any line to an end user, where the first hop breaks the policy, the paths end at end users
and the finding names none; else on the lines on which the paths end. (Had they left the policy at a
later hop, other units sent would arrive in good order.) Both follow from the days and quantities of
all lines of the product up to the as-of day; see `analysis.bounds`.

Of a product only the lines of those are read who can have held such units together with others'.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from graphchannel.analysis.bounds.bounds import PartyBounds, arrived, upstream_bounds
from graphchannel.analysis.bounds.feasible import is_possible, shortest_path
from graphchannel.analysis.bounds.ledger import Ledger
from graphchannel.analysis.goods.certainty import opening_stock
from graphchannel.findings.tables import CHOSEN, CHOSEN_PATH, SHOWN_PATH
from graphchannel.policy import END_USER, VENDOR

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import date

    from graphchannel.analysis.bounds.bounds import UnitBounds
    from graphchannel.analysis.bounds.ledger import Line
    from graphchannel.findings.tables import ScanTables
    from graphchannel.policy import Policy

__all__ = ["Provenance", "provenances"]

# `anywhere`: the units may have reached any end user; `unnamed`: they may have reached several.
# `open`: whether they did is not proved, and depends on quantities, as it does not where goods
# change their product on a path. `unbounded`: the rule gives no bounds itself.
_FINDINGS = f"""
CREATE OR REPLACE TEMP TABLE provenance_finding AS
SELECT w.number, w.shipments AS shown, w.bounds IS NULL AS unbounded,
       w.certainty = 'possible' AND w.number NOT IN (
           SELECT number FROM {CHOSEN_PATH} AS one
           JOIN main.shipments AS f ON f.id = one.shipments[1]
           JOIN main.shipments AS l ON l.id = one.shipments[-1]
           WHERE f.product_id <> l.product_id) AS open,
       c.object IS NULL AND s.buyer_role = '{END_USER}'
           AND w.broken_at IS NOT DISTINCT FROM 1 AS anywhere,
       c.object IS DISTINCT FROM w.path[-1] AND s.buyer_role = '{END_USER}' AS unnamed
FROM {SHOWN_PATH} AS w JOIN {CHOSEN} AS c USING (number)
JOIN main.shipments AS s ON s.id = w.shipments[-1]
"""
# A rule gives each hop against the policy from which end users are reached; but of the lines with
# which goods may have come to the sales that it looks at, it gives some. What else the same party
# sold to the same one is as good.
_ASKED = f"""
CREATE OR REPLACE TEMP TABLE provenance_asked AS
WITH hop AS (
    SELECT number, unnest(shipments) AS shipment, len(shipments) AS hops,
           generate_subscripts(shipments, 1) AS place
    FROM {CHOSEN_PATH}
), began AS (
    SELECT DISTINCT number, s.seller_id, s.buyer_id, s.product_id
    FROM hop JOIN provenance_finding USING (number) JOIN main.shipments AS s ON s.id = hop.shipment
    WHERE place = 1 AND open AND NOT anywhere
)
SELECT number, shipment, bool_or(sent) AS sent, bool_or(arriving) AS arriving
FROM (SELECT number, shipment, place = 1 AS sent, place = hops AS arriving FROM hop
      UNION ALL
      SELECT number, s.id, true, false
      FROM began JOIN main.shipments AS s USING (seller_id, buyer_id, product_id)
      WHERE s.shipped_on <= $as_of)
GROUP BY ALL
"""
_SENT = """
CREATE OR REPLACE TEMP TABLE provenance_sent AS
SELECT DISTINCT s.seller_id, s.buyer_id, s.product_id, open
FROM provenance_asked JOIN provenance_finding USING (number)
JOIN main.shipments AS s ON s.id = shipment
WHERE sent
"""
# Who traded with whom; end users only where they handed something on, and never what a vendor got:
# what it sells are other goods.
_EDGES = f"""
CREATE OR REPLACE TEMP TABLE provenance_edge AS
SELECT DISTINCT seller_id AS seller, buyer_id AS buyer, product_id AS product,
       seller_role = '{VENDOR}' AS made
FROM main.shipments SEMI JOIN provenance_sent USING (product_id)
WHERE shipped_on <= $as_of AND buyer_role <> '{VENDOR}'
  AND (buyer_role <> '{END_USER}'
       OR buyer_id IN (SELECT seller_id FROM main.shipments WHERE seller_role = '{END_USER}'))
"""
_HOLDERS = """
CREATE OR REPLACE TEMP TABLE provenance_holder AS
WITH RECURSIVE above AS (
    SELECT seller_id AS party, product_id AS product FROM provenance_sent
    UNION
    SELECT e.seller, e.product FROM above AS a JOIN provenance_edge AS e
      ON e.buyer = a.party AND e.product = a.product AND NOT e.made
), below AS (
    SELECT buyer_id AS party, product_id AS product FROM provenance_sent WHERE open
    UNION
    SELECT e.buyer, e.product FROM below AS b JOIN provenance_edge AS e
      ON e.seller = b.party AND e.product = b.product
)
FROM above AS a SEMI JOIN provenance_edge AS e
    ON e.buyer = a.party AND e.product = a.product AND NOT e.made
UNION FROM below
"""
_LINES = """
SELECT product_id, buyer_role, id, seller_id, buyer_id,
       (shipped_on - DATE '1970-01-01')::INTEGER, quantity, seller_role
FROM main.shipments
WHERE shipped_on <= $as_of AND (
    (seller_id, product_id) IN (FROM provenance_holder)
    OR (buyer_id, product_id) IN (FROM provenance_holder)
    OR id IN (SELECT shipment FROM provenance_asked))
ORDER BY product_id
"""
_QUESTIONS = """
SELECT s.product_id, number, open, unbounded, anywhere, unnamed, shown, list(shipment) AS lines,
       list(shipment) FILTER (sent) AS sent, list(shipment) FILTER (arriving) AS arriving
FROM provenance_asked JOIN provenance_finding USING (number)
JOIN main.shipments AS s ON s.id = shipment
GROUP BY ALL HAVING bool_or(sent) ORDER BY s.product_id, number
"""
_BATCH = 50_000  # lines fetched at a time


@dataclass(frozen=True, slots=True)
class _AskedLines:
    """Lines of a finding, all of one product, and what is to be found out about them.

    `shown` are the lines of the path that the finding shows, of whatever product.
    """

    product: str
    number: int
    open: bool
    unbounded: bool
    anywhere: bool
    unnamed: bool
    shown: Sequence[str]
    lines: Sequence[str]
    sent: Sequence[str]
    arriving: Sequence[str] | None


@dataclass(slots=True)
class Provenance:
    """What is known of the `units` of a finding.

    `arrived` is None where it is proved that they did; `anywhere` tells that it is at whatever end
    user, `unnamed` that it may be at several.
    `through` are, by party, those whom units can have come through. `holds` tells that some can
    have taken the path that the finding was to show, `other` is one that they can have taken.
    """

    anywhere: bool
    unnamed: bool
    units: int = 0
    arrived: UnitBounds | None = None
    through: dict[str, UnitBounds] = field(default_factory=dict)
    holds: bool = False
    other: Sequence[Line] | None = None

    @property
    def instead(self) -> Sequence[Line] | None:
        """The path to show where quantities rule out the one that was to be shown."""
        return None if self.holds else self.other

    def add(
        self,
        ledger: Ledger,
        question: _AskedLines,
        end_users: Collection[str],
        window: int | None,
    ) -> None:
        """Add what is known of a product; `end_users` are the ids of its lines to end users."""
        self.units += sum(line.quantity for line in ledger.chosen(question.sent))
        if question.open:
            aims = end_users if question.anywhere else question.arriving or ()
            found = arrived(ledger, question.sent, aims)
            self.arrived = found if self.arrived is None else self.arrived + found
            shown = [ledger.lines[id_] for id_ in question.shown if id_ in ledger.lines]
            if found.most and shown and is_possible(ledger, shown):
                self.holds = True
            elif found.most and self.other is None:
                within = None if question.anywhere else _alike(ledger, question.lines)
                self.other = shortest_path(ledger, question.sent, frozenset(aims), within, window)
        if question.unbounded:
            for bound in upstream_bounds(ledger, question.sent):
                known = self.through.get(bound.party)
                self.through[bound.party] = bound if known is None else known + bound

    def bounds(self) -> list[PartyBounds]:
        """Return all through whom units can have come, those through whom most can first."""
        bounds = [
            PartyBounds(found.least, found.most, self.units, party)
            for party, found in self.through.items()
        ]
        return sorted(bounds, key=lambda bound: (-bound.most, -bound.least, bound.party))


def provenances(tables: ScanTables, as_of: date, policy: Policy) -> dict[int, Provenance]:
    """Return by number what is known of the chosen findings that have a path.

    Reads their paths and those that are shown, see `findings.paths`. Each party may have had the
    policy's `opening_stock` units of a product before its first line.
    """
    stock, window = opening_stock(policy), policy.number("window_days")
    tables.execute(_FINDINGS)
    tables.execute(_ASKED, {"as_of": as_of})
    tables.execute(_SENT)
    tables.execute(_EDGES, {"as_of": as_of})
    tables.execute(_HOLDERS)
    questions = [_AskedLines(*row) for row in tables.rows(_QUESTIONS)]
    by_product = {name: list(asked) for name, asked in groupby(questions, lambda q: q.product)}
    found = {
        question.number: Provenance(question.anywhere, question.unnamed) for question in questions
    }
    for product, rows in groupby(_lines(tables, as_of), key=itemgetter(0)):
        ledger, end_users = _ledger(rows, stock)
        for question in by_product.get(product, ()):
            found[question.number].add(ledger, question, end_users, window)
    return found


def _alike(ledger: Ledger, lines: Iterable[str]) -> frozenset[str]:
    """Return all lines between the sellers and buyers of some: a rule need not give each path."""
    pairs = {(line.seller, line.buyer) for line in ledger.chosen(lines)}
    return frozenset(
        line.shipment for seller, buyer in pairs for line in ledger.sales(seller)[buyer]
    )


def _lines(tables: ScanTables, as_of: date) -> Iterator[tuple[Any, ...]]:
    """Yield the lines that matter, by product; nothing else may run on the connection meanwhile."""
    result = tables.execute(_LINES, {"as_of": as_of})
    while rows := result.fetchmany(_BATCH):
        yield from rows


def _ledger(rows: Iterable[tuple[Any, ...]], opening_stock: int) -> tuple[Ledger, frozenset[str]]:
    """Return a product's lines, and the ids of those to end users."""
    end_users: set[str] = set()

    def noted() -> Iterator[tuple[Any, ...]]:
        for _, buyer_role, *line in rows:
            if buyer_role == END_USER:
                end_users.add(line[0])
            yield tuple(line)

    return Ledger.of_rows(noted(), opening_stock), frozenset(end_users)

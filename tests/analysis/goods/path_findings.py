"""Findings of the path rules that are Cypher alone, from a scan and from trying every path."""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from graphchannel.analysis.bounds.bounds import UnitBounds, arrived, upstream_bounds
from graphchannel.analysis.bounds.feasible import is_possible, shortest_path
from graphchannel.analysis.bounds.ledger import Ledger, Line
from graphchannel.findings import ScanOptions, scan
from graphchannel.resources import pack
from graphchannel.rules.catalogue import load_catalogue
from tests.analysis.coverage.markets import draw_market, hubs
from tests.analysis.goods.fixed_length import Identity, expected
from tests.analysis.goods.networks import START
from tests.rules.cases import with_parameters

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from graphchannel.engines import Engine
    from graphchannel.workspace import Workspace
    from tests.analysis.goods.exhaustive import Line as Sold
    from tests.analysis.goods.fixed_length import Expected, Market

_ASKED = os.environ.get("GRAPHCHANNEL_NETWORKS")
NETWORKS = int(_ASKED or "75")
WINDOW, OPENING = 6, 0
LAST = 60  # some lines lie after the last day that is looked at
AS_OF = START + timedelta(LAST)
_SHIPPED = load_catalogue(pack())
_GIVEN = {"window_days": WINDOW, "opening_stock": OPENING}
CATALOGUE = replace(_SHIPPED, policy=with_parameters(_SHIPPED.policy, _GIVEN))
RULES = tuple(
    rule.id
    for rule in CATALOGUE.rules
    if rule.id.startswith("paths/") and rule.header.analysis is None
)


class Shown(NamedTuple):
    """What a finding tells; `paths` counts the rows of its rule.

    `at` is where its units are said to have arrived, None for any end user.
    """

    lines: int
    quantity: int
    first: date | None
    last: date | None
    parties: tuple[str, ...]
    shipments: tuple[str, ...]
    broken_at: int | None
    certainty: str
    arrived: tuple[int, int, int] | None
    bounds: frozenset[tuple[str, int, int, int]]
    at: str | None
    paths: int


def random_markets(*, few_hubs: bool = False) -> list[Market]:
    """Draw the networks, the same in every run, and put the hubs behind them.

    With `few_hubs` there are two unless more networks are asked for: a server stores lines slowly.
    """
    random = Random("markets")  # noqa: S311 - a seed, not a secret
    drawn = [draw_market(random, CATALOGUE.policy, f"{number}-") for number in range(NETWORKS)]
    every = hubs(CATALOGUE.policy)
    return [*drawn, *(every[1::3] if few_hubs and not _ASKED else every)]


def found(
    workspace: Workspace, engine: Engine | None = None, rules: Sequence[str] = RULES
) -> dict[Identity, Shown]:
    """Scan, and return the findings."""
    options = ScanOptions(as_of=AS_OF)
    result = scan(workspace, CATALOGUE.select(rules), options, engine=engine)
    assert [(one.id, one.reason) for one in result.outcomes if one.reason] == []
    findings = {}
    for one in result.findings():
        assert one.path is not None
        ends = one.subject.id, one.object.id if one.object else ""
        product = one.identity.get("product")
        identity = Identity(one.rule, *ends, str(product) if product else None)
        came = one.path.arrived
        findings[identity] = Shown(
            one.lines,
            one.quantity,
            one.first,
            one.last,
            tuple(party.id for party in one.path.parties),
            one.path.shipments,
            one.path.broken_at,
            one.path.certainty,
            (came.least, came.most, came.of) if came else None,
            frozenset((b.party.id, b.least, b.most, b.of) for b in one.path.bounds),
            one.path.arrived.at.id if one.path.arrived and one.path.arrived.at else None,
            one.path.paths,
        )
    return findings


def wanted(markets: Iterable[Market]) -> dict[Identity, Shown]:
    """Return the findings that there must be."""
    findings = {}
    for market in markets:
        for identity, finding in expected(market, WINDOW, LAST).items():
            lines = {line for path in finding.rows for line in path}
            days = [START + timedelta(line.day) for line in lines]
            came, bounds = quantities(market, finding)
            witness = shown(market, finding)
            findings[identity] = Shown(
                len(lines),
                sum(line.quantity for line in {path[-1] for path in finding.rows}),
                min(days),
                max(days),
                (witness[0].seller, *(line.buyer for line in witness)),
                tuple(line.id for line in witness),
                finding.broken_at,
                came.certainty,
                (came.least, came.most, came.of),
                bounds,
                identity.object if identity.object == witness[-1].buyer else None,
                len(finding.rows),
            )
    return findings


def quantities(
    market: Market, finding: Expected
) -> tuple[UnitBounds, frozenset[tuple[str, int, int, int]]]:
    """Return what days and quantities tell, from all lines of the products, in whatever hands."""
    came = UnitBounds(0, 0, 0)
    through: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for product in sorted({path[0].product for path in finding.rows}):
        ledger = ledger_of(market, product)
        rows = [path for path in finding.rows if path[0].product == product]
        began = {(path[0].seller, path[0].buyer) for path in rows}
        every = ledger.lines.values()
        sent = {line.shipment for line in every if (line.seller, line.buyer) in began}
        aims = {path[-1].id for path in rows}
        came += arrived(ledger, sent, aims)
        for bound in upstream_bounds(ledger, sent):
            through[bound.party][0] += bound.least
            through[bound.party][1] += bound.most
    bounds = frozenset((party, ends[0], ends[1], came.of) for party, ends in through.items())
    assert len(bounds) <= 10, "a finding names no more"
    return came, bounds


def shown(market: Market, finding: Expected) -> Sequence[Sold]:
    """Return the first path, or, where no goods can have taken it, the first that some can have.

    It goes between the same parties, over whatever lines; products are tried in turn.
    """
    first = min(finding.rows, key=lambda path: [(line.day, line.id) for line in path])
    ways: list[list[Line]] = []
    for product in sorted({path[0].product for path in finding.rows}):
        ledger = ledger_of(market, product)
        rows = [path for path in finding.rows if path[0].product == product]
        witness = [ledger.lines[line.id] for line in first if line.product == product]
        if witness and is_possible(ledger, witness):
            return first
        pairs = {(line.seller, line.buyer) for path in rows for line in path}
        within = {id_ for id_, one in ledger.lines.items() if (one.seller, one.buyer) in pairs}
        began = {(path[0].seller, path[0].buyer) for path in rows}
        every = ledger.lines.values()
        sent = {line.shipment for line in every if (line.seller, line.buyer) in began}
        aims = {path[-1].id for path in rows}
        way = shortest_path(ledger, sent, aims, within, WINDOW)
        ways += [way] if way else []
    by_id = {line.id: line for line in market.lines}
    return [by_id[line.shipment] for line in ways[0]] if ways else first


def ledger_of(market: Market, product: str) -> Ledger:
    lines = [one for one in market.lines if one.product == product and one.day <= LAST]
    return Ledger(
        [Line(one.id, one.seller, one.buyer, one.day, one.quantity) for one in lines],
        {one.seller for one in lines if one.seller_role == "vendor"},
        OPENING,
    )

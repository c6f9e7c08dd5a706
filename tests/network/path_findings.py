"""Findings of the path rules that are Cypher alone, from a scan and from trying every path."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from graphchannel.findings import ScanOptions, scan
from graphchannel.resources import pack
from graphchannel.rules.catalogue import load_catalogue
from tests.network.fixed_length import Identity, expected
from tests.network.markets import draw_market, hubs
from tests.network.networks import START
from tests.rules.cases import with_parameters

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from graphchannel.engines import Engine
    from graphchannel.workspace import Workspace
    from tests.network.fixed_length import Market

_ASKED = os.environ.get("GRAPHCHANNEL_NETWORKS")
NETWORKS = int(_ASKED or "150")
WINDOW, LAST = 6, 60  # some lines lie after the last day that is looked at
AS_OF = START + timedelta(LAST)
_SHIPPED = load_catalogue(pack())
CATALOGUE = replace(_SHIPPED, policy=with_parameters(_SHIPPED.policy, {"window_days": WINDOW}))
RULES = tuple(
    rule.id
    for rule in CATALOGUE.rules
    if rule.id.startswith("paths/") and rule.header.analysis is None
)


class Shown(NamedTuple):
    """What a finding tells; `paths` counts the rows of its rule."""

    lines: int
    quantity: int
    first: date | None
    last: date | None
    parties: tuple[str, ...]
    shipments: tuple[str, ...]
    broken_at: int | None
    certainty: str | None
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
        findings[identity] = Shown(
            one.lines,
            one.quantity,
            one.first,
            one.last,
            tuple(party.id for party in one.path.parties),
            one.path.shipments,
            one.path.broken_at,
            one.path.certainty,
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
            witness = finding.witness
            findings[identity] = Shown(
                len(lines),
                sum(line.quantity for line in {path[-1] for path in finding.rows}),
                min(days),
                max(days),
                (witness[0].seller, *(line.buyer for line in witness)),
                tuple(line.id for line in witness),
                finding.broken_at,
                "possible",
                len(finding.rows),
            )
    return findings

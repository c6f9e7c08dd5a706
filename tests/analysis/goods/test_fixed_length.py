"""The path rules that are Cypher alone against trying every path: random networks, and hubs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.analysis.coverage.markets import HUB, load_markets
from tests.analysis.goods.path_findings import (
    CATALOGUE,
    NETWORKS,
    RULES,
    found,
    random_markets,
    wanted,
)

if TYPE_CHECKING:
    from tests.analysis.goods.fixed_length import Identity
    from tests.analysis.goods.path_findings import Shown

Findings = dict["Identity", "Shown"]


@pytest.fixture(scope="module")
def both() -> tuple[Findings, Findings]:
    """Return what a scan finds, and what there is."""
    markets = random_markets()
    with load_markets(markets, CATALOGUE.policy) as workspace:
        return found(workspace), wanted(markets)


def test_findings_are_those_of_trying_every_path(both: tuple[Findings, Findings]) -> None:
    scanned, tried = both
    assert scanned == tried
    assert {one.certainty for one in scanned.values()} >= {"proved", "implied", "possible"}
    assert any(one.bounds for one in scanned.values())


def test_every_rule_finds_something_in_random_networks_and_at_hubs(
    both: tuple[Findings, Findings],
) -> None:
    scanned, _ = both
    drawn = Counter(one.rule for one in scanned if not one.subject.startswith("hub"))
    at_hubs = Counter(
        identity.rule
        for identity, shown in scanned.items()
        if identity.subject.startswith("hub") and shown.lines >= HUB
    )
    assert set(drawn) == set(at_hubs) == set(RULES)
    assert len(RULES) >= 3
    assert min(drawn.values()) >= NETWORKS / 40

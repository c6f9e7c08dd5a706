"""A scan stops a rule whose analysis takes too long; the others run."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from graphchannel.analysis.contract import analysis
from graphchannel.analysis.goods import balance
from graphchannel.findings import ScanOptions, scan
from tests.findings.network import Rules, line, loaded, network

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pyarrow as pa

    from graphchannel.analysis.contract import Projection

QUERY = """MATCH (a:Party)-[s:SUPPLIED]->(b:Party)
RETURN a.id AS seller, b.id AS buyer, s.id AS shipment"""
RETURNED = ("subject", "object", "shipment")
SLOW = "SELECT sum(a.range * b.range % 7) FROM range(1000000) AS a, range(1000000) AS b"
WORK: dict[str, Callable[[Projection], object]] = {
    "in Python": lambda projection: all(projection.parameters for _ in iter(int, 1)),
    "in small queries": lambda projection: all(projection.rows("SELECT 1") for _ in iter(int, 1)),
    "in one query": lambda projection: projection.rows(SLOW),
}


@pytest.mark.parametrize("way", WORK)
def test_an_analysis_is_stopped_and_the_other_rules_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    @analysis(needs=("seller", "buyer", "shipment"), returns=RETURNED)
    def endless(projection: Projection) -> pa.Table:
        WORK[way](projection)
        return projection.table("SELECT '' AS subject, '' AS object, '' AS shipment")

    monkeypatch.setattr(balance, "endless", endless, raising=False)
    rules = Rules(tmp_path)
    rules.add("supply/endless", QUERY, more="// @analysis  goods.balance:endless\n")
    rules.add("supply/other")
    begun = time.monotonic()
    with (
        loaded(network(line("L1", "A", "B"))) as workspace,
        scan(workspace, rules.catalogue(), ScanOptions(timeout=0.5)) as result,
    ):
        assert time.monotonic() - begun < 8
        statuses = {outcome.id: outcome.status for outcome in result.outcomes}
        assert statuses == {"supply/endless": "error", "supply/other": "evaluated"}
        (stopped,) = (one.reason for one in result.outcomes if one.status == "error")
        assert stopped is not None
        assert stopped.startswith("supply/endless.cypher: the query ran longer than 0.5 seconds")
        assert [found.rule for found in result.findings()] == ["supply/other"]

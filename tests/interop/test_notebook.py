from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from graphchannel.engines import DuckDBEngine
from graphchannel.errors import InputError
from graphchannel.findings import scan
from graphchannel.interop.notebook import (
    findings_frame,
    findings_graph,
    query_frame,
    query_graph,
)
from graphchannel.resources import pack
from graphchannel.rules.catalogue import load_catalogue
from tests.findings.network import line, loaded, network

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphchannel.findings import Finding
    from graphchannel.workspace import Workspace

LINES = (
    line("L1", "A", "B", amount="1.5", currency="EUR"),
    line("L2", "A", "B", amount="2.25", currency="EUR", quantity=3),
    line("L3", "A", "B", amount="7", currency="USD"),
)
CERTIFIED = [
    {"holder_id": holder, "role": role, "issuer_id": "V", "valid_from": "2014-01-01"}
    for holder, role in (("A", "vap"), ("B", "gold"))
]


@pytest.fixture(scope="module")
def workspace() -> Iterator[Workspace]:
    with loaded(network(*LINES, certifications=CERTIFIED)) as created:
        yield created


@pytest.fixture(scope="module")
def findings(workspace: Workspace) -> list[Finding]:
    found = list(scan(workspace, load_catalogue(pack())).findings())
    assert any(finding.rule == "supply/vap-supplies-tier-two" for finding in found)
    return found


def test_a_finding_is_a_row_with_exact_amounts(findings: list[Finding]) -> None:
    frame = findings_frame(findings)
    assert list(frame["fingerprint"]) == [finding.fingerprint for finding in findings]
    row = frame[frame["rule"] == "supply/vap-supplies-tier-two"].iloc[0]
    assert (row["subject"], row["object"], row["lines"], row["quantity"]) == ("A", "B", 3, 5)
    assert (row["amount EUR"], row["amount USD"]) == (Decimal("3.7500"), Decimal("7.0000"))
    assert findings_frame([]).empty


def test_findings_are_a_graph(findings: list[Finding]) -> None:
    graph = findings_graph(findings)
    (finding,) = [f for f in findings if f.rule == "supply/vap-supplies-tier-two"]
    node = ("finding", finding.fingerprint)
    ends = {key: end for _, end, key in graph.out_edges(node, keys=True)}
    assert ends == {"subject": ("party", "A"), "object": ("party", "B")}
    assert graph.nodes["party", "B"]["name"] == "Beta"
    assert sum(1 for kind, _ in graph.nodes if kind == "finding") == len(findings)


def test_a_query_is_a_frame_and_a_graph_of_parallel_edges(workspace: Workspace) -> None:
    engine = DuckDBEngine(workspace.connection)
    text = (
        "MATCH (a:Partner {id: $from})-[s:SUPPLIED]->(b) "
        "RETURN a.id AS source, b.id AS target, s.id AS line, s.quantity AS quantity ORDER BY line"
    )
    frame = query_frame(engine, text, {"from": "A"})
    assert list(frame["line"]) == ["L1", "L2", "L3"]
    graph = query_graph(engine, text, {"from": "A"})
    assert graph.number_of_edges("A", "B") == 3
    assert sorted(data["quantity"] for _, _, data in graph.edges(data=True)) == [1, 1, 3]
    with pytest.raises(InputError, match="returns v; a graph needs a column 'source'"):
        query_graph(engine, "MATCH (v:Vendor) RETURN v.id AS v")


def test_nothing_else_needs_the_extras() -> None:
    script = (
        "import sys, graphchannel.report.documents.scan, graphchannel.interop\n"
        "print([name for name in ('pandas', 'py2neo') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"

"""Scans without a workspace: all comes from the published graph."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from click.testing import CliRunner, Result

from graphchannel.cli import main
from graphchannel.neo4j.replica import MISSING
from graphchannel.workspace import create_workspace
from tests.findings.network import POLICY, line
from tests.neo4j.published import load, published, small

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from graphchannel.neo4j.link import Link
    from graphchannel.neo4j.server import LocalServer


def test_findings_come_from_the_graph_alone(
    tmp_path: Path, server: LocalServer, link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = small()
    tables["shipments"] += [
        line("D1", "A", "E", amount="10.2537", currency="EUR"),
        line("D2", "A", "E", amount="0.0049", currency="EUR"),
        line("D3", "A", "E", amount="1.5", currency="USD"),
    ]
    file = tmp_path / "kept.duckdb"
    with create_workspace(file, POLICY) as workspace:
        load(workspace, tables)
        published(workspace, link)
    monkeypatch.setenv("NEO4J_PASSWORD", server.password)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, [*arguments, "--engine", server.uri, "--format", "json"])

    def found(result: Result) -> list[dict[str, Any]]:
        assert result.exit_code in {0, 1}, result.stderr
        findings: list[dict[str, Any]] = json.loads(result.stdout)["findings"]
        return findings

    exact = run("scan", "--workspace", "kept.duckdb")
    alone = run("scan")
    assert MISSING in alone.stderr
    assert MISSING not in exact.stderr
    amounts = [
        next(f["amount"] for f in found(one) if f["rule"] == "supply/distributor-supplies-end-user")
        for one in (exact, alone)
    ]
    assert amounts == [{"EUR": "10.2586", "USD": "1.50"}, {"EUR": "10.26", "USD": "1.50"}]
    for one in (*(ours := found(exact)), *(theirs := found(alone))):
        del one["amount"]
    assert ours == theirs
    assert len(ours) > 5
    shown = json.loads(run("show", ours[0]["fingerprint"]).stdout)
    assert shown["message"] == ours[0]["message"]
    pages = [
        json.loads(run("partner", "A", *named).stdout) for named in ((), ("-w", "kept.duckdb"))
    ]
    for page in pages:
        assert page["volumes"]
        for finding in page["findings"]:
            del finding["amount"]
    assert pages[0] == pages[1]
    missing = run("scan", "--workspace", "elsewhere.duckdb")
    assert missing.exit_code == 2
    assert "there is no workspace here" in missing.stderr
    link.write(("MATCH (m:GraphChannel) SET m.mode = 'all'", {}))
    unfinished = run("scan")
    assert unfinished.exit_code == 2
    assert "no complete graph was published there" in unfinished.stderr

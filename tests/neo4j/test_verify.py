from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from graphchannel.cli import main
from graphchannel.errors import EngineError
from graphchannel.neo4j.verify import verify
from graphchannel.workspace import create_workspace, open_workspace
from tests.findings.network import POLICY, line
from tests.neo4j.published import load, published, small

if TYPE_CHECKING:
    from pathlib import Path

    import neo4j

    from graphchannel.neo4j.link import Link
    from graphchannel.neo4j.server import LocalServer
    from graphchannel.workspace import Workspace


def test_a_published_graph_is_equal_and_each_kind_of_damage_is_seen(
    workspace: Workspace, link: Link, driver: neo4j.Driver
) -> None:
    published(workspace, link)
    assert [one.name for one in verify(workspace, link) if not one.equal] == []
    driver.execute_query("MATCH ()-[r:SUPPLIED {id: 'L1'}]->() SET r.quantity = 2")
    driver.execute_query("MATCH ()-[r:SUPPLIED {id: 'L2'}]->() DELETE r")
    driver.execute_query("MATCH (n {id: 'BER'}) REMOVE n.key_city")
    driver.execute_query("MATCH (n:EndUser) REMOVE n:EndUser")
    found = {one.name: one for one in verify(workspace, link) if not one.equal}
    assert set(found) == {"Party-SUPPLIED-Party", "City", "EndUser"}
    lines = found["Party-SUPPLIED-Party"]
    assert (lines.in_workspace, lines.in_graph, lines.examples) == (4, 3, ("L1", "L2"))
    assert lines.workspace_checksum != lines.graph_checksum
    # What a later publish would not look at again, a thorough one repairs.
    published(workspace, link)
    assert [one.name for one in verify(workspace, link) if not one.equal] != []
    published(workspace, link, thorough=True)
    assert [one.name for one in verify(workspace, link) if not one.equal] == []


def test_nothing_published_and_half_published_are_told(workspace: Workspace, link: Link) -> None:
    with pytest.raises(EngineError, match="nothing was published there"):
        list(verify(workspace, link))
    published(workspace, link)
    link.write(("MATCH (m:GraphChannel) SET m.mode = 'compare'", {}))
    with pytest.raises(EngineError, match="a publish was interrupted there"):
        list(verify(workspace, link))


def test_the_commands(
    tmp_path: Path, server: LocalServer, link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEO4J_PASSWORD", server.password)
    file = tmp_path / "channel.duckdb"
    with create_workspace(file, POLICY) as workspace:
        load(workspace, small())
    run = CliRunner()
    first = run.invoke(main, ["publish", server.uri, "-w", str(file)])
    assert first.exit_code == 0, first.stderr
    assert "SUPPLIED                   4 sent" in first.stdout
    found = json.loads(run.invoke(main, ["scan", "-w", str(file), "--format", "json"]).stdout)
    messages = {finding["fingerprint"]: finding["message"] for finding in found["findings"]}
    assert dict(link.rows("MATCH (f:Finding) RETURN f.fingerprint, f.message")) == messages
    concerned = {
        (finding["fingerprint"], finding[as_]["id"], as_)
        for finding in found["findings"]
        for as_ in ("subject", "object")
        if finding[as_]
    }
    rows = link.rows("MATCH (f:Finding)-[c:CONCERNS]->(n) RETURN f.fingerprint, n.id, c.as")
    assert set(rows) == concerned
    assert len(rows) == len(concerned) > 3
    again = run.invoke(main, ["publish", server.uri, "-w", str(file)])
    assert again.stdout == f"{server.uri} was up to date with load 1 already.\n"
    same = run.invoke(main, ["verify", server.uri, "-w", str(file)])
    assert same.exit_code == 0
    scans = [
        run.invoke(main, ["scan", "-w", str(file), "--format", "json", "--fail-on", "info", *where])
        for where in ([], ["--engine", server.uri])
    ]
    assert scans[0].exit_code == 1
    assert scans[1].stdout == scans[0].stdout.replace('"engine": "duckdb"', '"engine": "neo4j"')
    asked = ["query", "MATCH (v:Vendor) RETURN v.id AS id", "-w", str(file), "--format", "csv"]
    assert run.invoke(main, [*asked, "--engine", server.uri]).stdout.split() == ["id", "V"]
    link.write(("MATCH (m:GraphChannel) SET m.load = 0", {}))
    behind = run.invoke(main, [*asked, "--engine", server.uri])
    assert behind.exit_code == 2
    assert "follows load 0, the workspace is at load 1; run 'graphchannel publish'" in behind.stderr
    link.write(("MATCH (m:GraphChannel) SET m.load = 1", {}))
    with open_workspace(file, write=True) as workspace:
        load(workspace, {"shipments": [], "serials": []}, replace=("shipments", "serials"))
        load(workspace, {"shipments": [line("L9", "V", "A", document=None)]})
    run.invoke(main, ["publish", server.uri, "-w", str(file)])
    left = json.loads(run.invoke(main, ["scan", "-w", str(file), "--format", "json"]).stdout)
    fingerprints = [finding["fingerprint"] for finding in left["findings"]]
    assert link.rows("MATCH (f:Finding) RETURN count(f)") == [(len(fingerprints),)]
    assert 0 < len(fingerprints) < len(messages)
    link.write(("MATCH ()-[r:RATED]->() SET r.score = 1.0", {}))
    other = run.invoke(main, ["verify", server.uri, "-w", str(file)])
    assert other.exit_code == 1
    assert "differs, such as" in other.stdout
    assert "1 kinds differ" in other.stderr
    _work_is_published(server, link, file, fingerprints[0])
    refused = run.invoke(main, ["publish", "http://127.0.0.1", "-w", str(file)])
    assert refused.exit_code == 2
    assert "is no address of a Neo4j server" in refused.stderr
    assert server.password not in first.output + other.output + refused.output


def _work_is_published(server: LocalServer, link: Link, file: Path, finding: str) -> None:
    """Assign a finding; the graph of the same load then says who has it, and until when."""
    done = CliRunner().invoke(
        main,
        ["worklist", "assign", finding, "--to", "ada", "--due", "2015-08-01", "-w", str(file)],
    )
    assert done.exit_code == 0, done.stderr
    again = CliRunner().invoke(main, ["publish", server.uri, "-w", str(file)])
    assert again.exit_code == 0, again.stderr
    owned = "MATCH (f:Finding) WHERE f.owner IS NOT NULL RETURN f.fingerprint, f.owner, "
    assert link.rows(f"{owned}f.work_state, toString(f.due)") == [
        (finding, "ada", "assigned", "2015-08-01")
    ]

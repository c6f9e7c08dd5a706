"""Links, queries and style for Neo4j Browser, in a real Chromium on a real server."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import neo4j
import neo4j.graph
import pytest
from click.testing import CliRunner

from graphchannel.cli import main
from graphchannel.findings import Finding, Ref, scan
from graphchannel.neo4j import server as neo4j_server
from graphchannel.neo4j.browser import BrowserAddress
from graphchannel.neo4j.browser_style import grass
from graphchannel.neo4j.published_findings import publish_findings
from graphchannel.neo4j.saved_queries import saved_queries
from graphchannel.neo4j.views import finding_query, literal, party_query, rule_query
from graphchannel.resources import pack
from graphchannel.rules.catalogue import load_catalogue
from graphchannel.workspace import Workspace, create_workspace
from tests.findings.network import POLICY, line
from tests.neo4j.chromium import browser_window
from tests.neo4j.published import AWKWARD, load, login, published, small, wipe

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graphchannel.findings import ScanResult
    from graphchannel.neo4j.link import Link
    from graphchannel.neo4j.server import LocalServer

CATALOGUE = load_catalogue(pack())
HUB = 4_200  # parallel lines between one pair, all of them offending


@pytest.fixture(scope="module")
def result() -> Iterator[ScanResult]:
    """Scan a network with a pair that trades by thousands of lines."""
    tables = small()
    tables["shipments"] += [line(f"H{n}", "A", "E", ship_to_city_id="PAR") for n in range(HUB)]
    with create_workspace(None, POLICY) as workspace:
        load(workspace, tables)
        yield scan(workspace, CATALOGUE)


@pytest.fixture(scope="module")
def findings(result: ScanResult) -> list[Finding]:
    return list(result.findings())


@pytest.fixture(scope="module")
def link(server: LocalServer, driver: neo4j.Driver, result: ScanResult) -> Iterator[Link]:
    """Publish that network and the findings about it."""
    wipe(driver)
    with login(server) as connected:
        published(Workspace(result.session.connection, None), connected)
        publish_findings(connected, result)
        yield connected
    wipe(driver)


def elements(driver: neo4j.Driver, query: str, **parameters: Any) -> tuple[set[str], set[str]]:
    """Return what Browser would draw: nodes and relationships anywhere in the answer."""
    nodes: set[str] = set()
    relationships: set[str] = set()

    def collect(value: object) -> None:
        match value:
            case neo4j.graph.Node():
                nodes.add(value.element_id)
            case neo4j.graph.Relationship():
                relationships.add(value.element_id)
                nodes.update(node.element_id for node in value.nodes if node is not None)
            case neo4j.graph.Path():
                for part in (*value.nodes, *value.relationships):
                    collect(part)
            case list():
                for item in value:
                    collect(item)

    for record in driver.execute_query(query, parameters).records:
        for value in record.values():
            collect(value)
    return nodes, relationships


def hub(findings: list[Finding]) -> Finding:
    (found,) = [f for f in findings if f.rule == "supply/distributor-supplies-end-user"]
    assert found.lines == HUB
    return found


def test_a_link_opens_with_a_query_that_shows_the_finding(
    server: LocalServer, link: Link, findings: list[Finding], tmp_path: Path
) -> None:
    finding = hub(findings)
    query = finding_query(finding)
    address = BrowserAddress(server.browser, server.uri.replace("//", f"//{server.user}@"))
    nodes, relationships = elements(link.driver, query)
    assert 4 <= len(nodes) <= 20
    assert 8 <= len(relationships) <= 25
    with browser_window() as window:
        window.open(address.link(query))
        assert "Distributor O\N{RIGHT SINGLE QUOTATION MARK}Neil" in window.editor
        window.log_in(server.password)
        assert window.run() == (len(nodes), len(relationships))
        before = window.fills()
        window.drop("graphchannel.grass", grass(POLICY))
        window.page.wait_for_function(
            "() => [...document.querySelectorAll('g.node circle.b-outline')]"
            ".some(c => c.getAttribute('fill').toUpperCase() === '#D64545')"
        )
        after = window.fills()
        window.picture(tmp_path / "finding.png")
    assert (tmp_path / "finding.png").stat().st_size > 10_000
    assert {"#D64545", "#035388", "#1F2933"} <= after  # the finding, the distributor, the vendor
    assert not before & {"#D64545", "#035388", "#1F2933"}


def test_what_is_shown_of_any_finding_fits_on_a_screen(
    driver: neo4j.Driver, link: Link, findings: list[Finding]
) -> None:
    assert link.version
    assert len(findings) > 10
    for finding in findings:
        nodes, relationships = elements(driver, finding_query(finding))
        assert 1 <= len(nodes) <= 40, finding.rule
        assert len(relationships) <= 60, finding.rule
    of_rule = elements(driver, rule_query("supply/distributor-supplies-end-user", "its name"))
    assert tuple(map(len, of_rule)) == (3, 2)
    nodes, relationships = elements(driver, party_query("A", AWKWARD[0]))
    assert 10 <= len(nodes) <= 40
    assert len(relationships) <= 60


def test_every_saved_query_runs_and_begins_with_its_title(
    server: LocalServer, driver: neo4j.Driver, link: Link
) -> None:
    assert link.version
    shown = {}
    languages = ("",) if server.release == "5.26" else ("CYPHER 5 ", "CYPHER 25 ")
    for name, query in saved_queries(CATALOGUE).items():
        assert query.startswith("// "), name
        for language in languages:
            shown[name] = elements(driver, language + query, name="o'neil")
    rules = [rule for rule in CATALOGUE.rules if rule.enabled]
    assert len(shown) == len(rules) + 5
    for name in (
        "worst-offenders",
        "partner-neighbourhood",
        "coverage-gaps",
        "who-may-supply-whom",
    ):
        assert len(shown[f"{name}.cypher"][0]) > 1, name


def test_diverted_goods_are_found_in_the_graph(server: LocalServer, driver: neo4j.Driver) -> None:
    wipe(driver)
    gold = [
        {"holder_id": p, "role": "gold", "issuer_id": "V", "valid_from": "2014-01-01"} for p in "BC"
    ]
    days = {"L1": "2015-01-01", "L2": "2015-02-01", "L3": "2015-03-01", "L4": "2015-01-15"}
    tables = small(certifications=gold)
    tables["shipments"] = [
        line("L1", "A", "B", shipped_on=days["L1"]),
        line("L2", "B", "C", shipped_on=days["L2"]),  # from one gold partner to another
        line("L3", "C", "E", shipped_on=days["L3"]),
        line("L4", "C", "E", shipped_on=days["L4"]),  # before: not of these goods
    ]
    with create_workspace(None, POLICY) as workspace, login(server) as connected:
        load(workspace, tables)
        published(workspace, connected)
    _, relationships = elements(driver, saved_queries(CATALOGUE)["diverted-goods.cypher"])
    ids = driver.execute_query(
        "MATCH ()-[r]->() WHERE elementId(r) IN $ids RETURN r.id AS id ORDER BY id",
        ids=list(relationships),
    ).records
    assert [record["id"] for record in ids] == ["L1", "L2", "L3"]
    wipe(driver)


@pytest.mark.parametrize(
    "text", [*AWKWARD, "\\", "\\\\u0027", "\\' RETURN 1 //", "\\&#", "\\\\#", "a\u2028b", ""]
)
def test_a_text_of_any_content_is_a_literal(driver: neo4j.Driver, text: str) -> None:
    for language in ("", "CYPHER 5 "):
        records = driver.execute_query(f"{language}RETURN {literal(text)} AS text").records
        assert records[0]["text"] == text


@pytest.mark.parametrize(
    "text", [*AWKWARD, "\\u000a RETURN 2 AS text //", "\r\nRETURN 3 AS text //"]
)
def test_a_title_of_any_content_stays_a_comment(driver: neo4j.Driver, text: str) -> None:
    finding = _finding(text)
    query = finding_query(finding)
    assert elements(driver, query) == (set(), set())
    assert elements(driver, party_query("nobody", text)) == (set(), set())


def _finding(text: str) -> Finding:
    return Finding(
        number=1,
        rule="supply/none",
        severity="low",
        section="1",
        subject=Ref("party", text, text),
        object=Ref("unknown", text, text),
        identity={},
        lines=1,
        quantity=1,
        amount={},
        first=None,
        last=None,
        message=text,
        fingerprint=text,
        status="open",
        waived_lines=0,
        line_set=None,
        change=None,
        before=None,
        first_seen=date(2015, 1, 1),
        open_since=date(2015, 1, 1),
        days_open=0,
        evidence=({"shipment": text},),
    )


def test_the_commands(
    server: LocalServer,
    driver: neo4j.Driver,
    link: Link,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = tmp_path / "channel.duckdb"
    with create_workspace(file, POLICY) as workspace:
        load(workspace, small())
        first = next(scan(workspace, CATALOGUE).findings())
    home = server.password_file.parent.parent
    monkeypatch.setattr(neo4j_server, "default_home", lambda: home)
    asked = ["neo4j", "browser", "-w", str(file), "--no-open"]

    def linked(*arguments: str) -> tuple[str, dict[str, list[str]]]:
        run = CliRunner().invoke(main, [*asked, *arguments])
        assert run.exit_code == 0, run.stderr
        assert "first shows Connect" in run.stderr
        parts = urlsplit(run.stdout.strip())
        return f"{parts.scheme}://{parts.netloc}{parts.path}", parse_qs(parts.query)

    page, values = linked(first.fingerprint[:12])
    assert page == server.browser
    assert values["dbms"] == [f"bolt://neo4j@127.0.0.1:{server.bolt_port}"]
    assert values["cmd"] == ["edit"]
    assert values["arg"] == [finding_query(first)]
    assert linked("--partner", "A")[1]["arg"] == [party_query("A", AWKWARD[0])]
    (query,) = linked("--rule", first.rule)[1]["arg"]
    assert elements(driver, query)[1] or link
    assert linked()[1]["arg"][0].startswith("// Worst offenders")
    page, values = linked("--neo4j-url", "https://graph.example/browser/", first.fingerprint)
    assert page == "https://graph.example/browser/"
    assert "dbms" not in values

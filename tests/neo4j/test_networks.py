"""Supply paths natively: random networks and hubs, published once to each release of Neo4j.

The rules that are Cypher alone are compared with trying every path; all rules over paths with the
embedded engine. `GRAPHCHANNEL_NETWORKS=3000` draws more networks (`make agree`).
"""

from __future__ import annotations

import io
import json
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from graphchannel.findings import ScanOptions, scan
from graphchannel.neo4j.browser import browser_address
from graphchannel.neo4j.engine import Neo4jEngine
from graphchannel.neo4j.published_findings import publish_findings
from graphchannel.report.documents.scan import scan_document
from graphchannel.report.formats import json as json_format
from tests.analysis.coverage.markets import HUB, load_markets
from tests.analysis.goods.path_findings import (
    AS_OF,
    CATALOGUE,
    RULES,
    found,
    random_markets,
    wanted,
)
from tests.neo4j.published import login, published, wipe

if TYPE_CHECKING:
    from collections.abc import Iterator

    import neo4j

    from graphchannel.neo4j.link import Link
    from graphchannel.neo4j.server import LocalServer
    from graphchannel.workspace import Workspace
    from tests.analysis.goods.fixed_length import Market

PATHS = [rule.id for rule in CATALOGUE.rules if rule.id.startswith("paths/")]


@pytest.fixture(scope="module")
def markets() -> list[Market]:
    return random_markets(few_hubs=True)


@pytest.fixture(scope="module")
def workspace(markets: list[Market]) -> Iterator[Workspace]:
    """Load all networks side by side."""
    with load_markets(markets, CATALOGUE.policy) as loaded:
        yield loaded


@pytest.fixture(scope="module")
def link(server: LocalServer, driver: neo4j.Driver, workspace: Workspace) -> Iterator[Link]:
    """Publish them."""
    wipe(driver)
    with login(server) as connected:
        published(workspace, connected)
        yield connected
    wipe(driver)


def test_native_findings_are_those_of_trying_every_path(
    workspace: Workspace, link: Link, markets: list[Market]
) -> None:
    native = found(workspace, Neo4jEngine(link, workspace.connection, timeout=60))
    assert native == wanted(markets)
    assert {identity.rule for identity in native} == set(RULES)


def test_all_path_rules_find_the_same_on_both_engines(workspace: Workspace, link: Link) -> None:
    embedded = found(workspace, rules=PATHS)
    native = found(workspace, Neo4jEngine(link, workspace.connection, timeout=60), PATHS)
    assert native == embedded
    at_hubs = {rule for (rule, subject, *_) in embedded if subject.startswith("hub")}
    assert {"paths/diverted", "paths/unlisted-hop", *RULES} <= at_hubs
    assert max(finding.lines for finding in embedded.values()) > HUB


def test_the_link_of_a_finding_opens_its_path(
    workspace: Workspace, link: Link, server: LocalServer, driver: neo4j.Driver
) -> None:
    result = scan(workspace, CATALOGUE.select(RULES), ScanOptions(as_of=AS_OF))
    publish_findings(link, result)
    stream = io.StringIO()
    document = scan_document(result, top=1, browser=browser_address(server.browser))
    json_format.write(document, stream)
    findings = json.loads(stream.getvalue())["findings"]
    for rule in RULES:
        own = [finding for finding in findings if finding["rule"] == rule]
        for finding in (own[0], own[-1]):  # the last one is at a hub
            (query,) = parse_qs(urlsplit(finding["browser"]).query)["arg"]
            (record,) = driver.execute_query(query).records
            lines = [line for path in record["lines"] for line in path.relationships]
            ends = {line["id"]: [node["id"] for node in line.nodes] for line in lines}
            told = driver.execute_query(
                "MATCH (f:Finding {fingerprint: $key}) RETURN f.certainty, f.path, f.quantities",
                {"key": finding["fingerprint"]},
            ).records[0]
            assert told["f.certainty"] == finding["certainty"]
            assert told["f.path"].count("→") == len(finding["shipments"])
            assert len(told["f.quantities"]) == 1 + len(finding["bounds"])
            hops = pairwise(party["id"] for party in finding["path"])
            assert ends == dict(zip(finding["shipments"], map(list, hops), strict=True))
            assert len(record["finding"]) == 2, "the finding, and the two whom it concerns"

"""Supply paths natively: random networks and hubs, published once to each release of Neo4j.

The rules that are Cypher alone are compared with trying every path; all rules over paths with the
embedded engine. `GRAPHCHANNEL_NETWORKS=3000` draws more networks (`make agree`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphchannel.engines.neo4j import Neo4jEngine
from tests.neo4j.published import login, published, wipe
from tests.network.markets import HUB, load_markets
from tests.network.path_findings import CATALOGUE, RULES, found, random_markets, wanted

if TYPE_CHECKING:
    from collections.abc import Iterator

    import neo4j

    from graphchannel.engines.neo4j_link import Link
    from graphchannel.engines.neo4j_server import LocalServer
    from graphchannel.workspace import Workspace
    from tests.network.fixed_length import Market

PATHS = [rule.id for rule in CATALOGUE.rules if rule.id.startswith("paths/")]


@pytest.fixture(scope="module")
def markets() -> list[Market]:
    return random_markets()


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
    assert {"paths/diverted", "paths/unlisted-hop", "paths/out-exceeds-in", *RULES} <= at_hubs
    assert max(finding.lines for finding in embedded.values()) > HUB

"""Every rule on random channels three ways: embedded, in Neo4j, and in plain Python.

`GRAPHCHANNEL_NATIVE=200` publishes more of them (`make agree`).
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from graphchannel.neo4j.engine import Neo4jEngine
from graphchannel.workspace import create_workspace
from tests.channels import judged
from tests.neo4j.published import login, published, wipe

if TYPE_CHECKING:
    from pathlib import Path

    import neo4j

    from graphchannel.neo4j.server import LocalServer

NETWORKS = int(os.environ.get("GRAPHCHANNEL_NATIVE", "6"))


@pytest.mark.parametrize("first", range(0, NETWORKS, judged.BESIDE))
def test_three_ways_find_the_same(
    first: int, server: LocalServer, driver: neo4j.Driver, tmp_path: Path
) -> None:
    channels, given = judged.drawn(first, most=NETWORKS), judged.given(first)
    catalogue = judged.catalogue_of(given)
    wipe(driver)
    with create_workspace(None, catalogue.policy) as workspace:
        judged.load(workspace, channels, catalogue)
        with login(server) as link:
            published(workspace, link)
            engine = Neo4jEngine(link, workspace.connection, timeout=60)
            native = judged.by_scan(workspace, catalogue, engine)
        embedded = judged.by_scan(workspace, catalogue)
    wipe(driver)
    assert judged.difference(native, embedded) == {}
    assert judged.difference(native, judged.by_oracle(channels, tmp_path, given)) == {}
    assert len({identity[0] for identity in native}) > len(catalogue.rules) * 0.8

"""Real servers, started by the code that `graphchannel neo4j up` runs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import neo4j
import pytest

from graphchannel.engines import neo4j_jars, neo4j_server
from graphchannel.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphchannel.engines.neo4j_server import LocalServer

REQUIRED = "GRAPHCHANNEL_REQUIRE_NEO4J"  # 1: a server that cannot be had is an error
# One worker a release: servers are not shared between processes.
RELEASES = [
    pytest.param(release.name, marks=pytest.mark.xdist_group(f"neo4j-{release.name}"))
    for release in neo4j_jars.RELEASES
]

QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")  # a server that lives for minutes only


@pytest.fixture(scope="session", params=RELEASES)
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LocalServer]:
    """Start a server of each release, on free ports, with a folder of its own."""
    home = tmp_path_factory.mktemp("neo4j")
    try:
        started = neo4j_server.up(
            home,
            request.param,
            heap="512m",
            usual_ports=False,
            java_options=QUICK,
            say=print,
        )
    except EngineError as error:
        if os.environ.get(REQUIRED) == "1":
            raise
        pytest.skip(f"NO NEO4J {request.param}: {error}")
    yield started
    neo4j_server.down(home, request.param)


@pytest.fixture(scope="session")
def driver(server: LocalServer) -> Iterator[neo4j.Driver]:
    """Connect to the server."""
    login = (server.user, server.password)
    with neo4j.GraphDatabase.driver(server.uri, auth=login) as connected:
        yield connected

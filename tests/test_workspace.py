from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import duckdb
import pytest

from graphchannel import resources
from graphchannel.errors import WorkspaceBusy, WorkspaceError
from graphchannel.policy import Policy, load_policy
from graphchannel.schema import RELATIONS, TABLES
from graphchannel.workspace import (
    Workspace,
    create_workspace,
    open_or_create_workspace,
    open_workspace,
)

if TYPE_CHECKING:
    from pathlib import Path

_HOLD = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1])
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy(resources.pack())


def test_every_relation_of_the_graph_is_a_view(policy: Policy) -> None:
    with create_workspace(None, policy) as workspace:
        for name in RELATIONS:
            workspace.connection.execute(f"FROM graph.{name}").fetchall()


def test_every_table_has_its_columns_and_its_history(policy: Policy) -> None:
    with create_workspace(None, policy) as workspace:
        for table in TABLES:
            for where in ("main", "history"):
                found = workspace.connection.execute(f"DESCRIBE {where}.{table.name}").fetchall()
                names = [row[0] for row in found]
                assert names[: len(table.columns)] == list(table.column_names)
                assert names[len(table.columns)] == "_load"


def test_the_policy_is_in_the_graph(policy: Policy) -> None:
    with create_workspace(None, policy) as workspace:
        roles = workspace.connection.execute("SELECT id FROM graph.role ORDER BY rank").fetchall()
        assert [role[0] for role in roles] == ["vendor", *policy.role_ids, "end_user"]
        assert workspace.policy_fingerprint == policy.fingerprint


def test_a_missing_workspace_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="run 'graphchannel load' first"):
        open_workspace(tmp_path / "none.duckdb")


def test_a_workspace_is_not_made_twice(tmp_path: Path, policy: Policy) -> None:
    path = tmp_path / "one.duckdb"
    create_workspace(path, policy).close()
    with pytest.raises(WorkspaceError, match="already"):
        create_workspace(path, policy)
    with open_or_create_workspace(path, policy) as workspace:
        assert workspace.meta("format") == "3"


def test_foreign_files_are_named_as_such(tmp_path: Path, policy: Policy) -> None:
    text = tmp_path / "text.duckdb"
    text.write_text("no database" * 1000)
    with pytest.raises(WorkspaceError, match="nor any DuckDB file"):
        open_workspace(text)
    other = tmp_path / "other.duckdb"
    with duckdb.connect(str(other)) as connection:
        connection.execute("CREATE TABLE theirs (a INTEGER)")
    with pytest.raises(WorkspaceError, match="is no workspace"):
        open_workspace(other)
    with pytest.raises(WorkspaceError, match="is no workspace"):
        open_or_create_workspace(other, policy)


def test_an_empty_database_becomes_a_workspace(tmp_path: Path, policy: Policy) -> None:
    path = tmp_path / "empty.duckdb"
    duckdb.connect(str(path)).close()
    with pytest.raises(WorkspaceError, match="nothing is loaded yet"):
        open_workspace(path)
    open_or_create_workspace(path, policy).close()
    open_workspace(path).close()


def test_another_format_is_refused(tmp_path: Path, policy: Policy) -> None:
    path = tmp_path / "old.duckdb"
    with create_workspace(path, policy) as workspace:
        workspace.connection.execute("UPDATE admin.meta SET value = '0' WHERE key = 'format'")
    with pytest.raises(WorkspaceError, match="has format 0"):
        open_workspace(path)


def test_the_process_that_holds_the_file_is_named(tmp_path: Path, policy: Policy) -> None:
    path = tmp_path / "held.duckdb"
    create_workspace(path, policy).close()
    command = [sys.executable, "-c", _HOLD, str(path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(WorkspaceBusy, match=f"held.duckdb: process {holder.pid} "):
            open_workspace(path)
        assert holder.stdin is not None
        holder.stdin.close()


def test_a_failed_transaction_leaves_nothing(policy: Policy) -> None:
    with create_workspace(None, policy) as workspace:
        with pytest.raises(duckdb.ConversionException):
            _write_then_fail(workspace)
        assert workspace.meta("a") is None


def _write_then_fail(workspace: Workspace) -> None:
    with workspace.transaction():
        workspace.connection.execute("INSERT INTO admin.meta VALUES ('a', 'b')")
        workspace.connection.execute("SELECT 'no number'::INTEGER")

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from graphchannel import resources
from graphchannel.errors import WorkspaceBusy, WorkspaceError
from graphchannel.ingest.sandbox import open_sandbox
from graphchannel.policy import Policy, load_policy
from graphchannel.schema import RELATIONS, TABLES
from graphchannel.workspace import (
    Workspace,
    create_workspace,
    open_or_create_workspace,
    open_workspace,
    workspace_to_fill,
)
from graphchannel.workspace_file import connect
from tests.sampling import sampled

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
            for where in ("main", "history", "past"):
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
        assert workspace.meta("format") == "6"


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


@pytest.mark.parametrize("write", [False, True])
def test_the_format_before_gets_the_views_of_this_one(
    tmp_path: Path, policy: Policy, *, write: bool
) -> None:
    path = tmp_path / "before.duckdb"
    with create_workspace(path, policy) as workspace:
        now = views(workspace)
        workspace.connection.execute(
            """UPDATE admin.meta SET value = '5' WHERE key = 'format';
            CREATE OR REPLACE VIEW graph.supplied AS SELECT id AS _id, same_sale FROM shipments"""
        )
    with open_workspace(path, write=write) as workspace:
        assert views(workspace) == now
        assert workspace.meta("format") == "6"
    with open_workspace(path) as workspace:
        assert views(workspace) == now


def views(workspace: Workspace) -> list[tuple[str, str]]:
    sql = "SELECT view_name, sql FROM duckdb_views() WHERE schema_name = 'graph' ORDER BY 1"
    return workspace.connection.execute(sql).fetchall()


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


_FIRST_LOAD = """
import sys, time
from pathlib import Path
from graphchannel import resources
from graphchannel.errors import GraphChannelError
from graphchannel.policy import load_policy
from graphchannel.workspace import workspace_to_fill
policy = load_policy(resources.pack())
sys.stdin.readline()
try:
    with workspace_to_fill(Path(sys.argv[1]), policy) as workspace, workspace.transaction():
        workspace.connection.execute("INSERT INTO vendors VALUES (?, 'x', 1)", [sys.argv[2]])
        print("filled", flush=True)
        if sys.argv[2] == "fails":
            raise GraphChannelError("as asked for")
except GraphChannelError as error:
    print(error, flush=True)
"""


@pytest.mark.parametrize("second", sampled(["fails", "B"], 1))
def test_two_first_loads_at_once_lose_nothing(tmp_path: Path, second: str) -> None:
    """Whoever is first wins, whole; the other says so, and takes away nothing but its own."""
    for attempt in range(4):
        path = tmp_path / f"{attempt}.duckdb"
        loads = {
            name: subprocess.Popen(
                [sys.executable, "-c", _FIRST_LOAD, str(path), name],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for name in ("A", second)
        }
        for load in loads.values():
            assert load.stdin is not None
            load.stdin.write("go\n")
            load.stdin.flush()
        said = {name: load.communicate()[0] for name, load in loads.items()}
        kept = {name for name in ("A", "B") if "filled" in said.get(name, "")}
        assert kept or "filled" in said[second]
        if kept:
            with open_workspace(path) as workspace:
                rows = workspace.connection.execute("SELECT id FROM vendors").fetchall()
            assert {row[0] for row in rows} == kept
        else:
            assert not path.exists()
        for name in {"A", "B"} & loads.keys() - kept:
            assert "process" in said[name]
    assert not list(tmp_path.glob(".*"))


def test_a_kill_while_a_workspace_is_made_leaves_none(tmp_path: Path, policy: Policy) -> None:
    path = tmp_path / "x.duckdb"
    script = (
        "import os, sys\nfrom pathlib import Path\nfrom graphchannel import resources, workspace, "
        "workspace_tables\n"
        "from graphchannel.policy import load_policy\n"
        "workspace_tables.write_policy = lambda *_: os.kill(os.getpid(), 9)\n"
        "workspace.create_workspace(Path(sys.argv[1]), load_policy(resources.pack()))\n"
    )
    assert subprocess.run([sys.executable, "-c", script, str(path)], check=False).returncode == -9
    assert not path.exists()
    open_or_create_workspace(path, policy).close()
    with open_workspace(path):
        pass


def test_a_first_load_that_fails_leaves_no_workspace(tmp_path: Path, policy: Policy) -> None:
    path = tmp_path / "x.duckdb"
    for error in (WorkspaceError("no"), KeyboardInterrupt()):
        with pytest.raises(type(error)), workspace_to_fill(path, policy):
            raise error
        assert list(tmp_path.iterdir()) == []
    create_workspace(path, policy).close()
    with pytest.raises(WorkspaceError), workspace_to_fill(path, policy):
        raise WorkspaceError("no")
    assert path.exists()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("lines.csv", b"id,shipped_on,seller_id\nL1,2015-06-01,D1\n", "nor any DuckDB file"),
        ("short.csv", b"id\n", "nor any DuckDB file"),
        ("empty.duckdb", b"", "the file is empty and no workspace; delete it"),
        ("cut.duckdb", b"\0" * 8192, "nor any DuckDB file"),
        ("old.db", b"SQLite format 3\0" + b"\0" * 4000, "an SQLite database and no workspace"),
    ],
)
def test_files_that_are_no_workspace(
    tmp_path: Path, policy: Policy, name: str, content: bytes, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    for attempt in (open_workspace, lambda path: open_or_create_workspace(path, policy)):
        with pytest.raises(WorkspaceError, match=message):
            attempt(path)
    assert path.read_bytes() == content


def test_places_that_are_no_file(tmp_path: Path, policy: Policy) -> None:
    with pytest.raises(WorkspaceError, match="':memory:' is no file, and nothing would be kept"):
        open_or_create_workspace(Path(":memory:"), policy)
    with pytest.raises(WorkspaceError, match="this is a folder and no workspace"):
        open_or_create_workspace(tmp_path, policy)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(WorkspaceError, match="a device or a pipe and no workspace"):
        open_workspace(tmp_path / "pipe")


@pytest.mark.parametrize("name", ["md:channel", "sqlite:x.db", "postgres:dbname=x", "ducklake:x"])
def test_a_path_is_a_path(
    tmp_path: Path, policy: Policy, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with open_or_create_workspace(Path(name), policy) as workspace:
        found = workspace.connection.execute(
            "SELECT count(*) FROM duckdb_settings()"
            " WHERE name LIKE 'auto%known_extensions' AND value = 'false'"
        ).fetchone()
        assert found == (2,)
    assert (tmp_path / name).is_file()


def test_a_new_workspace_is_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "channel.duckdb"
    create_workspace(file, load_policy(resources.pack())).close()
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o640)  # for a team, and so it stays
    with open_workspace(file, write=True):
        pass
    assert file.stat().st_mode & 0o777 == 0o640


def test_what_a_killed_process_left_of_its_work_goes(tmp_path: Path) -> None:
    file = tmp_path / "channel.duckdb"
    create_workspace(file, load_policy(resources.pack())).close()
    select = "SELECT current_setting('temp_directory')"
    with open_workspace(file) as workspace:
        [[own]] = workspace.connection.execute(select).fetchall()
    assert Path(own).parent == tmp_path
    gone = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"],
        stdout=subprocess.PIPE,
        check=True,
    )
    dead = own.replace(f".{os.getpid()}.", f".{int(gone.stdout)}.")
    alive = own.replace(f".{os.getpid()}.", f".{os.getppid()}.")
    for folder in (dead, alive):
        Path(folder).mkdir()
        (Path(folder) / "duckdb_temp_storage-0.tmp").write_bytes(b"x" * 1000)
    with open_workspace(file):
        assert not Path(dead).exists()
        assert Path(alive).exists()


# What is allowed, and what it is called and shows as in DuckDB; and what is refused.
LIMITS = {
    "GRAPHCHANNEL_MEMORY": (
        "640 MiB",
        "memory_limit",
        "640.0 MiB",
        ("640", "-1GB", "0GB", "many", "1e3MB"),
    ),
    "GRAPHCHANNEL_THREADS": (" 7", "threads", 7, ("0", "-1", "1.5", "all", "1000")),
}


@pytest.mark.parametrize("path", ["channel.duckdb", None])
@pytest.mark.parametrize("variable", LIMITS)
def test_memory_and_threads_are_what_was_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str | None, variable: str
) -> None:
    file = tmp_path / path if path else None
    allowed, setting, in_force, wrongs = LIMITS[variable]
    monkeypatch.setenv(variable, allowed)
    with connect(file, write=True) as connection:
        assert current(connection, setting) == in_force
    for wrong in wrongs:
        monkeypatch.setenv(variable, wrong)
        with pytest.raises(WorkspaceError, match=f"{variable} is '{wrong}'; expected"):
            connect(file, write=True)


def test_loaders_have_the_threads_that_were_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRAPHCHANNEL_THREADS", " 7")
    with open_sandbox() as sandbox:
        assert current(sandbox.connection, "threads") == 7


def current(connection: duckdb.DuckDBPyConnection, setting: str) -> object:
    [[value]] = connection.execute("SELECT current_setting($1)", [setting]).fetchall()
    return value


def test_what_is_open_to_be_read_says_its_state_once(tmp_path: Path, policy: Policy) -> None:
    file = tmp_path / "channel.duckdb"
    with create_workspace(file, policy) as written:
        assert written.fixed is None
    with open_workspace(file) as read:
        with read.lent() as first:
            pass
        with read.lent() as second, read.lent() as third:
            assert second is first is not third
        read.connection.close()  # whatever it says now, it has not asked
        assert read.policy_fingerprint == policy.fingerprint


def test_a_session_that_failed_is_not_lent_again(tmp_path: Path, policy: Policy) -> None:
    file = tmp_path / "channel.duckdb"
    create_workspace(file, policy).close()
    with open_workspace(file) as read:
        with pytest.raises(duckdb.Error), read.lent() as failed, failed.working() as connection:
            connection.execute("SELECT 1 / 'x'").fetchall()
        with read.lent() as other, other.working() as connection:
            assert connection.execute("SELECT 1").fetchall() == [(1,)]
        assert other is not failed

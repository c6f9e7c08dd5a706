from __future__ import annotations

import csv
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import duckdb
import pytest

from graphchannel.errors import WorkspaceBusy
from graphchannel.ingest import load, loads
from graphchannel.workspace import create_workspace, open_or_create_workspace, open_workspace
from tests.ingest.conftest import Channel, Rows, line, network_rows
from tests.sampling import sampled

if TYPE_CHECKING:
    from pathlib import Path

    from graphchannel.policy import Policy

# Loads a folder, and kills itself with SIGKILL when the function named is about to run.
_KILLED = """
import os, signal, sys
from pathlib import Path
from graphchannel import resources
from graphchannel.ingest import load
from graphchannel.policy import load_policy
from graphchannel.workspace import open_workspace

workspace, folder, point = sys.argv[1:]

def killed(*arguments, **options):
    os.kill(os.getpid(), signal.SIGKILL)

module = sys.modules["graphchannel.ingest.loading"]
if point == "after commit":
    original = module.load_staged
    def then_killed(*arguments, **options):
        original(*arguments, **options)
        killed()
    sys.modules["graphchannel.ingest.files"].load_staged = then_killed
else:
    setattr(module, point, killed)
policy = load_policy(resources.pack())
with open_workspace(Path(workspace), write=True) as opened:
    load(opened, [Path(folder)], policy)
"""


def _write(folder: Path, rows: Rows) -> None:
    folder.mkdir()
    for table, records in rows.items():
        names = list(dict.fromkeys(name for record in records for name in record))
        with (folder / f"{table}.csv").open("w", newline="", encoding="utf-8") as stream:
            writer = csv.DictWriter(stream, names)
            writer.writeheader()
            writer.writerows(records)


@pytest.mark.parametrize(
    "point", sampled(["keep_files", "after commit", "accept", "finish_load"], 2)
)
def test_a_killed_load_leaves_the_workspace_before_or_after_it(
    policy: Policy, tmp_path: Path, point: str
) -> None:
    path = tmp_path / "channel.duckdb"
    _write(tmp_path / "first", network_rows() | {"shipments": [line("1")]})
    more = {"shipments": [line(str(n), quantity=5) for n in range(3000)]}
    _write(tmp_path / "second", more | {"partners": [{"id": "P", "name": "P"}]})
    with create_workspace(path, policy) as workspace:
        load(workspace, [tmp_path / "first"], policy)
        before = Channel(workspace, policy).content()
    command = [sys.executable, "-c", _KILLED, str(path), str(tmp_path / "second"), point]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    with open_workspace(path) as workspace:
        found = Channel(workspace, policy).content()
        if point == "after commit":
            assert len(found["shipments"]) == 3000
            assert len(loads(workspace)) == 2
        else:
            assert found == before
            assert len(loads(workspace)) == 1
    with open_workspace(path, write=True) as workspace:
        assert load(workspace, [tmp_path / "second"], policy).rejected == 0
        assert len(Channel(workspace, policy).content()["shipments"]) == 3000


@pytest.mark.parametrize("fails", [False, True])
def test_a_load_leaves_nothing_on_the_connection(
    policy: Policy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, fails: bool
) -> None:
    """Neither what the readers staged nor a setting, whether it succeeds or not."""
    _write(tmp_path / "rows", network_rows() | {"shipments": [line("L1")]})

    def broken(*_: object) -> None:
        workspace.connection.execute("SELECT error('broken on purpose')")

    with create_workspace(None, policy) as workspace:
        if fails:
            monkeypatch.setattr("graphchannel.ingest.accept._insert", broken)
            with pytest.raises(duckdb.Error, match="broken on purpose"):
                load(workspace, [tmp_path / "rows"], policy)
        else:
            assert load(workspace, [tmp_path / "rows"], policy).rejected == 0
        left = workspace.connection.execute(
            "SELECT view_name FROM duckdb_views() WHERE temporary AND NOT internal"
            " UNION ALL SELECT table_name FROM duckdb_tables() WHERE temporary"
        ).fetchall()
        assert [name for (name,) in left if not name.startswith("_")] == []
        setting = "SELECT current_setting('disabled_optimizers')"
        assert workspace.connection.execute(setting).fetchall() == [("",)]


def test_a_workspace_that_another_process_holds_is_busy(policy: Policy, tmp_path: Path) -> None:
    path = tmp_path / "channel.duckdb"
    create_workspace(path, policy).close()
    hold = "import sys, duckdb; c = duckdb.connect(sys.argv[1]); print(flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdin is not None
        holder.stdout.readline()
        with pytest.raises(WorkspaceBusy, match=str(holder.pid)):
            open_or_create_workspace(path, policy)
        holder.stdin.close()

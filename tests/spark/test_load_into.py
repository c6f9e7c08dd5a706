"""A load on Spark accepts and rejects what the same files do in one on this machine."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from graphchannel.cli import main
from graphchannel.demo.generate import generate
from graphchannel.errors import EngineError
from graphchannel.files import sha256_of
from graphchannel.ingest import ReadOptions, load, rejects
from graphchannel.policy import load_policy
from graphchannel.resources import pack
from graphchannel.schema import RELATIONS, TABLES
from graphchannel.spark.lake import export_lake, read_lake
from graphchannel.spark.load_into import load_into
from graphchannel.workspace import create_workspace, open_workspace
from tests.spark.networks import HEADER, small, spoilt

if TYPE_CHECKING:
    from pathlib import Path

    from graphchannel.ingest import LoadReport
    from graphchannel.workspace import Workspace

pytest.importorskip("pyspark.sql")
pytestmark = pytest.mark.xdist_group("spark")  # one worker, one Java

POLICY = load_policy(pack())
ENGINE = "spark:local[2]"
ADMIN = ("rejects", "files", "periods")


def everything(workspace: Workspace) -> dict[str, list[str]]:
    """Return all rows that follow from the files, of tables, graph and what is kept of the load."""
    names = [f"main.{each.name}" for each in TABLES] + [f"graph.{name}" for name in RELATIONS]
    names += [f"admin.{name}" for name in ADMIN]
    return {
        name: sorted(map(repr, workspace.connection.execute(f"FROM {name}").fetchall()))
        for name in names
    }


def both(folder: Path, files: Path) -> tuple[LoadReport, LoadReport]:
    """Load files into a workspace, and on Spark into a lake; compare all that stands there then."""
    with create_workspace(folder / "channel.duckdb", POLICY) as workspace:
        here = load(workspace, [files], POLICY)
        export_lake(workspace, folder / "channel.lake")
        stands, why = everything(workspace), rejects(workspace)
    there = load_into(ENGINE, [files], POLICY, ReadOptions(), folder / "lake")
    with open_workspace(folder / "lake" / "workspace.duckdb") as workspace:
        assert rejects(workspace) == why
        assert everything(workspace) == stands
    exported, loaded = read_lake(folder / "channel.lake"), read_lake(folder / "lake")
    assert [(t.name, t.rows) for t in loaded.tables] == [(t.name, t.rows) for t in exported.tables]
    return here, there


def test_rows_end_as_in_a_workspace(tmp_path: Path, spark_session: Any) -> None:
    assert spark_session.version >= "4"
    here, there = both(tmp_path, small(tmp_path / "files"))
    assert there.files == here.files
    assert there.rejected == here.rejected > 15


@pytest.mark.thorough
@pytest.mark.parametrize("seed", [1])
def test_a_spoilt_network_ends_as_in_a_workspace(
    tmp_path: Path, spark_session: Any, seed: int
) -> None:
    assert spark_session.version >= "4"
    generate(tmp_path / "files", partners=300, lines=4000, seed=seed)
    here, there = both(tmp_path, spoilt(tmp_path / "files", seed))
    assert there.files == here.files
    assert there.rejected == here.rejected > 100
    assert sum(file.unchanged for file in there.files) > 10
    manifest, asked = (tmp_path / "lake" / "manifest.json").read_bytes(), [tmp_path / "files"]
    load_into(ENGINE, asked, POLICY, ReadOptions(), tmp_path / "lake")
    assert (tmp_path / "lake" / "manifest.json").read_bytes() == manifest
    assert [path.name for path in tmp_path.glob(".lake*")] == []
    assert scanned(tmp_path, "-w", str(tmp_path / "channel.duckdb")) == scanned(
        tmp_path, "--engine", ENGINE, "--lake", str(tmp_path / "lake")
    )


def scanned(folder: Path, *options: str) -> str:
    """Return the JSON of a scan, but for the name of the engine."""
    rules = ["--rule", "supply/*", "--rule", "paths/*", "--rule", "data/*"]
    command = ["scan", "--as-of", "2015-06-30", *rules, "--output", str(folder / "scan.json")]
    ran = CliRunner().invoke(main, [*command, *options], catch_exceptions=False)
    assert ran.exit_code == 1, ran.output
    lines = (folder / "scan.json").read_text("utf-8").splitlines()
    return "\n".join(line for line in lines if not line.lstrip().startswith('"engine"'))


@pytest.mark.thorough
@pytest.mark.parametrize("how", ["raise", "kill"])
def test_a_load_that_fails_leaves_the_lake_before(
    tmp_path: Path, spark_session: Any, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    assert spark_session.version >= "4"
    files = small(tmp_path / "files")
    load_into(ENGINE, [files], POLICY, ReadOptions(), tmp_path / "lake")
    before = read_lake(tmp_path / "lake")
    (files / "shipments_2015-01.csv").write_text(f"{HEADER}\n1,2015-01-10,V,A,P,5,1,EUR,I,\n")

    def failing(*_: Any) -> Any:
        if how == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        raise ValueError("a disk was pulled out")
        yield

    monkeypatch.setattr("graphchannel.spark.load_into.judge_rows", failing)
    told = (
        "Python worker exited unexpectedly"
        if how == "kill"
        else "ValueError: a disk was pulled out"
    )
    with pytest.raises(EngineError, match=told):
        load_into(ENGINE, [files], POLICY, ReadOptions(), tmp_path / "lake")
    assert read_lake(tmp_path / "lake") == before
    for table in before.tables:
        for file in table.files:
            assert sha256_of(tmp_path / "lake" / file.path) == file.sha256
    assert sorted(path.name for path in tmp_path.iterdir()) == ["files", "lake"]

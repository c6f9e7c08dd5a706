"""A load on Spark accepts and rejects what the same files do in one on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from graphchannel.ingest import ReadOptions, load, rejects
from graphchannel.policy import load_policy
from graphchannel.resources import pack
from graphchannel.schema import RELATIONS, TABLES
from graphchannel.spark.lake import export_lake, read_lake
from graphchannel.spark.load_into import load_into
from graphchannel.workspace import create_workspace, open_workspace
from tests.spark.networks import small

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
    manifest = (tmp_path / "lake" / "manifest.json").read_bytes()
    load_into(ENGINE, [tmp_path / "files"], POLICY, ReadOptions(), tmp_path / "lake")
    assert (tmp_path / "lake" / "manifest.json").read_bytes() == manifest

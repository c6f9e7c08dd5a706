"""The graph as Parquet files: the same bytes for the same workspace, whole, and known to be old."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import duckdb
import pytest
from click.testing import CliRunner

from graphchannel import Channel
from graphchannel.cli import main
from graphchannel.errors import EngineError, InputError
from graphchannel.schema import RELATIONS
from graphchannel.spark.lake import check_current, export_lake, read_lake
from graphchannel.workspace import open_workspace

if TYPE_CHECKING:
    from pathlib import Path

    from graphchannel.workspace import Workspace

LINES = "id,seller_id,buyer_id,shipped_on,quantity,product_id\n"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lake")
    (folder / "partners.csv").write_text("id,name\nA,Alpha\nB,Beta\n")
    (folder / "products.csv").write_text("id,name\nP,Switch\n")
    (folder / "shipments.csv").write_text(
        f"{LINES}2,B,A,2015-02-28,1,P\n1,A,B,2015-02-01,2,P\n3,A,B,2015-03-01,3,P\n"
    )
    with Channel.open(folder / "channel.duckdb") as channel:
        channel.load(*folder.glob("*.csv"))
    return folder / "channel.duckdb"


def run(*arguments: str) -> str:
    return CliRunner().invoke(main, list(arguments), catch_exceptions=False).output


def selected(query: str) -> list[tuple[object, ...]]:
    with duckdb.connect() as connection:
        return connection.execute(query).fetchall()


def hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def workspace(file: Path) -> Workspace:
    return open_workspace(file)


def test_every_relation_is_there_with_all_its_rows(workspace: Workspace, tmp_path: Path) -> None:
    lake = export_lake(workspace, tmp_path / "lake")
    assert [table.name for table in lake.tables] == sorted(RELATIONS)
    for table in lake.tables:
        where = f"'{tmp_path}/lake/{table.name}/**/*.parquet'"
        stored = selected(f"FROM read_parquet({where}, hive_partitioning = false)")
        rows = workspace.connection.execute(f"FROM graph.{table.name}").fetchall()
        assert sorted(map(repr, stored)) == sorted(map(repr, rows))
        assert table.rows == len(rows)


def test_lines_lie_by_month_and_seller(workspace: Workspace, tmp_path: Path) -> None:
    lake = export_lake(workspace, tmp_path / "lake")
    (supplied,) = (table for table in lake.tables if table.name == "supplied")
    months = [f"supplied/month=2015-{month}/part.parquet" for month in ("02", "03")]
    assert [(file.path, file.rows) for file in supplied.files] == [(months[0], 2), (months[1], 1)]
    first = selected(f"SELECT id FROM '{tmp_path}/lake/{months[0]}'")
    assert first == [("1",), ("2",)]


def test_the_same_workspace_gives_the_same_bytes(workspace: Workspace, tmp_path: Path) -> None:
    lake = export_lake(workspace, tmp_path / "one")
    export_lake(workspace, tmp_path / "two")
    assert hashes(tmp_path / "one") == hashes(tmp_path / "two")
    told = {file.path: file.sha256 for table in lake.tables for file in table.files}
    assert told == {k: v for k, v in hashes(tmp_path / "one").items() if k != "manifest.json"}
    assert read_lake(tmp_path / "one") == lake


def test_a_lake_is_replaced_whole(workspace: Workspace, tmp_path: Path) -> None:
    export_lake(workspace, tmp_path / "lake")
    before = hashes(tmp_path / "lake")
    (tmp_path / "lake" / "supplied" / "month=1999-01").mkdir()
    export_lake(workspace, tmp_path / "lake")
    assert hashes(tmp_path / "lake") == before
    assert not (tmp_path / "lake" / "supplied" / "month=1999-01").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["lake"]


def test_a_folder_with_something_else_stays(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(InputError, match=r"holds 1 entry and no manifest\.json"):
        export_lake(workspace, tmp_path)
    with pytest.raises(InputError, match="is no folder"):
        export_lake(workspace, tmp_path / "thesis.txt")
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "no manifest of a lake"),
        ("[]", "no manifest of a lake"),
        ('{"format": 2}', "no manifest of a lake"),
        ('{"format": 2, "tables": [{"name": "x"}]}', "no manifest of a lake"),
        ('{"format": 1}', r"another version of graphchannel wrote this lake \(format 1\)"),
    ],
)
def test_a_manifest_that_is_none_is_refused(tmp_path: Path, content: str, told: str) -> None:
    (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(EngineError, match=told):
        read_lake(tmp_path)


def test_where_nothing_was_exported_the_command_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="write one with 'graphchannel export"):
        read_lake(tmp_path)


def test_a_lake_behind_its_workspace_is_not_asked(file: Path, tmp_path: Path) -> None:
    copy = tmp_path / "channel.duckdb"
    copy.write_bytes(file.read_bytes())
    (tmp_path / "shipments.csv").write_text(f"{LINES}4,A,B,2015-03-02,1,P\n")
    with Channel.open(copy) as channel:
        lake = channel.export()
        with open_workspace(copy) as workspace:
            check_current(lake, tmp_path / "channel.lake", workspace)
        channel.load(tmp_path / "shipments.csv")
        with (
            open_workspace(copy) as workspace,
            pytest.raises(EngineError, match=r"follows load 1, the workspace is at load 2; run"),
        ):
            check_current(lake, tmp_path / "channel.lake", workspace)


def test_a_lake_of_another_workspace_is_not_asked(workspace: Workspace, tmp_path: Path) -> None:
    export_lake(workspace, tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    (tmp_path / "manifest.json").write_text(json.dumps(manifest | {"workspace": "other"}))
    with pytest.raises(EngineError, match="written from another workspace"):
        check_current(read_lake(tmp_path), tmp_path, workspace)


def test_the_command_lists_tables_and_files(file: Path, tmp_path: Path) -> None:
    lake = str(tmp_path / "lake")
    told = run("export", lake, "-w", str(file))
    assert "supplied" in told
    assert "month=2015-02" not in told
    files = run("export", lake, "-w", str(file), "--section", "files", "--format", "csv")
    assert "supplied/month=2015-02/part.parquet,2," in files

"""A workspace whose lines stand in the lake around it answers as any, and is not changed."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from graphchannel import Channel
from graphchannel.channel import EngineChoice
from graphchannel.cli import main
from graphchannel.errors import InputError
from graphchannel.spark.lake import default_lake, export_lake
from graphchannel.spark.lake_workspace import refuse_inexact, stand_on_lake
from graphchannel.workspace import open_workspace

if TYPE_CHECKING:
    from pathlib import Path

    from graphchannel.ingest import LoadReport

LINES = "id,seller_id,buyer_id,shipped_on,quantity,product_id,amount,currency\n"


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with files, a workspace of them, and a lake with the workspace on it."""
    folder = tmp_path_factory.mktemp("stands")
    (folder / "partners.csv").write_text("id,name\nA,Alpha\nB,Beta\n")
    (folder / "products.csv").write_text("id,name\nP,Switch\n")
    (folder / "shipments.csv").write_text(
        f"{LINES}1,A,B,2015-02-01,2,P,1.25,EUR\n2,B,A,2015-03-01,1,P,99999999999.9999,EUR\n"
    )
    (folder / "serials.csv").write_text("shipment_id,serial\n1,S1\n1,S2\n2,S1\n")
    with Channel.open(folder / "channel.duckdb") as channel:
        channel.load(*folder.glob("*.csv"))
    with open_workspace(folder / "channel.duckdb") as workspace:
        export_lake(workspace, folder / "lake")
        id_ = str(workspace.meta("id"))
    shutil.copyfile(folder / "channel.duckdb", folder / "lake" / "workspace.duckdb")
    with open_workspace(folder / "lake" / "workspace.duckdb", write=True) as workspace:
        stand_on_lake(workspace, (), id_)
    return folder


def test_its_rows_are_those_of_the_tables(loaded: Path) -> None:
    rows = []
    for name in ("channel.duckdb", "lake/workspace.duckdb"):
        with open_workspace(loaded / name) as workspace, workspace.session() as session:
            for relation in (
                "main.shipments",
                "main.serials",
                "graph.supplied",
                "graph.handed_over",
            ):
                found = session.connection.execute(f"FROM {relation} ORDER BY ALL")
                rows.append(found.fetchall())
    assert rows[:4] == rows[4:]


def test_a_lake_can_be_moved(loaded: Path, tmp_path: Path) -> None:
    shutil.copytree(loaded / "lake", tmp_path / "moved")
    (tmp_path / "moved" / "supplied" / "month=2015-03" / "part.parquet").unlink()
    with open_workspace(tmp_path / "moved" / "workspace.duckdb") as workspace:
        assert workspace.connection.execute("SELECT id FROM main.shipments").fetchall() == [("1",)]


def test_the_lake_of_such_a_workspace_is_the_one_around_it(loaded: Path) -> None:
    assert default_lake(loaded / "lake" / "workspace.duckdb") == loaded / "lake"
    asked = ["scan", "--lake", str(loaded / "lake"), "--rule", "supply/*", "--format", "json"]
    ran = CliRunner().invoke(main, asked)
    assert ran.exit_code in {0, 1}
    assert '"engine": "duckdb"' in ran.output


def test_nothing_changes_it(loaded: Path) -> None:
    file = loaded / "lake" / "workspace.duckdb"
    before = file.read_bytes()
    with Channel.open(file) as channel:
        for change in (
            lambda: channel.load(loaded / "shipments.csv"),
            lambda: channel.unload(1),
            channel.withdraw_duplicates,
            channel.export,
        ):
            with pytest.raises(InputError, match="stand in a lake"):
                change()
    with (
        Channel.open(file, known_at=1) as channel,
        pytest.raises(InputError, match="stand in a lake have no history"),
    ):
        channel.status()
    assert file.read_bytes() == before


def test_an_export_does_not_take_its_place(loaded: Path) -> None:
    with (
        open_workspace(loaded / "channel.duckdb") as workspace,
        pytest.raises(InputError, match="a workspace in it; name another folder"),
    ):
        export_lake(workspace, loaded / "lake")


def test_what_was_worked_on_is_not_lost(loaded: Path, tmp_path: Path) -> None:
    shutil.copytree(loaded / "lake", tmp_path / "lake")
    with open_workspace(tmp_path / "lake" / "workspace.duckdb", write=True) as workspace:
        workspace.connection.execute("INSERT INTO admin.work (number) VALUES (1), (2)")
    with pytest.raises(InputError, match=r"worked on findings of this lake \(2 entries\)"):
        into(loaded, tmp_path / "lake")


def test_a_path_with_a_comma_is_refused(loaded: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a lake whose path has a comma"):
        into(loaded, tmp_path / "a,b")


def into(files: Path, lake: Path) -> LoadReport:
    with Channel.open(None, engine=EngineChoice()) as channel:
        return channel.load_into(lake, files, engine="spark:local[1]")


def test_amounts_that_a_double_does_not_tell_are_refused(loaded: Path, tmp_path: Path) -> None:
    kept = tmp_path / "_kind=supplied" / "_month=2015-02"
    kept.mkdir(parents=True)
    with open_workspace(loaded / "channel.duckdb") as workspace:
        for amount in (99_999_999_999.9999, 1e11):
            rows = f"SELECT 'L' AS id, {amount}::DOUBLE AS amount"
            workspace.connection.execute(f"COPY ({rows}) TO '{kept}/part.parquet'")
            if amount < 1e11:
                refuse_inexact(workspace.connection, tmp_path)
        with pytest.raises(InputError, match="Line 'L' has an amount of 100,000,000,000 or more"):
            refuse_inexact(workspace.connection, tmp_path)

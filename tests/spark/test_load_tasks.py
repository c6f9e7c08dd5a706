"""Tasks of a load, without Spark: they read and judge, and refuse what they cannot do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from click.testing import CliRunner

from graphchannel.cli import main
from graphchannel.ingest import ReadOptions, load
from graphchannel.policy import load_policy
from graphchannel.resources import pack
from graphchannel.spark.judge_task import judge_rows, outcome_schema
from graphchannel.spark.line_rows import row_schema
from graphchannel.spark.read_file_codec import decoded
from graphchannel.spark.read_task import read_files
from graphchannel.workspace import create_workspace

if TYPE_CHECKING:
    from pathlib import Path

    from graphchannel.spark.line_rows import ReadFile

POLICY = load_policy(pack())
WHAT_FILES_TELL = ReadOptions()
LINES = "id,shipped_on,seller_id,buyer_id,product_id,quantity,amount\n"


def read(*files: Path, options: ReadOptions = WHAT_FILES_TELL) -> tuple[list[ReadFile], pa.Table]:
    """Return what is said of files, and the typed rows of their lines."""
    numbers = pa.RecordBatch.from_pylist([{"id": at} for at in range(len(files))])
    rows = pa.Table.from_batches(read_files([numbers], files, options, row_schema()))
    said = [decoded(about, "read") for about in rows["_about"].drop_null().to_pylist()]
    return said, rows.filter(pa.compute.is_null(rows["_about"]))


def judged(folder: Path, said: list[ReadFile], rows: pa.Table) -> list[dict[str, object]]:
    with create_workspace(folder / "base.duckdb", POLICY) as workspace:
        load(workspace, [folder / "partners.csv", folder / "products.csv"], POLICY)
    sources = [source for file in said for source in file.sources]
    policy, base = POLICY, folder / "base.duckdb"
    found = judge_rows(rows.to_batches(), base, sources, policy, outcome_schema())
    rows_out: list[dict[str, object]] = pa.Table.from_batches(found).to_pylist()
    return rows_out


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "partners.csv").write_text("id,name\nA,Alpha\nB,Beta\n")
    (tmp_path / "products.csv").write_text("id,name\nP,Switch\n")
    return tmp_path


def test_ids_that_people_mix_up_meet_in_one_part(folder: Path) -> None:
    (folder / "shipments.csv").write_text(f"{LINES}K-07,2015-01-10,A,B,P,5,1\n")
    (folder / "serials.csv").write_text("shipment_id,serial\nk07,S1\n")
    said, rows = read(folder / "shipments.csv", folder / "serials.csv")
    assert set(rows["_part"].to_pylist()) == {"k07"}
    (reject,) = (row for row in judged(folder, said, rows) if row["_kind"] == "rejects")
    assert "Did you mean 'K-07'?" in str(reject["reason"])


def test_the_order_in_which_rows_arrive_decides_nothing(folder: Path) -> None:
    for name, quantity in (("a", 5), ("b", 6), ("c", 5)):
        lines = f"{LINES}L1,2015-01-10,A,B,P,{quantity},1\nL2,2015-01-11,A,B,P,{quantity},1\n"
        (folder / f"shipments_{name}.csv").write_text(lines)
    said, rows = read(*sorted(folder.glob("shipments_*.csv")))
    found = judged(folder, said, rows)
    assert [row["quantity"] for row in found if row["_kind"] == "supplied"] == [5, 5]
    (folder / "base.duckdb").unlink()
    assert judged(folder, said, rows.take(list(reversed(range(len(rows)))))) == found


def test_a_file_of_lines_and_parties_is_refused(folder: Path) -> None:
    (folder / "mixed.sql").write_text(
        "-- @name mixed\n-- @reads csv\n-- @columns line, day, firm, buyer, sku\n"
        "-- @into end_users\nSELECT _record, buyer AS id, buyer AS name FROM source;\n"
        "-- @into shipments\nSELECT _record, line AS id, day AS shipped_on, firm AS seller_id,"
        " buyer AS buyer_id, sku AS product_id, 1 AS quantity FROM source;\n"
    )
    (folder / "flat.csv").write_text("line,day,firm,buyer,sku\n1,2015-01-10,A,E,P\n")
    (said,), rows = read(folder / "flat.csv", options=ReadOptions(loaders=folder))
    assert "brings shipments and end_users; with --into, lines and serial" in str(said.refused)
    assert rows.num_rows == 0


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--into", "lake"], "--into LAKE and --engine SPARK go together"),
        (["--engine", "spark:local[2]"], "--into LAKE and --engine SPARK go together"),
        (["--replace", "shipments"], "--replace does not go with --into"),
        (["--reporter", "A"], "--reporter does not go with --into"),
        (["--keep-empty", "partners"], "--keep-empty does not go with --into"),
        (["-w", "channel.duckdb"], "--workspace does not go with --into"),
    ],
)
def test_what_does_not_go_together_is_said(folder: Path, options: list[str], told: str) -> None:
    both = [] if "together" in told else ["--into", "lake", "--engine", "spark:local[2]"]
    ran = CliRunner().invoke(main, ["load", str(folder), *both, *options])
    assert ran.exit_code == 2
    assert told in ran.output

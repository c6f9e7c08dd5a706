"""Every loader comes with a sample and the rows that it makes of it.

`tests/loaders/<name>/` holds `sample.<suffix>` and one `expected.csv` (`expected-<table>.csv` for
a loader that fills several tables): `_record` and the canonical columns, in record order. A record
that is missing there is one that the loader is expected to leave to the rejects.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from graphchannel.ingest import load, load_rows, rejects
from graphchannel.ingest.loaders.catalogue import all_loaders
from graphchannel.ingest.loaders.run import check_loader
from graphchannel.ingest.readers import ReadOptions, stage
from graphchannel.policy import load_policy
from graphchannel.resources import pack
from graphchannel.workspace import create_workspace

if TYPE_CHECKING:
    from graphchannel.ingest.loaders.header import Loader

_HERE = Path(__file__).parent
_LOADERS = {loader.name: loader for loader in all_loaders()}


@pytest.fixture(params=sorted(_LOADERS))
def loader(request: pytest.FixtureRequest) -> Loader:
    return _LOADERS[str(request.param)]


def test_there_are_loaders() -> None:
    assert "pos-flat" in _LOADERS


def test_no_sample_without_its_loader() -> None:
    assert {folder.name for folder in _HERE.iterdir() if folder.is_dir()} - {"__pycache__"} == set(
        _LOADERS
    )


def test_the_loader_is_sound_and_says_why(loader: Loader) -> None:
    check_loader(loader)
    assert loader.about


def test_the_sample_is_recognised_and_gives_the_expected_rows(loader: Loader) -> None:
    [sample] = (_HERE / loader.name).glob("sample.*")
    with duckdb.connect() as connection:
        staged = stage(connection, sample, ReadOptions())
        assert [one.loader for one in staged] == [loader.name] * len(loader.sections)
        for one in staged:
            names = ("_record", *one.columns)
            found = connection.execute(
                f"SELECT {', '.join(names)} FROM {one.rows} ORDER BY ALL"
            ).fetchall()
            rows = [["" if value is None else str(value) for value in row] for row in found]
            assert [list(names), *rows] == _expected(loader, one.table)


def test_the_units_of_a_report_belong_to_its_lines() -> None:
    folder = _HERE / "pos-flat"
    with (folder / "expected-shipments.csv").open(encoding="utf-8", newline="") as lines:
        ids = {row["id"] for row in csv.DictReader(lines)}
    with (folder / "expected-serials.csv").open(encoding="utf-8", newline="") as units:
        assert {row["shipment_id"] for row in csv.DictReader(units)} <= ids


def _expected(loader: Loader, table: str) -> list[list[str]]:
    name = "expected.csv" if len(loader.sections) == 1 else f"expected-{table}.csv"
    with (_HERE / loader.name / name).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_a_report_that_comes_before_its_partners_is_not_lost() -> None:
    policy = load_policy(pack())
    sample = _HERE / "pos-flat" / "sample.csv"
    parties = ("dist-01", "tier2-07", "tier2-09", "tier2-11")
    others: dict[str, list[dict[str, object]]] = {
        "partners": [{"id": id_, "name": id_} for id_ in parties],
        "products": [{"id": id_, "name": id_} for id_ in ("S5720-28X", "SFP-10G", "AP4050")],
        "regions": [{"id": "AT", "name": "Austria"}],
        "cities": [{"id": id_, "name": id_, "region_id": "AT"} for id_ in ("vienna", "graz")],
    }
    with create_workspace(None, policy) as workspace:
        first = load(workspace, [sample], policy)
        assert (first.added, first.rejected) == (0, 29)
        assert load_rows(workspace, others, policy).retried == 19
        # What is wrong by itself waits for a correction, two units with their lines.
        wrong = [4, 5, 7, 8, 9, 10, 18, 18, 19, 19]
        assert sorted(reject.record for reject in rejects(workspace)) == wrong
        again = load(workspace, [sample], policy)
        assert (again.unchanged, again.rejected) == (19, 10)
        assert len(rejects(workspace)) == 10
        flows = (
            "SELECT seller_id, buyer_id, destination_id FROM shipments WHERE document = 'R-1010'"
        )
        assert workspace.connection.execute(flows).fetchall() == [("tier2-11", "dist-01", None)]

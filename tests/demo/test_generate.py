from __future__ import annotations

import csv
import hashlib
from collections import Counter, defaultdict
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from graphchannel.demo.generate import generate
from graphchannel.errors import InputError
from graphchannel.schema import TABLES

if TYPE_CHECKING:
    from pathlib import Path

SMALL: dict[str, Any] = {"partners": 300, "lines": 3_000}


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("network")
    generate(directory, **SMALL, seed=7)
    return directory


def digests(directory: Path) -> dict[str, str]:
    return {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in directory.iterdir()
    }


def rows(directory: Path, table: str) -> list[dict[str, str]]:
    with (directory / f"{table}.csv").open(newline="", encoding="utf-8") as text:
        return list(csv.DictReader(text))


def test_same_seed_gives_same_bytes(network: Path, tmp_path: Path) -> None:
    generate(tmp_path, **SMALL, seed=7)
    assert digests(tmp_path) == digests(network)


def test_bytes_are_the_same_under_every_python(network: Path) -> None:
    # Recorded. A change of the generator changes them; a change of Python or numpy must not.
    recorded = {
        "partners.csv": "a91caadcd29c",
        "shipments.csv": "6ccd78a5d32b",
        "truth.json": "9079209b4f31",
    }
    found = digests(network)
    assert {name: found[name][:12] for name in recorded} == recorded


def test_other_seed_gives_other_lines(network: Path, tmp_path: Path) -> None:
    generate(tmp_path, **SMALL, seed=8)
    assert digests(tmp_path)["shipments.csv"] != digests(network)["shipments.csv"]


def test_every_table_has_its_columns_and_rows(network: Path) -> None:
    for table in TABLES:
        found = rows(network, table.name)
        assert found, table.name
        assert tuple(found[0]) == table.column_names
    assert len(rows(network, "partners")) == SMALL["partners"]
    assert len(rows(network, "shipments")) == SMALL["lines"]


def test_parquet_holds_the_same_rows(network: Path, tmp_path: Path) -> None:
    generate(tmp_path, **SMALL, seed=7, format_="parquet")
    with duckdb.connect() as connection:
        for table in TABLES:
            text = f"'{network / table.name}.csv'"
            columnar = f"'{tmp_path / table.name}.parquet'"
            types = {
                row[0]: row[1] for row in connection.execute(f"DESCRIBE FROM {columnar}").fetchall()
            }
            source = f"read_csv({text}, header = true, columns = {types})"
            query = f"SELECT count(*) FROM (FROM {source} EXCEPT ALL FROM {columnar})"
            assert connection.execute(query).fetchall() == [(0,)], table.name


def test_units_with_serials_go_down_the_channel_in_time_order(network: Path) -> None:
    lines = {row["id"]: row for row in rows(network, "shipments")}
    paths: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows(network, "serials"):
        if row["serial"].startswith("SN"):  # the others are planted to give themselves away
            paths[row["serial"]].append(lines[row["shipment_id"]])
    assert paths
    for path in paths.values():
        assert path[0]["seller_id"] == "V1"
        assert path[-1]["buyer_id"].startswith("E")
        for before, after in pairwise(path):
            assert before["buyer_id"] == after["seller_id"]
            assert before["shipped_on"] <= after["shipped_on"]
            assert before["product_id"] == after["product_id"]
    units = Counter(row["shipment_id"] for row in rows(network, "serials"))
    assert all(int(lines[line]["quantity"]) == count for line, count in units.items())


def test_distributor_that_left_is_followed_without_a_gap(network: Path) -> None:
    (left,) = (
        row["id"] for row in rows(network, "partners") if row["terminated_on"] == "2015-04-30"
    )
    certificates = rows(network, "certifications")
    clients = {c["holder_id"] for c in certificates if c["issuer_id"] == left}
    assert clients
    assert all(c["valid_to"] <= "2015-04-30" for c in certificates if c["issuer_id"] == left)
    for client in clients:
        held = [c for c in certificates if c["holder_id"] == client]
        ends = {c["valid_to"] for c in held if c["issuer_id"] == left}
        if "2015-04-30" in ends:
            assert any(c["valid_from"] == "2015-05-01" for c in held)


def test_trade_peaks_at_the_end_of_quarters_and_is_skewed(tmp_path: Path) -> None:
    generate(tmp_path, partners=300, lines=40_000, seed=1)
    lines = rows(tmp_path, "shipments")
    months = Counter(date.fromisoformat(row["shipped_on"]).month for row in lines)
    assert months[3] > 1.2 * months[2]
    assert months[12] > 1.2 * months[11]
    pairs = Counter((row["seller_id"], row["buyer_id"]) for row in lines)
    (_, most), *_ = pairs.most_common(1)
    assert most > 500
    assert sorted(pairs.values())[len(pairs) // 2] < most / 20


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        ({"partners": 299, "lines": 5_000}, "at least 300 partners"),
        ({"partners": 300, "lines": 1_999}, "at least 300 partners and 2000 lines"),
        ({"partners": 300, "lines": 2_000, "format_": "xlsx"}, "'xlsx' is unknown"),
    ],
)
def test_impossible_requests_are_refused(
    numbers: dict[str, Any], sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=sentence):
        generate(tmp_path / "new", **numbers, seed=1)
    assert not (tmp_path / "new").exists()


def test_no_two_rows_are_the_same_fact(network: Path) -> None:
    for table in TABLES:
        keys = Counter(tuple(row[part] for part in table.key) for row in rows(network, table.name))
        assert [key for key, count in keys.items() if count > 1] == [], table.name

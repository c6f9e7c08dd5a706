from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphchannel.errors import InputError
from graphchannel.ingest import load
from tests.ingest.conftest import line, network_rows

if TYPE_CHECKING:
    from pathlib import Path

    from tests.ingest.conftest import Channel


def test_rows_that_a_snapshot_lacks_are_withdrawn(network: Channel) -> None:
    network.load({"shipments": [line("1"), line("2"), line("3")]})
    report = network.load(
        {"shipments": [line("2"), line("3", quantity=1), line("4")]}, replace=["shipments"]
    )
    assert (report.added, report.corrected, report.unchanged) == (1, 1, 1)
    assert report.withdrawn == (("shipments", 1),)
    assert network.query("SELECT id FROM shipments ORDER BY id") == [("2",), ("3",), ("4",)]
    gone = network.query("SELECT id, _load, _ended FROM history.shipments ORDER BY id")
    assert gone == [("1", 2, 3), ("3", 2, 3)]


def test_a_rejected_row_of_a_snapshot_withdraws_nothing(network: Channel) -> None:
    network.load({"shipments": [line("1")]})
    report = network.load({"shipments": [line("1", quantity=0)]}, replace=["shipments"])
    assert (report.rejected, report.withdrawn) == (1, (("shipments", 0),))
    assert network.query("SELECT quantity FROM shipments") == [(10,)]


def test_rows_that_others_refer_to_are_not_withdrawn(network: Channel) -> None:
    network.load({"shipments": [line("1", "V", "G")]})
    before = network.content()
    with pytest.raises(InputError) as caught:
        network.load({"partners": [{"id": "D", "name": "D"}]}, replace=["partners"])
    assert "1 row of certifications (load 1) name partner or end user 'G'" in str(caught.value)
    assert "1 row of shipments (load 2) name vendor, partner or end user 'G'" in str(caught.value)
    assert network.content() == before


def test_the_referring_tables_may_be_replaced_in_the_same_load(network: Channel) -> None:
    network.load({"shipments": [line("1", "V", "G"), line("2")]})
    rows = network_rows()
    rows["partners"].pop()
    rows["certifications"].pop()
    rows["shipments"] = [line("2")]
    report = network.load(rows, replace=["partners", "certifications", "shipments"])
    assert report.withdrawn == (("partners", 1), ("certifications", 1), ("shipments", 1))
    assert network.query("SELECT id FROM partners") == [("D",)]
    assert network.query("SELECT DISTINCT id FROM derived.party_day ORDER BY 1") == [
        ("D",), ("E",), ("V",),
    ]  # fmt: skip


def test_a_snapshot_needs_its_file(network: Channel, tmp_path: Path) -> None:
    (tmp_path / "products.csv").write_text("id,name\nX,X\n")
    with pytest.raises(InputError, match="No file of this load has the table 'partners'"):
        load(network.workspace, [tmp_path], network.policy, replace=["partners"])
    with pytest.raises(InputError, match="Did you mean 'partners'"):
        load(network.workspace, [tmp_path], network.policy, replace=["partner"])


def test_a_snapshot_settles_rows_of_its_table_that_wait_for_others(network: Channel) -> None:
    network.load({"shipments": [line("1", product_id="X")]})
    report = network.load(
        {"products": [{"id": "X", "name": "X"}], "shipments": [line("2")]}, replace=["shipments"]
    )
    assert report.retried == 0
    assert network.query("SELECT id FROM shipments") == [("2",)]
    assert network.problems() == []


def test_a_snapshot_with_a_record_that_cannot_be_read_is_refused(
    network: Channel, tmp_path: Path
) -> None:
    network.load({"products": [{"id": "X", "name": "X"}]})
    snapshot = tmp_path / "products.csv"
    snapshot.write_text("id,name\nSKU,Switch\nX,X,X\n")
    with pytest.raises(InputError, match=r"products\.csv: record 2 cannot be read .* any row of"):
        load(network.workspace, [snapshot], network.policy, replace=["products"])
    assert network.query("SELECT count(*) FROM products") == [(2,)]
    assert network.problems() == []

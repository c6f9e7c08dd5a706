from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphchannel.errors import InputError
from graphchannel.ingest import load_staged, loads, rejects, status
from graphchannel.ingest.staged import SourceReject, Staged
from tests.ingest.conftest import line, network_rows

if TYPE_CHECKING:
    from tests.ingest.conftest import Channel


def test_rows_that_stand_already_are_unchanged(network: Channel) -> None:
    before = network.content()
    report = network.load(network_rows())
    assert (report.added, report.corrected, report.rejected) == (0, 0, 0)
    assert report.unchanged == sum(file.records for file in report.files) == 11
    assert network.content() == before
    assert network.query("SELECT DISTINCT _load FROM partners") == [(1,)]


def test_a_correction_keeps_the_old_version_with_both_loads(network: Channel) -> None:
    network.load({"shipments": [line("1"), line("2")]})
    report = network.load({"shipments": [line("1", quantity=11), line("2"), line("3")]})
    assert (report.added, report.corrected, report.unchanged) == (1, 1, 1)
    now = network.query("SELECT id, quantity, _load FROM shipments ORDER BY id")
    assert now == [("1", 11, 3), ("2", 10, 2), ("3", 10, 3)]
    then = network.query("SELECT id, quantity, _load, _ended FROM history.shipments")
    assert then == [("1", 10, 2, 3)]


def test_an_empty_value_of_a_column_that_is_there_empties(network: Channel) -> None:
    network.load({"shipments": [line("1", document="INV1")]})
    assert network.load({"shipments": [line("1")]}).unchanged == 1
    assert network.load({"shipments": [line("1", document=None)]}).corrected == 1
    assert network.query("SELECT document FROM shipments") == [(None,)]


def test_of_several_rows_with_one_key_the_first_stands(network: Channel) -> None:
    report = network.load(
        {"shipments": [line("1"), line("2"), line("1", quantity=3, document="x"), line("1")]}
    )
    assert (report.added, report.unchanged, report.rejected) == (2, 1, 1)
    assert report.files[0].warnings == (
        "shipments: 1 row repeats an earlier row of this load exactly; each such row counts once.",
    )
    assert network.query("SELECT quantity FROM shipments WHERE id = '1'") == [(10,)]
    (reject,) = rejects(network.workspace)
    assert (reject.record, reject.code) == (3, "conflicting")
    assert reject.reason == (
        "record 1 of shipments in the same load has the same key (id) and another "
        "quantity, document; the first record stands."
    )


def test_a_row_with_a_mistake_does_not_stand_before_a_right_one(network: Channel) -> None:
    report = network.load({"shipments": [line("1", quantity=0), line("1")]})
    assert (report.added, report.rejected) == (1, 1)
    assert network.problems() == [("shipments", 1, "quantity", "out_of_range")]


def test_conflicts_are_judged_in_the_order_of_files(network: Channel) -> None:
    connection = network.workspace.connection
    for name, quantity in (("b_first", 1), ("a_second", 2)):
        connection.execute(
            f"""CREATE TEMP TABLE {name} AS SELECT 1::BIGINT AS _record, 'L' AS id,
                '2024-03-01' AS shipped_on, 'V' AS seller_id, 'D' AS buyer_id,
                'SKU' AS product_id, '{quantity}' AS quantity"""
        )
    names = ("id", "shipped_on", "seller_id", "buyer_id", "product_id", "quantity")
    staged = [Staged(n, "shipments", n, n, names, 1) for n in ("b_first", "a_second")]
    report = load_staged(network.workspace, staged, network.policy)
    assert [(f.file, f.added, f.rejected) for f in report.files] == [
        ("b_first", 1, 0),
        ("a_second", 0, 1),
    ]
    assert network.query("SELECT quantity FROM shipments") == [(1,)]


def test_empty_key_parts_are_equal(network: Channel) -> None:
    row: dict[str, object] = {"partner_id": "D", "region_id": "DE", "valid_from": "2024-01-01"}
    report = network.load({"authorizations": [row, dict(row)]})
    assert (report.added, report.unchanged) == (1, 1)
    report = network.load({"authorizations": [row | {"valid_to": "2024-12-31"}]})
    assert report.corrected == 1
    # An open start is part of the key as well, once it is closed.
    branch: dict[str, object] = {"partner_id": "D", "city_id": "MUC"}
    assert network.load({"branches": [branch]}).added == 1
    assert network.load({"branches": [branch | {"opened_on": "0001-01-01"}]}).unchanged == 1


def test_records_that_could_not_be_staged_are_rejects_too(network: Channel) -> None:
    connection = network.workspace.connection
    connection.execute("CREATE TEMP TABLE s AS SELECT 2::BIGINT AS _record, 'P' AS id, 'P' AS name")
    ragged = SourceReject(1, "The record has 3 fields; expected 2.", "a,b,c")
    staged = Staged("products.csv", "products", "s", "s", ("id", "name"), 2, (ragged,))
    report = load_staged(network.workspace, [staged], network.policy)
    assert (report.added, report.rejected) == (1, 1)
    (reject,) = rejects(network.workspace)
    assert (reject.file, reject.record, reject.code, reject.raw) == (
        "products.csv", 1, "invalid", "a,b,c",
    )  # fmt: skip


def test_several_rows_of_one_record_are_judged_one_by_one(network: Channel) -> None:
    connection = network.workspace.connection
    connection.execute(
        """CREATE TEMP TABLE whole AS SELECT 1::BIGINT AS _record, 'P, Q' AS products;
        CREATE TEMP TABLE s AS SELECT 1::BIGINT AS _record, unnest(['P', NULL, 'Q', 'Q']) AS id,
            unnest(['P', 'none', 'Q', 'other']) AS name"""
    )
    staged = Staged("both.csv", "products", "whole", "s", ("id", "name"), 4, loader="two")
    report = load_staged(network.workspace, [staged], network.policy)
    assert (report.added, report.rejected, report.files[0].skipped) == (2, 2, 0)
    assert network.query("SELECT id, name FROM products WHERE id <> 'SKU' ORDER BY id") == [
        ("P", "P"), ("Q", "Q"),
    ]  # fmt: skip
    assert [code for *_, code in network.problems()] == ["missing", "conflicting"]
    assert rejects(network.workspace)[0].raw == '{"products":"P, Q"}'


def test_a_lost_record_stops_the_load(network: Channel) -> None:
    connection = network.workspace.connection
    connection.execute("CREATE TEMP TABLE s AS SELECT 1::BIGINT AS _record, 'P' AS id, 'P' AS name")
    staged = Staged("products.csv", "products", "s", "s", ("id", "name"), 2)
    with pytest.raises(InputError, match="2 records were counted, but 1 read"):
        load_staged(network.workspace, [staged], network.policy)
    assert network.query("SELECT id FROM products") == [("SKU",)]


def test_unknown_tables_and_columns_are_named(network: Channel) -> None:
    with pytest.raises(InputError, match="Did you mean 'partners'"):
        network.load({"partner": []})
    with pytest.raises(InputError, match=r"partners:1: column 'nam' is unknown.*'name'"):
        network.load({"partners": [{"id": "X", "nam": "X"}]})


def test_the_status_counts_rows_history_and_rejects(network: Channel) -> None:
    network.load({"shipments": [line("1"), line("2", quantity=0)]})
    network.load({"shipments": [line("1", shipped_on="2024-03-20")]})
    found = status(network.workspace)
    (lines,) = (table for table in found.tables if table.table == "shipments")
    assert (lines.rows, lines.history, lines.rejects) == (1, 1, 1)
    assert str(found.first) == str(found.last) == "2024-03-20"
    assert found.last_load == loads(network.workspace)[-1]
    assert [
        (e.load, e.kind, e.added, e.corrected, e.rejected) for e in loads(network.workspace)
    ] == [
        (1, "load", 11, 0, 0),
        (2, "load", 1, 0, 1),
        (3, "load", 0, 1, 0),
    ]

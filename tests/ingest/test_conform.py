from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from graphchannel.ingest import load_staged, rejects
from graphchannel.ingest.staged import Staged

if TYPE_CHECKING:
    from tests.ingest.conftest import Channel


def _line(**changes: object) -> dict[str, object]:
    row: dict[str, object] = {
        "id": "1",
        "shipped_on": "2024-03-01",
        "seller_id": "V",
        "buyer_id": "D",
        "product_id": "SKU",
        "quantity": 10,
    }
    return row | changes


_BAD_LINES: list[tuple[dict[str, object], str, str, str]] = [
    ({"id": None}, "id", "missing", "id is empty"),
    ({"shipped_on": ""}, "shipped_on", "missing", "shipped_on is empty"),
    ({"shipped_on": "2024-02-30"}, "shipped_on", "invalid", "'2024-02-30'; expected a date"),
    ({"shipped_on": "0000-12-31"}, "shipped_on", "invalid", "'0000-12-31'; expected a date"),
    ({"shipped_on": "2024-3-1"}, "shipped_on", "invalid", "expected a date such as 2024-01-31"),
    ({"shipped_on": "01.03.2024"}, "shipped_on", "invalid", "expected a date"),
    ({"shipped_on": "infinity"}, "shipped_on", "invalid", "expected a date"),
    ({"quantity": "12.5"}, "quantity", "invalid", "'12.5'; expected a whole number"),
    ({"quantity": "1e3"}, "quantity", "invalid", "expected a whole number"),
    ({"quantity": "1_000"}, "quantity", "invalid", "expected a whole number"),
    ({"quantity": "9" * 30}, "quantity", "invalid", "expected a whole number"),
    ({"quantity": "0"}, "quantity", "out_of_range", "'0'; expected at least 1"),
    ({"quantity": "-4"}, "quantity", "out_of_range", "expected at least 1"),
    ({"amount": "1.23456"}, "amount", "invalid", "at most four decimals"),
    ({"amount": "1,50"}, "amount", "invalid", "at most four decimals"),
    ({"amount": "9" * 16}, "amount", "invalid", "at most four decimals"),
    ({"currency": "euro"}, "currency", "invalid", "'euro'; expected ISO 4217"),
    ({"buyer_id": "V"}, "buyer_id", "invalid", "seller_id and buyer_id are both 'V'"),
    ({"seller_id": "X"}, "seller_id", "unknown_reference", "no vendor, partner or end user"),
    ({"product_id": "X"}, "product_id", "unknown_reference", "'X', which is no product"),
    ({"ship_to_city_id": "X"}, "ship_to_city_id", "unknown_reference", "no city"),
]


def test_bad_lines_are_rejected_with_their_reasons(network: Channel) -> None:
    lines = [_line(id=str(n)) | change for n, (change, *_) in enumerate(_BAD_LINES, 1)]
    report = network.load({"shipments": lines})
    assert (report.rejected, report.accepted) == (len(_BAD_LINES), 0)
    for reject, (_, column, code, says) in zip(rejects(network.workspace), _BAD_LINES, strict=True):
        assert (reject.column, reject.code) == (column, code), reject
        assert says in reject.reason


def _waiver(**columns: object) -> dict[str, object]:
    terms = {
        "valid_from": "2024-01-01",
        "valid_to": "2024-12-31",
        "approver": "anna",
        "reason": "agreed",
    }
    return {"rule": "supply/any", "subject_id": "D", **terms, **columns}


_BAD_ROWS: list[tuple[str, dict[str, object], str, str, str]] = [
    ("certifications", {"holder_id": "D", "role": "boss", "issuer_id": "V",
                        "valid_from": "2024-01-01"},
     "role", "invalid", "expected one of distributor, vap,"),
    ("certifications", {"holder_id": "D", "role": "vap", "issuer_id": "V",
                        "valid_from": "2024-01-02", "valid_to": "2024-01-01"},
     "valid_to", "invalid", "not before its start"),
    ("programs", {"partner_id": "D", "kind": "holiday", "valid_from": "2024-01-01"},
     "kind", "invalid", "expected one of incentive, marketing"),
    ("authorizations", {"partner_id": "D", "valid_from": "2024-01-01"},
     "region_id", "missing", "both empty"),
    ("targets", {"partner_id": "D", "region_id": "DE", "industry_id": "GOV", "amount": 1,
                 "period_start": "2024-01-01", "period_end": "2024-12-31"},
     "region_id", "invalid", "both filled"),
    ("surveys", {"respondent_id": "G", "subject_id": "D", "answered_on": "2024-01-01", "score": 11},
     "score", "out_of_range", "expected at least 0 and at most 10"),
    ("cities", {"id": "X", "name": "X", "region_id": "DE", "key_city": "yes"},
     "key_city", "invalid", "expected true or false"),
    ("cities", {"id": "Y", "name": "X", "region_id": "DE", "latitude": "inf"},
     "latitude", "invalid", "expected a number"),
    ("waivers", _waiver(max_value="455"),
     "currency", "missing", "currency is empty; expected ISO 4217 currency of max_value"),
    ("regions", {"id": "*", "name": "everywhere"}, "id", "invalid", "* is reserved"),
    ("partners", {"id": "P", "name": "P", "country": "de"}, "country", "invalid", "ISO 3166"),
    ("partners", {"id": "E", "name": "P"}, "id", "conflicting", "stands in end_users already"),
]  # fmt: skip


def test_bad_rows_are_rejected_with_their_reasons(network: Channel) -> None:
    tables: dict[str, list[dict[str, object]]] = {}
    for table, row, *_ in _BAD_ROWS:
        tables.setdefault(table, []).append(row)
    assert network.load(tables).accepted == 0
    found = {(r.table, r.record): r for r in rejects(network.workspace)}
    for table, row, column, code, says in _BAD_ROWS:
        reject = found[table, tables[table].index(row) + 1]
        assert (reject.column, reject.code) == (column, code), reject
        assert says in reject.reason


@pytest.mark.parametrize(
    ("cap", "accepted"),
    [
        ({}, True),
        ({"currency": "EUR"}, True),
        ({"max_value": "455"}, False),
        ({"max_value": "0"}, False),
        ({"max_value": "455", "currency": "EUR"}, True),
        ({"max_quantity": 3, "max_value": "455"}, False),
        ({"max_quantity": 3, "max_value": "455", "currency": "EUR"}, True),
    ],
)
def test_a_cap_on_value_needs_a_currency(
    network: Channel, cap: dict[str, object], *, accepted: bool
) -> None:
    assert network.load({"waivers": [_waiver(**cap)]}).accepted == accepted


def test_a_correction_of_one_of_two_columns_is_judged_by_both(network: Channel) -> None:
    network.load({"waivers": [_waiver(max_value="455", currency="EUR")]})
    assert network.load({"waivers": [_waiver(max_value="500")]}).corrected == 1
    assert network.load({"waivers": [_waiver(currency=None)]}).rejected == 1
    assert network.query("SELECT max_value::VARCHAR, currency FROM waivers") == [
        ("500.0000", "EUR")
    ]


def test_a_reason_names_all_that_is_wrong_and_the_code_the_first(network: Channel) -> None:
    network.load({"shipments": [_line(shipped_on="soon", quantity=0, buyer_id="V")]})
    (reject,) = rejects(network.workspace)
    assert (reject.column, reject.code) == ("shipped_on", "invalid")
    assert reject.reason == (
        "shipped_on is 'soon'; expected a date such as 2024-01-31. "
        "quantity is '0'; expected at least 1. "
        "seller_id and buyer_id are both 'V'; expected two different parties."
    )


def test_a_reject_keeps_the_row_as_it_came(network: Channel) -> None:
    network.load({"shipments": [_line(quantity="12.5", document="a 'quote' \" and\nlines")]})
    (reject,) = rejects(network.workspace)
    assert reject.raw == (
        '{"id":"1","shipped_on":"2024-03-01","seller_id":"V","buyer_id":"D","product_id":"SKU",'
        '"quantity":"12.5","document":"a \'quote\' \\" and\\nlines"}'
    )


def test_good_text_becomes_the_declared_kinds(network: Channel) -> None:
    rows = [
        _line(quantity=" 12 ", amount="1.5", shipped_on="0001-01-01"),
        _line(id="2", quantity="+7", amount=".25", shipped_on="9999-12-31"),
        _line(id="3", amount="3.10000000"),
    ]
    assert network.load({"shipments": rows}).added == 3
    found = network.query("SELECT quantity, amount, shipped_on FROM shipments ORDER BY id")
    assert found == [
        (12, Decimal("1.5"), date(1, 1, 1)),
        (7, Decimal("0.25"), date(9999, 12, 31)),
        (10, Decimal("3.1"), date(2024, 3, 1)),
    ]


def test_typed_columns_are_taken_as_they_are(network: Channel) -> None:
    columns = {
        "_record": pa.array([1, 2, 3], pa.int64()),
        "id": pa.array([1001.0, 1002.5, 1003.0]),
        "shipped_on": pa.array([date(2024, 3, 1)] * 3),
        "seller_id": pa.array(["V"] * 3),
        "buyer_id": pa.array(["D"] * 3),
        "product_id": pa.array(["SKU"] * 3),
        "quantity": pa.array([2.0, 3.0, 3.5]),
        "amount": pa.array([0.1 + 0.2, 12.34567, 1.0]),
    }
    connection = network.workspace.connection
    connection.register("_arrow", pa.table(columns))
    connection.execute("CREATE TEMP TABLE typed AS FROM _arrow")
    names = tuple(name for name in columns if name != "_record")
    load_staged(
        network.workspace,
        [Staged("lines.parquet", "shipments", "typed", "typed", names, 3)],
        network.policy,
    )
    assert network.query("SELECT id, quantity, amount FROM shipments") == [
        ("1001", 2, Decimal("0.3"))
    ]
    assert network.problems() == [
        ("shipments", 2, "amount", "invalid"),
        ("shipments", 3, "quantity", "invalid"),
    ]


def test_open_intervals_are_stored_closed(network: Channel) -> None:
    network.load({"branches": [{"partner_id": "D", "city_id": "MUC"}]})
    found = network.query("SELECT opened_on, closed_on FROM branches")
    assert found == [(date(1, 1, 1), date(9999, 12, 31))]


def test_a_row_that_breaks_the_policy_is_a_good_row(network: Channel) -> None:
    report = network.load({"shipments": [_line(seller_id="D", buyer_id="E")]})
    assert (report.added, report.rejected) == (1, 0)

"""Rejects over time: none twice, closed by what arrives, dismissed, counted, out and back in."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import duckdb
import pytest

from graphchannel.errors import InputError
from graphchannel.ingest import (
    dismiss_rejects,
    export_rejects,
    load,
    loads,
    reject_reasons,
    rejects,
    unload,
)
from graphchannel.ingest.readers.respelt import respelt
from graphchannel.ingest.reject_export import guarded, unguarded
from tests.ingest.partner_files import LINES, POS, Desk

if TYPE_CHECKING:
    from pathlib import Path

_BAD = "L1,2015-06-01,D1,R1,SW-24,3 EA,,,"
_GOOD = "L1,2015-06-01,D1,R1,SW-24,3,,,"


def test_a_row_that_arrives_under_the_same_key_closes_its_reject(desk: Desk) -> None:
    desk.send("shipments.csv", LINES, _BAD, _BAD.replace("L1", "L2"))
    report = desk.send("shipments-2.csv", LINES, _GOOD)
    assert (report.added, report.rejected) == (1, 0)
    assert [record for _, record, *_ in desk.problems()] == [2]
    assert unload(desk.workspace, report.load).reopened == 1
    assert len(desk.problems()) == 2


def test_a_row_that_is_wrong_again_closes_nothing(desk: Desk) -> None:
    desk.send("shipments.csv", LINES, _BAD)
    desk.send("shipments-2.csv", LINES, _GOOD.replace(",3,", ",0,"))
    assert [code for *_, code in desk.problems()] == ["invalid", "out_of_range"]


def test_keys_of_several_parts_close_rejects_too(desk: Desk) -> None:
    header = "partner_id,city_id,opened_on,closed_on"
    desk.send("branches.csv", header, "D1,MUC,,soon", "D1,PAR,2010-01-01,soon", "D1,BER,,soon")
    desk.send("branches.csv", header, "D1,MUC,,", "D1,PAR,2010-01-01,2012-01-01")
    assert [record for _, record, *_ in desk.problems()] == [3]


def test_a_file_that_is_loaded_twice_adds_no_rejects(desk: Desk) -> None:
    rows = (_BAD, "L2,2015-06-01,D1,NOBODY,SW-24,3,,,", "L3,2015-06-01", _BAD, _BAD)
    for _ in range(3):
        assert desk.send("shipments.csv", LINES, *rows).rejected == 5
        assert len(rejects(desk.workspace)) == 5
    # They stay as long as one of the loads does.
    taken = desk.query("SELECT max(id) FROM admin.loads")[0][0]
    unload(desk.workspace, taken - 2)
    assert len(rejects(desk.workspace)) == 5
    unload(desk.workspace, taken - 1)
    unload(desk.workspace, taken)
    assert rejects(desk.workspace) == ()


def test_rejects_can_be_dismissed_and_stay_so(desk: Desk) -> None:
    desk.send("shipments.csv", LINES, _BAD, ",,,,TOTAL,3,,,")
    first, second = rejects(desk.workspace)
    assert dismiss_rejects(desk.workspace, [second.id]) == 1
    assert rejects(desk.workspace) == (first,)
    assert desk.send("shipments.csv", LINES, _BAD, ",,,,TOTAL,3,,,").rejected == 2
    assert rejects(desk.workspace) == (first,)
    assert loads(desk.workspace)[-2].kind == "dismiss"
    with pytest.raises(InputError, match=f"Reject {second.id} is not open"):
        dismiss_rejects(desk.workspace, [second.id])


def test_rejects_are_counted_by_their_reason(desk: Desk) -> None:
    rows = [f"L{n},2015-06-01,D1,R1,SW-24,{n} EA,,," for n in range(30)]
    rows += [f"M{n},2015-06-01,D1,X{n},SW-24,1,,," for n in range(4)]
    desk.send("shipments.csv", LINES, *rows, "N1,2015-06-01,D1,,SW-24,1,,,")
    found = reject_reasons(desk.workspace)
    assert [(one.count, one.column, one.code) for one in found] == [
        (30, "quantity", "invalid"),
        (4, "buyer_id", "unknown_reference"),
        (1, "buyer_id", "missing"),
    ]
    assert found[0].reason.startswith("quantity is '…', which names a unit; expected ")
    assert found[2].reason == "buyer_id is empty; expected party that received."


def test_what_may_have_been_meant_makes_no_other_reason(desk: Desk) -> None:
    rows = [f"L{n},2015-06-01,D1,R1,SW-24,1,5,{c}," for n, c in enumerate(("eur", "€", "Euro"))]
    desk.send("shipments.csv", LINES, *rows)
    (reason,) = reject_reasons(desk.workspace)
    assert (reason.count, reason.reason) == (
        3,
        "currency is '…'; expected ISO 4217 currency of the amount.",
    )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def _rewrite(path: Path, rows: list[dict[str, str]], delimiter: str = ",") -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)


def test_a_corrected_export_keeps_unit_price_and_sign(desk: Desk) -> None:
    quantities = {"1": "10 EA", "2": "10 pcs", "3": "-3 EA", "4": "some"}
    rows = [f"I104,{n},10.06.2015,D1,R1,SW-24,{q},100.00,EUR" for n, q in quantities.items()]
    assert desk.send("pos.csv", POS, *rows).rejected == 4
    export = desk.folder / "rejects.csv"
    assert export_rejects(desk.workspace, export) == 4
    found = _rows(export)
    assert [row["Quantity"].lstrip("'") for row in found] == list(quantities.values())
    for row, quantity in zip(found, ("10", "10", "-3", "1200"), strict=True):
        row["Quantity"] = quantity
        row["Price"] = "100"  # as a spreadsheet writes it
    _rewrite(export, found)
    report = load(desk.workspace, [export], desk.policy)
    assert (report.added, report.rejected) == (4, 0)
    assert sorted(desk.lines("seller_id, quantity, amount::INTEGER"), key=str) == [
        ("D1", 10, 1000), ("D1", 10, 1000), ("D1", 1200, 120000), ("R1", 3, 300),
    ]  # fmt: skip
    assert rejects(desk.workspace) == ()
    corrected = [row.replace("10 EA", "10").replace("some", "1200") for row in rows]
    assert desk.send("pos.csv", POS, corrected[0], corrected[3]).unchanged == 2


def test_an_export_of_an_earlier_form_is_not_taken_for_what_the_record_says(desk: Desk) -> None:
    desk.send("pos.csv", POS, "I104,3,10.06.2015,D1,R1,SW-24,-3 EA,100.00,EUR")
    old = "_reject,_table,_code,_reason,id,shipped_on,seller_id,buyer_id,product_id,quantity,amount"
    row = "1,shipments,invalid,?,pos:D1:I104:3,2015-06-10,D1,R1,SW-24,3,100.00"
    with pytest.raises(InputError, match="has not the record's own columns; export the rejects"):
        desk.send("rejects.csv", old, row)
    with pytest.raises(InputError, match="Reject 9 is none of this workspace; export the rejects"):
        desk.send("rejects.csv", old, row.replace("1,", "9,", 1))
    assert desk.lines() == []
    assert len(rejects(desk.workspace)) == 1


def test_rejects_of_several_layouts_go_out_and_come_back_together(desk: Desk) -> None:
    desk.send("pos.csv", POS, "I1,1,10.06.2015,D1,R1,SW-24,x,100.00,EUR")
    header = "Invoice,Line,Ship Date,Sold By,Sold To,SKU,Quantity,Serial No"
    desk.send(
        "pos-2.csv", header, "I2,1,10.06.2015,D1,R1,SW-24,x,S1", "I2,1,10.06.2015,D1,R1,SW-24,1,S2"
    )
    desk.send("shipments.csv", LINES, "L1,2015-06-01,D1,R1,SW-24,x,12.50,EUR,INV")
    desk.send("partners.csv", "id,name,country", "P9,Neu,Deutschland")
    export = desk.folder / "rejects.csv"
    assert export_rejects(desk.workspace, export) == 5
    found = _rows(export)
    assert [row["_reject"] for row in found] == ["1", "#2 #3", "4", "5"]
    quantity = next(name for name in found[0] if name.casefold() == "quantity")
    for row in found:
        row[quantity] = row[quantity].replace("x", "7")
        row["country"] = row["country"].replace("Deutschland", "DE")
    _rewrite(export, found)
    report = load(desk.workspace, [export], desk.policy)
    assert (report.rejected, desk.problems()) == (0, [])
    assert desk.query("SELECT document, quantity, amount::DOUBLE FROM shipments ORDER BY ALL") == [
        ("I1", 7, 700.0), ("I2", 1, None), ("I2", 7, None), ("INV", 7, 12.5),
    ]  # fmt: skip
    assert desk.query("SELECT count(*) FROM serials") == [(2,)]
    assert desk.query("SELECT country FROM partners WHERE id = 'P9'") == [("DE",)]


def test_a_spreadsheet_may_save_an_export(desk: Desk) -> None:
    desk.send("shipments.csv", LINES, "L1,2015-06-01,D1,00123,SW-24,3 EA,1250.50,EUR,0077")
    export = desk.folder / "rejects.csv"
    export_rejects(desk.workspace, export)
    (row,) = _rows(export)
    row |= {"quantity": "3", "shipped_on": "01.06.2015", "buyer_id": "123", "document": "77"}
    _rewrite(export, [row | {"amount": "1250,50"}], ";")
    assert load(desk.workspace, [export], desk.policy).rejected == 0
    columns = "shipped_on::VARCHAR, buyer_id, quantity, amount::DOUBLE, document"
    assert desk.lines(columns) == [("2015-06-01", "00123", 3, 1250.5, "0077")]


def test_what_was_wrong_is_as_the_person_says(desk: Desk) -> None:
    desk.load({"partners": [{"id": "77", "name": "Seven"}]})
    desk.send("shipments.csv", LINES, "L1,2015-06-01,D1,0077,SW-24,3,,,")
    export = desk.folder / "rejects.csv"
    export_rejects(desk.workspace, export)
    (row,) = _rows(export)
    _rewrite(export, [row | {"buyer_id": "77", "shipped_on": "02.06.2015"}])
    assert load(desk.workspace, [export], desk.policy).rejected == 0
    assert desk.lines("buyer_id, shipped_on::VARCHAR") == [("77", "2015-06-02")]


@pytest.mark.parametrize(
    ("before", "cell", "same"),
    [
        ("00123", "123", True),
        ("00123", "124", False),
        ("000", "0", True),
        ("2015-06-01", "01.06.2015", True),
        ("2015-06-01", "6/1/2015", True),
        ("2015-06-01", "01/06/2015 00:00", True),
        ("2015-06-01", "02.06.2015", False),
        ("01.06.2015", "2015-06-01", True),
        ("06/01/2015", "2015-06-01", False),  # its form had to be corrected
        ("350123456789012", "3.50123E+14", True),
        ("12345678901234567", "12345678901234500", True),
        ("12345678901234567", "12345678901234600", False),
        ("100.50", "100,50", True),
        ("100.50", "100,5", True),
        ("100.50", "100,51", False),
        ("10.0", "10", False),
        ("10 EA", "10", False),
        ("-3.0", "-3", False),
        ("A1", "A1", False),
    ],
)
def test_what_a_spreadsheet_does_to_a_cell_is_known(before: str, cell: str, same: bool) -> None:  # noqa: FBT001 - a column of the table
    sql = f"SELECT {respelt('$cell', '$before')}"
    with duckdb.connect() as connection:
        assert connection.execute(sql, {"cell": cell, "before": before}).fetchall() == [(same,)]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\r=1", "'\r=1"),
        ("'=1", "''=1"),
        ("-3", "-3"),
        ("+5.50", "+5.50"),
        ("'s Gravenhage", "'s Gravenhage"),
        ("1-2", "1-2"),
        ("", ""),
    ],
)
def test_formulas_are_guarded_and_come_back(text: str, shown: str) -> None:
    with duckdb.connect() as connection:
        out = connection.execute(f"SELECT {guarded('$x')}", {"x": text}).fetchall()[0][0]
        back = connection.execute(f"SELECT {unguarded('$x')}", {"x": out}).fetchall()[0][0]
    assert (out, back) == (shown, text)


def test_formulas_pass_through_an_export(desk: Desk) -> None:
    desk.send("partners.csv", "id,name,group_id,country", '=A1,"=HYPERLINK(""x"")",-G1,Germany')
    export = desk.folder / "rejects.csv"
    export_rejects(desk.workspace, export)
    (row,) = _rows(export)
    assert (row["id"], row["name"], row["group_id"]) == ("'=A1", '\'=HYPERLINK("x")', "'-G1")
    _rewrite(export, [row | {"country": "DE"}])
    assert load(desk.workspace, [export], desk.policy).added == 1
    found = desk.query(
        "SELECT id, name, group_id FROM partners WHERE country = 'DE' AND id = '=A1'"
    )
    assert found == [("=A1", '=HYPERLINK("x")', "-G1")]

"""Reports in groups: customers in rows of their own, sums below them, and who is called so."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from graphchannel.errors import SenderError
from graphchannel.ingest.senders.workshop import draft

if TYPE_CHECKING:
    from pathlib import Path

    from tests.ingest.senders.conftest import Desk

HEADER = ("", "Type", "Date", "Num", "Item", "Qty", "Sales Price", "Amount")
ROWS: tuple[tuple[object, ...], ...] = (
    ("Alpenblick Systeme GmbH",),
    ("", "Invoice", "2015-06-13", "I71", "SW-24", 2, "100.00", "200.00"),
    ("", "Invoice", "2015-06-14", "I72", "AP-7", 1, "50.00", "50.00"),
    ("Total Alpenblick Systeme GmbH", "", "", "", "", 3, "", "250.00"),
    ("Nordlicht Netze GmbH",),
    ("", "Invoice", "2015-06-15", "I73", "SW-24", 4, "100.00", "400.00"),
    ("Total Nordlicht Netze GmbH", "", "", "", "", 4, "", "400.00"),
    ("TOTAL", "", "", "", "", 7, "", "650.00"),
)
SOLD = [("R1", 2, "200.0000"), ("R1", 1, "50.0000"), ("R2", 4, "400.0000")]


def as_csv(desk: Desk, rows: tuple[tuple[object, ...], ...], name: str = "sales.csv") -> Path:
    lines = (",".join(str(cell) for cell in row) for row in (HEADER, *rows))
    return desk.file(name, "\n".join(lines) + "\n")


def as_sheet(desk: Desk, rows: tuple[tuple[object, ...], ...]) -> Path:
    """Write it as QuickBooks does: a title above, and an empty column between the others."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (("Sales by Customer Detail",), (), HEADER, *rows):
        cells = [*row[:1], None, *row[1:]]
        sheet.append([None if cell == "" else cell for cell in cells])
    book.save(desk.folder / "sales.xlsx")
    return desk.folder / "sales.xlsx"


def confirmed(desk: Desk, file: Path) -> dict[str, Any]:
    """Have a sender proposed, see that nothing is loaded by it, and answer it."""
    made = draft(file, desk.senders)
    with pytest.raises(SenderError, match=r"confirmed"):
        desk.load(file)
    text = made.path.read_text("utf-8").replace("confirmed = false", "confirmed = true")
    text = text.replace('seller_id = { value = "?" }', 'seller_id = { value = "D1" }')
    text = text.replace('currency = { value = "?" }', 'currency = { value = "EUR" }')
    text = text.replace('reporter_id = { value = "?" }', 'reporter_id = { value = "D1" }')
    made.path.write_text(text, "utf-8")
    return tomllib.loads(text)


def sold(desk: Desk) -> list[tuple[Any, ...]]:
    return desk.rows(
        "SELECT buyer_id, quantity, amount::VARCHAR FROM shipments ORDER BY shipped_on"
    )


@pytest.mark.parametrize("write", [as_csv, as_sheet])
def test_a_report_of_quickbooks_is_proposed_and_loaded(desk: Desk, write: Any) -> None:
    file = write(desk, ROWS)
    asked = confirmed(desk, file)
    buyer = {"column": "column_1", "names": True, "fill_down": True}
    assert (asked["shipments"]["buyer_id"], asked["read"]["subtotals"]) == (buyer, "Total")
    report = desk.load(file)
    assert (report.added, report.rejected) == (3, 0)
    assert sold(desk) == SOLD
    (told,) = (w for each in report.files for w in each.warnings if "left out" in w)
    assert told.endswith(": 2 headings and 3 rows of sums left out; they are no records.")


def loaded(desk: Desk, rows: tuple[tuple[object, ...], ...]) -> list[tuple[Any, ...]]:
    """Load rows by the sender of the usual report, and return what was sold."""
    confirmed(desk, as_csv(desk, ROWS))
    desk.load(as_csv(desk, rows))
    return sold(desk)


def test_a_customer_who_is_called_like_a_sum_is_no_sum(desk: Desk) -> None:
    """Nor is a line that says the customer itself."""
    rows = (
        *ROWS[:4],
        ("Total Wine AG",),
        *ROWS[5:6],
        ("Total Total Wine AG", "", "", "", "", 4, "", "400.00"),
        ("Total Wine AG", *ROWS[5][1:]),
    )
    assert loaded(desk, rows) == SOLD[:2]
    assert [each[:42] for each in desk.reasons()] == [
        "column_1 is 'Total Wine AG', which is no v",
        "column_1 is 'Total Wine AG', which is no v",
    ]


def test_sums_without_figures_end_their_group(desk: Desk) -> None:
    rows = (*ROWS[:3], ("Total for Alpenblick Systeme GmbH",), *ROWS[4:6], ("Total",))
    assert loaded(desk, rows) == SOLD
    assert desk.reasons() == []


def test_what_stands_below_a_sum_without_a_heading_is_nobodys(desk: Desk) -> None:
    assert loaded(desk, (*ROWS[:4], ROWS[5])) == SOLD[:2]
    assert [each[:20] for each in desk.reasons()] == ["column_1 is empty; e"]


def test_a_line_above_all_headings_is_nobodys(desk: Desk) -> None:
    assert loaded(desk, (ROWS[5], *ROWS[:4])) == SOLD[:2]
    assert len(desk.reasons()) == 1


def test_sums_of_a_spreadsheet_end_with_the_word(desk: Desk) -> None:
    """As Excel makes them, with the customer in each line."""
    header = "Reseller,Invoice,Line,Ship Date,SKU,Quantity,Amount"
    rows = (
        "R1,I1,1,2015-06-13,SW-24,2,200.00",
        "R1,I1,2,2015-06-13,AP-7,1,50.00",
        "R1 Total,,,,,3,250.00",
        "R2,I2,1,2015-06-14,SW-24,4,400.00",
        "R2 Total,,,,,4,400.00",
        "Grand Total,,,,,7,650.00",
    )
    file = desk.file("sales.csv", "\n".join((header, *rows)))
    asked = confirmed(desk, file)
    assert (asked["read"], asked["shipments"]["buyer_id"]) == ({"subtotals": "Total"}, "Reseller")
    assert (desk.load(file).added, desk.reasons()) == (3, [])
    assert sorted(sold(desk)) == sorted(SOLD)


def test_groups_of_products(desk: Desk) -> None:
    """Sales by item: what was sold stands above to whom."""
    header = ",Type,Date,Num,Reseller,Qty,Amount"
    rows = (
        "SW-24",
        ",Invoice,2015-06-13,I1,R1,2,200.00",
        ",Invoice,2015-06-14,I2,R2,4,400.00",
        "Total SW-24,,,,,6,600.00",
        "AP-7",
        ",Invoice,2015-06-15,I3,R1,1,50.00",
        "Total AP-7,,,,,1,50.00",
    )
    file = desk.file("items.csv", "\n".join((header, *rows)))
    assert confirmed(desk, file)["shipments"]["product_id"] == {
        "column": "column_1",
        "fill_down": True,
    }
    assert (desk.load(file).added, desk.reasons()) == (3, [])
    sold = desk.rows("SELECT product_id, sum(quantity)::INT FROM shipments GROUP BY 1 ORDER BY 1")
    assert sold == [("AP-7", 1), ("SW-24", 6)]


def test_groups_in_groups(desk: Desk) -> None:
    """Who sold stands above who bought; each heading ends those below it."""
    desk.sender("""
        [read]
        subtotals = "Total"
        [shipments]
        key = ["Invoice"]
        shipped_on = "Day"
        seller_id = { column = "Branch", fill_down = true }
        buyer_id = { column = "Customer", fill_down = true }
        product_id = "SKU"
        quantity = "Qty"
        document = "Invoice"
        """)
    rows = (
        "D1",
        ",R1",
        ",,I1,2015-06-13,SW-24,1",
        ",Total R1,,,,1",
        ",R2",
        ",,I2,2015-06-13,SW-24,2",
        ",Total R2,,,,2",
        "Total D1,,,,,3",
        "R1",
        ",,I3,2015-06-13,SW-24,9",  # whose customer is not said
        ",R2",
        ",,I4,2015-06-13,SW-24,4",
    )
    file = desk.file("g.csv", "\n".join(("Branch,Customer,Invoice,Day,SKU,Qty", *rows)))
    report = desk.load(file, sender="rotkamp")
    assert (report.added, desk.reasons()) == (
        3,
        ["Customer is empty; expected party that received."],
    )
    sold = desk.rows("SELECT seller_id, buyer_id, quantity FROM shipments ORDER BY quantity")
    assert sold == [("D1", "R1", 1), ("D1", "R2", 2), ("R1", "R2", 4)]

"""Cells as people see them, and what must never be read from a spreadsheet without a word."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
import python_calamine
import xlsxwriter

from graphchannel.errors import InputError
from graphchannel.ingest.readers.workbooks.cells import of_number

from .workbooks import ods, workbook

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Desk

_SAMPLES = Path(__file__).parent / "samples"
_HEADER = ["id", "name", "family"]


def _written(write: Callable[[Any, Any], None], name: str = "products") -> bytes:
    """Return a workbook that xlsxwriter wrote: it keeps formulas with their results."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, _HEADER)
        write(book, sheet)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("held", "code", "shown"),
    [
        ("3", "General", "3"),
        ("3.0", "General", "3"),
        ("3.3000000000000003", "0.00", "3.3"),
        ("0.30000000000000004", "General", "0.3"),
        ("1E-7", "General", "0.0000001"),
        ("999999999999999", "0", "999999999999999"),
        ("-5", "00000", "-5"),
        ("123", "00000", "00123"),
        ("1234567", "00000", "1234567"),
        ("1234567", "000-0000", "123-4567"),
        ("34567", "000\\-0000", "003-4567"),
        ("7", '"P"000', "P007"),
        ("12345", '"P"000', "P12345"),
        ("3", '0" d"', "3"),
        ("3", '"ID "0', "3"),
        ("12.5", "00000", "12.5"),
        ("1234.5", "#,##0.00 [$€-407]", "1234.5"),
        ("0.05", "0%", "0.05"),
        ("42156", "yyyy-mm-dd", "2015-06-01"),
        ("42156", "[$-407]TT.MM.JJJJ", "2015-06-01"),
        ("42156", "[$-F800]dddd, mmmm dd, yyyy", "2015-06-01"),
        ("42156", "mmm", "2015-06-01"),
        ("42156.5", "m/d/yy h:mm", "2015-06-01T12:00:00"),
        ("42156.999999999", "m/d/yy h:mm", "2015-06-02"),
        ("1", "d", "1900-01-01"),
        ("59", "d", "1900-02-28"),
        ("61", "d", "1900-03-01"),
        ("0.25", "hh:mm", "06:00:00"),
        ("1.5", "[h]:mm", "36:00:00"),
        ("2958465", "yyyy", "9999-12-31"),
    ],
)
def test_a_number_is_what_its_format_shows(held: str, code: str, shown: str) -> None:
    assert of_number(held, code) == (shown, "")


@pytest.mark.parametrize(
    ("held", "code", "flaw"),
    [
        ("1000000000000000", "0", "holds a number of more than 15 digits"),
        ("1.2345678901234567E+19", "General", "holds a number of more than 15 digits"),
        ("0", "dd/mm/yyyy", "holds 0 in the format of a date"),
        ("60", "d", "holds 1900-02-29 in the format of a date"),
        ("-1", "yyyy-mm-dd", "holds -1 in the format of a date"),
        ("2958466", "d", "holds 2958466 in the format of a date"),
        ("1e300", "d", "in the format of a date"),
        ("inf", "General", "holds 'inf' as a number"),
        ("nan", "d", "holds 'nan' as a number"),
        ("12x", "General", "holds '12x' as a number"),
    ],
)
def test_what_a_number_cannot_be_is_said(held: str, code: str, flaw: str) -> None:
    assert flaw in of_number(held, code).flaw


def test_days_since_1904() -> None:
    assert of_number("0", "d", since_1904=True).text == "1904-01-01"
    assert of_number("40694", "d", since_1904=True).text == "2015-06-01"


def test_errors_count_where_they_are_read(desk: Desk) -> None:
    def write(_: Any, sheet: Any) -> None:
        sheet.write_row(1, 0, ["A", "sound"])
        sheet.write_row(2, 0, ["B", "sound"])
        sheet.write_formula(2, 3, "=1/0", None, "#DIV/0!")
        sheet.write(3, 0, "C")
        sheet.write_formula(3, 1, "=X!A1", None, "#REF!")
        sheet.write(4, 0, "D")
        sheet.write_formula(4, 1, "=NA()", None, "#N/A")

    staged = desk.stage_one("products.xlsx", _written(write))
    assert staged.records == 4
    assert desk.rows(staged, "id", "name") == [(1, "A", "sound"), (2, "B", "sound")]
    assert [(each.record, each.column, each.reason) for each in staged.rejects] == [
        (3, "name", "name shows #REF!, an error of the spreadsheet; correct the cell."),
        (4, "name", "name shows #N/A, an error of the spreadsheet; correct the cell."),
    ]
    assert staged.rejects[0].raw.startswith('{"id": "C", "name": "#REF!"')


def test_loaders_do_not_read_errors_either(desk: Desk) -> None:
    header = ["invoice", "line", "ship_date", "sold_by", "sold_to", "sku", "quantity", "margin"]

    def write(_: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, header)
        for row in (1, 2):
            sheet.write_row(row, 0, ["I", row, "2015-06-01", "D1", "R1", "SW", 3])
        sheet.write_formula(1, 7, "=1/0", None, "#DIV/0!")
        sheet.write_formula(2, 6, "=1/0", None, "#DIV/0!")

    staged = desk.stage_one("june.xlsx", _written(write, "June"))
    assert (staged.loader, staged.records) == ("pos-flat", 2)
    assert desk.rows(staged, "quantity") == [(1, "3")]
    assert [(each.record, each.column) for each in staged.rejects] == [(2, "quantity")]


def test_a_formula_without_a_result_is_no_value(desk: Desk) -> None:
    rows: list[list[Any]] = [_HEADER, ["A", "=1+1"], ["B", "x", "=NOW()"], ["C", "x"]]
    staged = desk.stage_one("products.xlsx", workbook({"products": rows}))
    assert desk.rows(staged, "id") == [(3, "C")]
    assert staged.rejects[0].reason == (
        "name holds a formula without a stored result; open the workbook in a spreadsheet "
        "program, save it and load it again."
    )

    def write(_: Any, sheet: Any) -> None:  # what programs write: 0 until somebody calculates
        sheet.write(1, 0, "A")
        sheet.write_formula(1, 1, "=SUM(1,2)")
        sheet.write(2, 0, "B")
        sheet.write_formula(2, 1, "=SUM(1,2)", None, 3)
        sheet.write(3, 0, "C")
        sheet.write_formula(3, 1, '=IF(1,"","x")', None, "")

    staged = desk.stage_one("products.xlsx", _written(write))
    assert desk.rows(staged, "id", "name") == [(2, "B", "3")]
    assert [each.record for each in staged.rejects] == [1, 3]


def test_ids_keep_the_zeros_that_their_format_shows(desk: Desk) -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.write_number(1, 0, 123, book.add_format({"num_format": "00000"}))
        sheet.write_number(1, 1, 7, book.add_format({"num_format": '"P"000'}))
        sheet.write_string(2, 0, "00124")
        sheet.write_string(2, 1, "x")

    staged = desk.stage_one("products.xlsx", _written(write))
    assert desk.rows(staged, "id", "name") == [(1, "00123", "P007"), (2, "00124", "x")]


def test_formats_that_have_a_number_alone_show_days_or_not(desk: Desk) -> None:
    days = (14, 15, 17, *range(27, 32), 36, *range(50, 59))
    others = (1, 2, 3, 4, 37, 38, 39, 40, 49)

    def write(book: Any, sheet: Any) -> None:
        for row, number in enumerate((*days, *others), 1):
            sheet.write_number(row, 0, 42185, book.add_format({"num_format": number}))

    staged = desk.stage_one("products.xlsx", _written(write))
    shown = [text for _, text in desk.rows(staged, "id")]
    assert shown == ["2015-06-30"] * len(days) + ["42185"] * len(others)


def test_columns_far_to_the_right_are_read(desk: Desk) -> None:
    def write(_: Any, sheet: Any) -> None:
        for column, cells in ((0, "id A"), (1, "note x"), (26, "name a"), (16_383, "family f")):
            sheet.write_column(0, column, cells.split())
        sheet.write_string(0, 2, "other")
        sheet.write_string(1, 27, "without a name")

    staged = desk.stage_one("products.xlsx", _written(write))
    assert desk.rows(staged, "id", "name", "family") == [(1, "A", "a", "f")]
    assert any("column_28" in each for each in staged.warnings)


def test_long_numbers_are_rejected(desk: Desk) -> None:
    rows: list[list[Any]] = [_HEADER, [123456789012345, "a"], [1234567890123456789, "b"]]
    staged = desk.stage_one("products.xlsx", workbook({"products": rows}))
    assert desk.rows(staged, "id") == [(1, "123456789012345")]
    assert staged.rejects[0].reason == (
        "id holds a number of more than 15 digits, of which a spreadsheet makes up the last; "
        "write it as text."
    )


def test_hidden_sheets_are_left_and_hidden_rows_told(desk: Desk) -> None:
    book = openpyxl.Workbook()
    shown = book.active
    assert shown is not None
    shown.title = "products"
    for row in (_HEADER, ["A", "a"], ["B", "b"]):
        shown.append(row)
    shown.row_dimensions[3].hidden = True
    for name, state in (("regions", "hidden"), ("industries", "veryHidden")):
        sheet = book.create_sheet(name)
        sheet.append(["id", "name"])
        sheet.sheet_state = state
    buffer = io.BytesIO()
    book.save(buffer)
    content = buffer.getvalue()
    staged = desk.stage_one("x.xlsx", content)
    assert (staged.table, staged.records) == ("products", 2)
    assert staged.warnings == (
        "x.xlsx: 2 sheets are hidden and not read: regions, industries (--sheet NAME reads one).",
        (
            "x.xlsx [products]: 1 row is hidden in the spreadsheet, by a filter or by hand, and "
            "read like the others."
        ),
    )
    assert desk.stage_one("x.xlsx", content, sheet="regions").table == "regions"


def test_hidden_columns_are_read_and_named(desk: Desk) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "products"
    for row in (["id", "note", "name", "price"], ["A", "x", "a", "1"], ["B", "y", "b", "2"]):
        sheet.append(row)
    for letter in "CDZ":  # the last has no name
        sheet.column_dimensions[letter].hidden = True
    buffer = io.BytesIO()
    book.save(buffer)
    staged = desk.stage_one("x.xlsx", buffer.getvalue())
    assert desk.rows(staged, "id", "name") == [(1, "A", "a"), (2, "B", "b")]
    assert _UNSEEN.format("x.xlsx [products]: 2 columns are", "name, price") in staged.warnings


def test_hidden_columns_of_an_open_document_are_named(desk: Desk) -> None:
    cells = "".join(
        f"<table:table-row>{''.join(_CELL.format(text) for text in row)}</table:table-row>"
        for row in (("id", "note", "name"), ("A", "x", "a"))
    )
    hidden = '<table:table-column table:visibility="collapse"/>'
    columns = f'<table:table-column table:number-columns-repeated="2"/>{hidden}'
    content = ods(f'<table:table table:name="products">{columns}{cells}</table:table>')
    staged = desk.stage_one("x.ods", content)
    assert desk.rows(staged, "id", "name") == [(1, "A", "a")]
    assert _UNSEEN.format("x.ods [products]: 1 column is", "name") in staged.warnings


_UNSEEN = "{} hidden in the spreadsheet, and read like the others: {}."
_CELL = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'


def test_a_workbook_whose_sheets_are_all_hidden_or_empty(desk: Desk) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("products").append(_HEADER)
    book["products"].sheet_state = "hidden"
    buffer = io.BytesIO()
    book.save(buffer)
    with pytest.raises(InputError, match=r"no filled sheet that is shown \(hidden: products; --sh"):
        desk.stage("x.xlsx", buffer.getvalue())


_LINE = ["L1", "2015-01-01", "D1", "R1", "SW-24", 3]
_LINES = ["id", "shipped_on", "seller_id", "buyer_id", "product_id", "quantity"]


def test_a_sheet_for_each_month(desk: Desk) -> None:
    sheets: dict[str, list[list[Any]]] = {
        "Jan": [_LINES, _LINE],
        "Feb": [["June report"], [], _LINES, _LINE],
        "Notes": [["x"]],
    }
    content = workbook(sheets)
    for options in ({}, {"table": "shipments"}):
        staged = desk.stage("shipments.xlsx", content, **options)
        assert [(one.file, one.table, one.records) for one in staged] == [
            ("shipments.xlsx [Jan]", "shipments", 1),
            ("shipments.xlsx [Feb]", "shipments", 1),
        ]
        assert "row 3 names the columns" in staged[1].warnings[-1]
        assert "shipments.xlsx [Notes]" in staged[0].warnings[-1]
    assert [one.records for one in desk.stage("q1.xlsx", content, table="shipments")] == [1, 1]


def test_a_sheet_like_the_others_is_never_left_out(desk: Desk) -> None:
    other = [*_LINES[:-1], "Qty"]
    content = workbook({"Jan": [_LINES, _LINE], "Feb": [other, _LINE]})
    message = (
        "sheet 'Feb' looks like sheet 'Jan', but lacks column 'quantity' and has column 'Qty' "
        "instead. Nothing is loaded"
    )
    for options in ({}, {"table": "shipments"}):
        with pytest.raises(InputError, match=message):
            desk.stage("shipments.xlsx", content, **options)
    assert desk.stage_one("shipments.xlsx", content, sheet="Jan").records == 1


def test_a_copy_of_a_sheet_never_wins(desk: Desk) -> None:
    rows = [["id", "name"], ["A", "new"]]
    old = [["id", "name"], ["A", "old"]]
    for name in ("products_old", "Backup of products", "products (2)", "products bak 2014-12-31"):
        [staged] = desk.stage("x.xlsx", workbook({name: old, "products": rows}))
        assert desk.rows(staged, "name") == [(1, "new")]
        assert f"sheet '{name}' is named as a copy of 'products'" in staged.warnings[-1]
    assert desk.stage_one("x.xlsx", workbook({"products_old": old})).table == "products"


def test_a_sheet_that_nobody_wants_does_no_harm(desk: Desk) -> None:
    content = workbook(
        {"partners": [["id", "name"], ["A", "a"]], "Sum": [["x", "2014", "2014"]], "regions": []}
    )
    for options in ({}, {"table": "partners"}):
        assert desk.stage_one("master.xlsx", content, **options).records == 1
    with pytest.raises(InputError, match="columns 'id' and 'ID' have the same name"):
        desk.stage("x.xlsx", workbook({"partners": [["id", "ID"]], "regions": [["id", "name"]]}))


def test_rows_that_repeat_the_header(desk: Desk) -> None:
    rows = [_HEADER, ["A", "a"], [" ID ", "name", "Family"], ["B", "b"]]
    staged = desk.stage_one("products.xlsx", workbook({"products": rows}))
    assert desk.rows(staged, "id") == [(1, "A"), (2, "B")]
    assert staged.warnings == (
        "products.xlsx [products]: 1 row is repeating the header, not read.",
    )


def test_old_workbooks(desk: Desk) -> None:
    shutil.copy(_SAMPLES / "products.xls", desk.folder)
    staged = desk.stage_one("products.xls", (_SAMPLES / "products.xls").read_bytes())
    assert desk.source(staged) == [
        (1, "00123", "five digits", None, "2015-06-01"),
        (2, "SW", "0.3", None, None),
        (4, "ERR2", "unread error", None, "#N/A"),
        (6, "HID", "filtered", None, None),
    ]
    assert [(each.record, each.column) for each in staged.rejects] == [(3, "name"), (5, "id")]
    assert staged.rejects[0].reason.startswith("name shows #REF!")
    assert [warning.split(":")[1][:30] for warning in staged.warnings[:2]] == [
        " 1 sheet is hidden and not rea",
        " 1 row is hidden in the spread",
    ]


def test_open_document(desk: Desk) -> None:
    content = ods(
        '<table:table table:name="products">'
        '<table:table-column table:default-cell-style-name="five"/>'
        "<table:table-row>{id}{name}{family}</table:table-row>"
        '<table:table-row table:number-rows-repeated="2"><table:table-cell'
        ' office:value-type="float" office:value="123"><text:p>00123</text:p></table:table-cell>'
        '<table:table-cell office:value-type="string"><office:annotation><text:p>aside</text:p>'
        '</office:annotation><text:p>a<text:s text:c="2"/>b</text:p></table:table-cell>'
        '<table:table-cell office:value-type="date" office:date-value="2015-06-01T00:00:00"/>'
        "</table:table-row>"
        '<table:table-row table:visibility="filter"><table:table-cell office:value-type="string">'
        '<text:p>E</text:p></table:table-cell><table:table-cell table:formula="of:=[.X1]"'
        ' office:value-type="string" office:string-value="" calcext:value-type="error">'
        "<text:p>#REF!</text:p></table:table-cell></table:table-row>"
        '<table:table-row><table:table-cell office:value-type="float" office:value="1.1"/>'
        '<table:table-cell table:formula="of:=1"/></table:table-row>'
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell'
        ' table:number-columns-repeated="16000"/></table:table-row></table:table>'
        '<table:table table:name="regions" table:style-name="gone">'
        "<table:table-row>{id}{name}</table:table-row></table:table>"
    )
    staged = desk.stage_one("x.ods", content)
    assert desk.source(staged) == [
        (1, "00123", "a  b", "2015-06-01"),
        (2, "00123", "a  b", "2015-06-01"),
    ]
    assert [(each.record, each.column, each.reason[:20]) for each in staged.rejects] == [
        (3, "name", "name shows #REF!, an"),
        (4, "name", "name holds a formula"),
    ]
    assert "hidden and not read: regions" in staged.warnings[0]
    assert "1 row is hidden" in staged.warnings[1]


@pytest.mark.parametrize("since_1904", [False, True])
def test_an_independent_reader_sees_the_same(desk: Desk, *, since_1904: bool) -> None:
    """Calamine agrees on all that it can tell."""
    day, moment = dt.date(2015, 6, 1), dt.datetime(2015, 6, 1, 12, 30)  # noqa: DTZ001 - cells have no time zone
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"date_1904": since_1904}) as book:
        sheet = book.add_worksheet("products")
        sheet.write_row(0, 0, _HEADER)
        for row in range(1, 200):
            sheet.write_row(row, 0, [f"P{row}", row * 1.25, row % 2 == 0])
            sheet.write_datetime(row, 3, day, book.add_format({"num_format": "d.m.yy"}))
            sheet.write_datetime(row, 4, moment, book.add_format({"num_format": "d.m.yy h:mm"}))
            sheet.write_rich_string(row, 5, "a", book.add_format({"bold": True}), f"b{row}", "c")
    staged = desk.stage_one("products.xlsx", buffer.getvalue())
    cells = python_calamine.load_workbook(desk.folder / "products.xlsx").get_sheet_by_index(0)
    expected = [
        (
            number,
            row[0],
            f"{row[1]:g}",
            str(row[2]).lower(),
            row[3].isoformat(),  # type: ignore[union-attr]  # a day
            row[4].isoformat(),  # type: ignore[union-attr]  # a moment
            row[5],
        )
        for number, row in enumerate(cells.to_python()[1:], 1)
    ]
    assert desk.source(staged) == expected


def _with_part(content: bytes, part: str, change: Callable[[str], str]) -> bytes:
    """Return a workbook with a part changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, change(text.decode()) if name == part else text)
    return buffer.getvalue()


def test_a_document_type_is_refused(desk: Desk) -> None:
    entities = '<!DOCTYPE x [<!ENTITY a "A"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    content = _with_part(
        workbook({"products": [_HEADER, ["A", "a"]]}),
        "xl/worksheets/sheet1.xml",
        lambda text: entities + text.replace("<v>0</v>", "<v>&f;</v>"),
    )
    with pytest.raises(InputError, match="declares a document type"):
        desk.stage("products.xlsx", content)


@pytest.mark.parametrize("index", ["999", "-1", "x", ""])
def test_texts_that_are_not_there(desk: Desk, index: str) -> None:
    def write(_: Any, sheet: Any) -> None:
        sheet.write_row(1, 0, ["A", "a"])

    content = _with_part(
        _written(write),
        "xl/worksheets/sheet1.xml",
        lambda text: text.replace("<v>4</v>", f"<v>{index}</v>"),
    )
    if index:
        with pytest.raises(InputError, match="which the workbook does not have: it is damaged"):
            desk.stage("products.xlsx", content)
    else:
        assert desk.rows(desk.stage_one("products.xlsx", content), "id", "name") == [(1, "A", None)]


def test_text_of_merged_cells_holds_for_all_and_a_number_does_not(desk: Desk) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "products"
    sheet.append(["id", "name", "family"])
    for row in (["A", "Eins", "X"], ["B", None, None], [None, None, None], ["C", None, "Y"]):
        sheet.append(row)
    sheet.append([7, "Zwei", "Z"])
    sheet.append([None, "Drei", None])
    for cells in ("B2:B5", "C2:C3", "A6:A7", "C6:D6"):
        sheet.merge_cells(cells)
    content = io.BytesIO()
    book.save(content)
    staged = desk.stage_one("products.xlsx", content.getvalue())
    assert desk.rows(staged) == [
        (1, "A", "Eins", "X"), (2, "B", "Eins", "X"), (3, "C", "Eins", "Y"), (4, "7", "Zwei", "Z"),
        (5, None, "Drei", None),
    ]  # fmt: skip
    assert staged.warnings == (
        (
            "products.xlsx [products]: 3 cells are merged with the one above, whose text is read "
            "again."
        ),
    )


def _merged_ods() -> bytes:
    """Write what `samples/merged.xls` holds; the second sheet has no cells in common with it."""
    text = (
        '<table:table-cell {0} office:value-type="string"><text:p>{1}</text:p></table:table-cell>'
    )
    down, covered = 'table:number-rows-spanned="{}"', "<table:covered-table-cell/>"
    day = (
        '<table:table-cell table:number-rows-spanned="2" office:value-type="date"'
        ' office:date-value="2015-06-30"><text:p>30.06.15</text:p></table:table-cell>'
    )
    seven = (
        '<table:table-cell table:number-rows-spanned="2" office:value-type="float"'
        ' office:value="7"><text:p>7</text:p></table:table-cell>'
    )
    rows = (
        text.format("", "A") + text.format(down.format(4), "Eins") + day,
        text.format("", "B") + covered * 2,
        "<table:table-cell/>" + covered + "<table:table-cell/>",
        text.format("", "C") + covered + text.format("", "Y"),
        seven
        + text.format("", "Zwei")
        + text.format('table:number-columns-spanned="2"', "Z")
        + covered,
        covered + text.format("", "Drei"),
    )
    body = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    return ods(
        '<table:table table:name="products"><table:table-row>{id}{name}{family}</table:table-row>'
        + body
        + "</table:table>"
    )


@pytest.mark.parametrize("format_", ["xls", "ods"])
def test_merged_cells_are_the_same_in_all_workbooks(desk: Desk, format_: str) -> None:
    merged = (_SAMPLES / "merged.xls").read_bytes() if format_ == "xls" else _merged_ods()
    staged = desk.stage_one(f"products.{format_}", merged)
    assert desk.rows(staged) == [
        (1, "A", "Eins", "2015-06-30"), (2, "B", "Eins", "2015-06-30"), (3, "C", "Eins", "Y"),
        (4, "7", "Zwei", "Z"), (5, None, "Drei", None),
    ]  # fmt: skip
    assert staged.warnings == (
        (
            f"products.{format_} [products]: 3 cells are merged with the one above, whose text is "
            "read again."
        ),
    )


@pytest.mark.parametrize("name", ["products.xlsx", "products.ods"])
def test_an_archive_that_lacks_bytes_in_the_middle_is_damaged(desk: Desk, name: str) -> None:
    content = workbook({"products": [_HEADER, ["A", "a", "x"]]})
    with pytest.raises(InputError, match="it was cut or damaged"):
        desk.stage(name, content[:30] + content[80:])


@pytest.mark.parametrize("encoding", ["UUF-8", "shift_jis"])
def test_a_part_in_an_encoding_that_no_workbook_has_is_damaged(desk: Desk, encoding: str) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("content.xml", f'<?xml version="1.0" encoding="{encoding}"?>\n<x/>')
    with pytest.raises(InputError, match="it was cut or damaged"):
        desk.stage("products.ods", content.getvalue())

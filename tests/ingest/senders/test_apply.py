"""What senders make of partner files: each with the values that a person expects of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import openpyxl
import pytest

from graphchannel.errors import InputError, SenderError
from graphchannel.ingest import export_rejects, rejects
from graphchannel.ingest.source import Reading

if TYPE_CHECKING:
    from tests.ingest.senders.conftest import Desk

HEAD = 'files = ["pos-*"]\n'
LINES = """\
[shipments]
key = ["Invoice", "Line"]
shipped_on = "Ship Date"
seller_id = "Sold By"
buyer_id = "Sold To"
product_id = "SKU"
quantity = "Quantity"
unit_price = "Price"
currency = "Currency"
document = "Invoice"
reporter_id = "Sold By"
"""
COLUMNS = "Invoice,Line,Ship Date,Sold By,Sold To,SKU,Quantity,Price,Currency"


def test_constants_and_other_names(desk: Desk) -> None:
    desk.sender("""
        files = ["pos-june.csv"]
        ignore = ["Sold-To", "End Customer"]
        [values]
        dates = "mdy"
        [shipments]
        key = ["Invoice #", "Mfg Part #"]
        shipped_on = "Ship Date"
        seller_id = { value = "D1" }
        buyer_id = { column = "Reseller Name", names = true }
        product_id = "Mfg Part #"
        quantity = "Qty"
        amount = "Ext Cost"
        currency = { value = "EUR" }
        document = "Invoice #"
        document_date = "Invoice Date"
        serial = "Serial #"
        reporter_id = { value = "D1" }
        """)
    file = desk.file(
        "pos-june.csv",
        "Ship Date,Invoice Date,Invoice #,Reseller Name,Sold-To,End Customer,Mfg Part #,Qty,"
        "Ext Cost,Serial #\n06/15/2015,06/16/2015,INV9,ALPENBLICK  Systeme GmbH ,8812,"
        "Stadtschule Muenchen,SW-24,1,300.00,SN1\n",
    )
    report = desk.load(file)
    assert [(each.table, each.added) for each in report.files] == [("shipments", 1), ("serials", 1)]
    assert report.files[0].warnings == (
        "pos-june.csv: values were cleaned: 1 of Reseller Name had blanks or invisible characters.",
    )
    assert report.files[0].loader == "sender rotkamp"
    assert report.files[0].because == "Sender 'rotkamp' claims files with this name."
    columns = ("shipped_on::VARCHAR", "seller_id", "buyer_id", "amount::VARCHAR", "currency")
    assert desk.lines(*columns) == [("2015-06-15", "D1", "R1", "300.0000", "EUR")]
    assert desk.rows("SELECT serial FROM serials") == [("SN1",)]
    again = desk.load(file)
    assert (again.unchanged, again.added) == (2, 0)


def test_decimal_commas(desk: Desk) -> None:
    desk.sender("""
        files = ["shipments*.csv"]
        [values]
        decimal = ","
        thousands = "."
        [shipments]
        id = "id"
        shipped_on = "shipped_on"
        seller_id = "seller_id"
        buyer_id = "buyer_id"
        product_id = "product_id"
        quantity = "quantity"
        amount = "amount"
        currency = "currency"
        """)
    file = desk.file(
        "shipments.csv",
        "id;shipped_on;seller_id;buyer_id;product_id;quantity;amount;currency\n"
        "L1;2015-06-01;D1;R1;SW-24;3;1.234,56;EUR\n"
        "L2;2015-06-02;D1;R1;SW-24;1;1.234;EUR\n"
        "L3;2015-06-03;D1;R2;SW-24;1.200;250,5;EUR\n"
        "L4;2015-06-04;D1;R2;AP-7;2;99;EUR\n"
        "L5;2015-06-05;D1;R2;AP-7;2;12.34;EUR\n",
    )
    report = desk.load(file)
    assert (report.added, report.rejected) == (4, 1)
    assert desk.lines("id", "quantity", "amount::VARCHAR") == [
        ("L1", 3, "1234.5600"),
        ("L2", 1, "1234.0000"),
        ("L3", 1200, "250.5000"),
        ("L4", 2, "99.0000"),
    ]


def test_day_first(desk: Desk) -> None:
    desk.sender(HEAD + '[values]\ndates = "dmy"\n' + LINES)
    days = ("15.06.2015", "5/6/2015", "2015-06-07", "06/15/2015", "32.01.2015")
    rows = [f"I101,{at},{day},D1,R1,SW-24,5,10,EUR" for at, day in enumerate(days)]
    report = desk.load(desk.file("pos-1.csv", "\n".join([COLUMNS, *rows])))
    assert [day for (day,) in desk.lines("shipped_on::VARCHAR")] == [
        "2015-06-15",
        "2015-06-05",
        "2015-06-07",
    ]
    assert report.rejected == 2
    assert all(day in reason for day, reason in zip(days[3:], desk.reasons(), strict=True))


def test_a_return_on_the_original_line_is_a_second_movement(desk: Desk) -> None:
    desk.sender(HEAD + LINES)
    june = desk.file("pos-a.csv", f"{COLUMNS}\nI103,1,2015-06-10,D1,R1,SW-24,10,100,EUR\n")
    july = desk.file("pos-b.csv", f"{COLUMNS}\nI103,1,2015-07-05,D1,R1,SW-24,-2,-100,EUR\n")
    assert desk.load(june, july).added == 2
    assert desk.load(july, june).unchanged == 2
    assert sorted(desk.lines()) == [("D1", "R1", 10, "1000.0000"), ("R1", "D1", 2, "200.0000")]


@pytest.mark.parametrize(
    ("returns", "quantity", "kind", "expected"),
    [
        ("", "-2", "", ("R1", "D1", 2)),
        ('returns = "none"', "-2", "", None),
        ('returns = "amount"', "-2", "", ("R1", "D1", 2)),
        ('returns = "amount"', "2", "", ("D1", "R1", 2)),
        ('returns = "all"', "2", "", ("R1", "D1", 2)),
        ('returns = "all"', "-2", "", ("R1", "D1", 2)),
        ('returns = { column = "Kind", values = ["RMA"] }', "2", " rma ", ("R1", "D1", 2)),
        ('returns = { column = "Kind", values = ["RMA"] }', "2", "SALE", ("D1", "R1", 2)),
        ('returns = { column = "Kind", values = ["RMA"] }', "-2", "SALE", None),
    ],
)
def test_the_sign_of_returns(
    desk: Desk, returns: str, quantity: str, kind: str, expected: tuple[str, str, int] | None
) -> None:
    desk.sender(HEAD + LINES + returns)
    row = f"I1,1,2015-06-10,D1,R1,SW-24,{quantity},100,EUR,{kind}"
    desk.load(desk.file("pos-a.csv", f"{COLUMNS},Kind\n{row}\n"))
    assert desk.lines("seller_id", "buyer_id", "quantity") == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("returns", "quantity", "price", "expected"),
    [
        ('returns = "amount"', "2", "-100", ("R1", "D1", 2, "200.0000")),
        ('returns = "amount"', "-2", "-100", ("R1", "D1", 2, "200.0000")),
        ("", "2", "-100", None),
    ],
)
def test_returns_by_their_amount(
    desk: Desk, returns: str, quantity: str, price: str, expected: tuple[object, ...] | None
) -> None:
    desk.sender(HEAD + LINES + returns)
    row = f"I1,1,2015-06-10,D1,R1,SW-24,{quantity},{price},EUR"
    desk.load(desk.file("pos-a.csv", f"{COLUMNS}\n{row}\n"))
    assert desk.lines() == ([expected] if expected else [])


def test_a_row_for_each_serial_number(desk: Desk) -> None:
    desk.sender(HEAD + LINES + 'serial = "Serial Number"\n')
    rows = [f"I102,1,2015-06-15,D1,R1,SW-24,1,100,EUR,SN{number}" for number in (1, 2, 3)]
    rows += [f"I102,2,2015-06-15,D1,R1,SW-24,2,100,EUR,SN{number}" for number in (4, 5)]
    rows += ['I102,3,2015-06-15,D1,R1,SW-24,2,100,EUR,"SN6, SN7"']
    rows += ["I102,4,2015-06-15,D1,R1,SW-24,3,100,EUR,"]
    report = desk.load(desk.file("pos-a.csv", "\n".join([f"{COLUMNS},Serial Number", *rows])))
    assert [each.added for each in report.files] == [7, 7]
    assert [quantity for (_, _, quantity, _) in desk.lines()] == [1, 1, 1, 1, 1, 2, 3]
    of = "SELECT count(*) FROM serials JOIN shipments ON shipment_id = id"
    assert desk.rows(of) == [(7,)]


def test_invoice_numbers_begin_anew_each_year(desk: Desk) -> None:
    desk.sender(HEAD + LINES)
    rows = [f"1,1,{year}-06-10,D1,R1,SW-24,{year - 2000},100,EUR" for year in (2014, 2015)]
    assert desk.load(desk.file("pos-a.csv", "\n".join([COLUMNS, *rows]))).added == 2


def test_a_report_without_line_numbers(desk: Desk) -> None:
    sender = desk.sender(
        HEAD
        + LINES.replace('key = ["Invoice", "Line"]\n', "").replace('"Sold By"', '{ value = "D1" }')
    )
    header = "Invoice,Ship Date,Sold To,SKU,Quantity,Price,Currency"
    row = "I201,2015-06-15,R1,{},3,100,EUR"
    text = "\n".join([header, row.format("SW-24"), row.format("AP-7"), row.format("AP-7")])
    assert desk.load(desk.file("pos-a.csv", text)).added == 3
    other = "\n".join([header, row.format("AP-7"), row.format("SW-24"), row.format("AP-7")])
    assert desk.load(desk.file("pos-b.csv", other)).unchanged == 3
    assert sender.exists()


def test_names_that_the_same_load_brings(desk: Desk) -> None:
    text = LINES.replace('buyer_id = "Sold To"', 'buyer_id = { column = "Sold To", names = true }')
    desk.sender(HEAD + text)
    rows = [f"I1,{at},2015-06-10,D1,{name},SW-24,1,1,EUR" for at, name in enumerate(
        ("Neu GmbH", "R2", "Doppel KG", "Niemand", "stadtschule  münchen")
    )]  # fmt: skip
    report = desk.load(
        desk.file("pos-a.csv", "\n".join([COLUMNS, *rows])),
        desk.file("partners.csv", "id,name\nN1,Neu GmbH\nX1,Doppel KG\nX2,doppel kg\n"),
    )
    assert [buyer for (buyer,) in desk.lines("buyer_id")] == ["N1", "R2", "E1"]
    assert report.rejected == 2
    assert "Doppel KG" in desk.reasons()[0]


def test_a_returned_line_of_somebody_by_name(desk: Desk) -> None:
    text = LINES.replace('buyer_id = "Sold To"', 'buyer_id = { column = "Sold To", names = true }')
    desk.sender(HEAD + text)
    row = "I1,1,2015-06-10,D1,Nordlicht Netze GmbH,SW-24,-1,1,EUR"
    desk.load(desk.file("pos-a.csv", f"{COLUMNS}\n{row}\n"))
    assert desk.lines("seller_id", "buyer_id") == [("R2", "D1")]


def test_value_maps_and_words_for_nothing(desk: Desk) -> None:
    desk.sender(
        """
        [values]
        empty = ["keine Angabe"]
        [partners]
        id = "Nr"
        name = "Firma"
        country = { column = "Land", map = { "Deutschland" = "DE", "UK" = "GB" }, value = "FR" }
        city_id = "Ort"
        group_id = "Konzern"
        [cities]
        id = "Ort"
        name = "Ort"
        region_id = { value = "DE" }
        key_city = { column = "Schlüssel-\\nstadt", map = { "ja" = "true", "nein" = "false" } }
        """,
        "kunden",
    )
    text = (
        'Nr;Firma;Land;Ort;Konzern;"Schlüssel-\nstadt"\n'
        "P1;Eins GmbH;deutschland;Ulm;Keine Angabe;JA\n"
        "P2;Zwei Ltd;UK;Köln;G1;nein\nP3;Drei SA;;;;\n"
    )
    report = desk.load(desk.file("Kundenliste.csv", text))
    assert report.rejected == 0
    assert desk.rows("SELECT id, country, city_id, group_id FROM partners WHERE id LIKE 'P%'") == [
        ("P1", "DE", "Ulm", None),
        ("P2", "GB", "Köln", "G1"),
        ("P3", "FR", None, None),
    ]
    assert desk.rows("SELECT id, key_city FROM cities WHERE id = 'Ulm'") == [("Ulm", True)]


def test_a_title_a_footer_and_merged_cells(desk: Desk) -> None:
    text = LINES
    for column in ("Invoice", "Ship Date", "Sold By", "Sold To"):
        text = text.replace(f'= "{column}"', f'= {{ column = "{column}", fill_down = true }}')
    desk.sender(HEAD + '[read]\nheader_row = 4\nfooter = "Grand total"\n' + text)
    book = openpyxl.Workbook()
    for row in (
        ["Rotkamp Distribution - POS report"],
        ["Period: June 2015"],
        [],
        COLUMNS.split(","),
        ["I1", 1, "2015-06-10", "D1", "R1", "SW-24", 3, 100, "EUR"],
        [None, 2, None, None, None, "AP-7", 4, 50, "EUR"],
        ["I2", 1, "2015-06-11", "D1", "R2", "AP-7", 1, 50, "EUR"],
        ["Grand total", None, None, None, None, None, 8],
    ):
        book.worksheets[0].append(row)
    path = desk.folder / "pos-june.xlsx"
    book.save(path)
    report = desk.load(path)
    assert (report.added, report.rejected) == (3, 0)
    assert desk.lines("document", "buyer_id", "product_id") == [
        ("I1", "R1", "SW-24"),
        ("I1", "R1", "AP-7"),
        ("I2", "R2", "AP-7"),
    ]


def test_a_sheet_for_each_month_whose_columns_change(desk: Desk) -> None:
    text = LINES.replace('"Quantity"', '{ column = ["Quantity", "Qty"] }')
    desk.sender(HEAD + text)
    book = openpyxl.Workbook()
    for at, (name, quantity) in enumerate((("Jan", "Quantity"), ("Feb", "Qty"), ("Notes", "?"))):
        sheet = book.create_sheet(name)
        for _ in range(at % 2):  # a title above one of them
            sheet.append([f"{name}: report of Rotkamp"])
        sheet.append(COLUMNS.replace("Quantity", quantity).split(","))
        sheet.append([f"I{at}", 1, "2015-01-10", "D1", "R1", "SW-24", 3, 100, "EUR"])
    path = desk.folder / "pos-q1.xlsx"
    book.save(path)
    with pytest.raises(InputError, match="sheet 'Notes' looks like sheet 'Jan', but lacks column"):
        desk.load(path)  # a month may be missing
    book["Notes"].delete_cols(3, 6)
    book.save(path)
    report = desk.load(path)
    assert (report.added, report.rejected) == (2, 0)
    assert "[Notes]: the sheet lacks column 'Ship Date' of sender 'rotkamp'" in " ".join(
        warning for file in report.files for warning in file.warnings
    )


def test_encodings_and_delimiters_are_those_of_the_sender(desk: Desk) -> None:
    desk.sender('[read]\nencoding = "cp1252"\ndelimiter = "^"\n' + 'files = ["k*"]\n'[:0] + """
        [partners]
        id = "Nº"
        name = "Raison sociale"
        """)  # fmt: skip
    file = desk.file("kunden.csv", "Nº^Raison sociale\nP1^Müller Réseaux €\n", "cp1252")
    assert desk.load(file).added == 1
    assert desk.rows("SELECT name FROM partners WHERE id = 'P1'") == [("Müller Réseaux €",)]
    # what the caller says goes before what the sender says
    other = desk.file("kunden-utf8.csv", "Nº^Raison sociale\nP2^Ü\n")
    desk.load(other, reading=Reading(encoding="utf-8"))
    assert desk.rows("SELECT name FROM partners WHERE id = 'P2'") == [("Ü",)]


def test_nothing_is_loaded_before_a_sender_is_confirmed(desk: Desk) -> None:
    file = desk.file("pos-a.csv", f"{COLUMNS}\nI1,1,2015-06-10,D1,R1,SW-24,1,1,EUR\n")
    desk.sender("confirmed = false\n" + HEAD + LINES)
    with pytest.raises(SenderError, match=r"rotkamp\.toml: the sender is not confirmed"):
        desk.load(file)
    desk.sender(HEAD + LINES.replace('"Sold To"', '{ value = "?" }'))
    with pytest.raises(SenderError, match=r"still to be answered: shipments\.buyer_id\.value;"):
        desk.load(file)
    assert desk.lines() == []


def test_a_missing_column_is_named(desk: Desk) -> None:
    desk.sender(HEAD + LINES)
    with pytest.raises(SenderError, match=r"reads column 'SKU', which .* \(it has: Invoice, "):
        desk.load(desk.file("pos-a.csv", COLUMNS.replace("SKU", "Artikel") + "\n"))
    text = COLUMNS.replace(",Price,Currency", "")
    report = desk.load(desk.file("pos-b.csv", f"{text}\nI1,1,2015-06-10,D1,R1,SW-24,1\n"))
    assert [each for file in report.files for each in file.warnings] == [
        "pos-b.csv: there is no column 'Currency', which sender 'rotkamp' reads for currency.",
        "pos-b.csv: there is no column 'Price', which sender 'rotkamp' reads for unit_price.",
    ]


def test_columns_that_nobody_reads_are_one_remark(desk: Desk) -> None:
    desk.sender(HEAD + 'ignore = ["Remark"]\n' + LINES)
    row = "I1,1,2015-06-10,D1,R1,SW-24,1,1,EUR,a,b,c"
    report = desk.load(desk.file("pos-a.csv", f"{COLUMNS},remark,One,Two\n{row}\n"))
    [warning] = report.files[0].warnings
    assert warning.startswith("pos-a.csv: columns 'One', 'Two' are not read by sender 'rotkamp'")


@pytest.mark.parametrize(
    "header",
    [
        "read_text('/etc/passwd')",
        '"; DROP TABLE partners; --',
        "x' OR '1'='1",
        "(SELECT 1)",
        "$1",
        "a.b",
        "rowid",
    ],
)
def test_a_header_is_a_name_whatever_it_looks_like(desk: Desk, header: str) -> None:
    quoted = header.replace('"', '\\"')
    map_ = f'{{ "{quoted}" = "{quoted}" }}'
    desk.sender(f"""
        [products]
        id = "{quoted}"
        name = {{ column = "{quoted}", map = {map_}, value = "{quoted}" }}
        """)
    cell = header.replace('"', '""')
    desk.load(desk.file("list.csv", f'"{cell}",other\nP9,x\n"{cell}",x\n'))
    assert desk.rows("SELECT id, name FROM products WHERE id NOT IN ('SW-24', 'AP-7')") == [
        ("P9", "P9"),
        (header, header),
    ]
    with pytest.raises(InputError, match="no table has this name"):
        desk.load(desk.file("other.csv", "a,b\n1,2\n"))


def test_nothing_temporary_is_left(desk: Desk) -> None:
    text = LINES.replace('buyer_id = "Sold To"', 'buyer_id = { column = "Sold To", names = true }')
    desk.sender(HEAD + text + 'serial = "SN"\n')
    row = "I1,1,2015-06-10,D1,Nordlicht Netze GmbH,SW-24,1,1,EUR,S1"
    desk.load(desk.file("pos-a.csv", f"{COLUMNS},SN\n{row}\n"))
    assert desk.rows("SELECT table_name FROM duckdb_tables() WHERE temporary") == []
    views = desk.rows("SELECT view_name FROM duckdb_views() WHERE temporary AND NOT internal")
    assert [name for (name,) in views if name != "_typed"] == []


def test_rejects_have_the_columns_of_the_sender_and_come_back_through_him(desk: Desk) -> None:
    text = LINES.replace('"Sold To"', '{ column = "Sold To", fill_down = true }')
    desk.sender(HEAD + '[values]\ndecimal = ","\ndates = "dmy"\n' + text)
    rows = [
        'I1,1,10.06.2015,D1,R1,SW-24,-2 EA,"1.234,50",EUR',
        'I1,2,11.06.2015,D1,,SW-24,many,"10,00",EUR',
    ]
    assert desk.load(desk.file("pos-a.csv", "\n".join([COLUMNS, *rows]))).rejected == 2
    export = desk.folder / "rejects.csv"
    assert export_rejects(desk.workspace, export) == 2
    said = export.read_text("utf-8-sig")
    header, *lines = said.splitlines()
    assert header.endswith("Invoice,Line,Ship Date,Sold By,Sold To,SKU,Quantity,Price,Currency")
    assert "sender rotkamp" in lines[0]
    corrected = said.replace("-2 EA,", "-2,").replace("many,", "3,")
    assert corrected != said
    report = desk.load(desk.file("rejects.csv", corrected))
    assert (report.added, report.rejected, rejects(desk.workspace)) == (2, 0, ())
    assert desk.lines() == [("R1", "D1", 2, "2469.0000"), ("D1", "R1", 3, "30.0000")]


def test_reasons_are_said_in_the_words_of_the_sender(desk: Desk) -> None:
    desk.sender(HEAD + '[values]\ndates = "dmy"\ndecimal = ","\n' + LINES)
    rows = [
        "I1,1,31.06.2015,D1,R1,SW-24,3,1,EUR",
        "I1,2,10.06.2015,D1,R9,SW-24,3,1,EUR",
        "I1,3,10.06.2015,D1,R1,SW-24,0,1,EUR",
        "I1,,10.06.2015,D1,R1,SW-24,3,1,EUR",
        'I1,5,10.06.2015,D1,R1,SW-24,3,"1,5 pro Stück",EUR',
        "I1,6,10.06.2015,D1,D1,SW-24,3,1,EUR",
        "I1,7,10.06.2015,D1,R1,SW-24,3,1,euro",
        "I1,7,10.06.2015,D1,R1,SW-24,3,1,EUR",
        "I1,7,10.06.2015,D1,R1,SW-24,4,1,EUR",
        "I1,8,10.06.2015,D1,R1,,4,1,EUR",
    ]
    desk.load(desk.file("pos-a.csv", "\n".join([COLUMNS, *rows])))
    said = desk.reasons()
    begins = [
        "Ship Date is '31.06.2015'",
        "Sold To is 'R9', which is no vendor, partner or end user",
        "Quantity is '0'; expected at least 1.",
        "Invoice with Line is empty",
        "Price is '1,5 pro Stück'",
        "Sold By and Sold To are both 'D1'",
        "Currency is 'euro'",
        "record 8 of pos-a.csv in the same load has the same key (Invoice with Line) and another ",
        "SKU is empty",
    ]
    assert [reason[: len(begin)] for reason, begin in zip(said, begins, strict=True)] == begins
    again = desk.file("pos-b.csv", f"{COLUMNS}\nI2,1,10.06.2015,D1,R9,SW-24,-3,1,EUR\n")
    desk.load(again)
    assert desk.reasons()[-1].startswith("Sold By (of a return, Sold To) is 'R9', which is no ven")


@pytest.mark.parametrize(
    ("tolerance", "days", "held"), [("", 31, 0), ("", 32, 1), (5, 5, 0), (5, 6, 1)]
)
def test_how_far_a_correction_may_move_a_line(
    desk: Desk, tolerance: object, days: int, held: int
) -> None:
    own = f"tolerance = {tolerance}\n" if tolerance else ""
    desk.sender(HEAD + LINES + "document_date = 'Day'\n" + own)
    for name, day in (("a", date(2015, 6, 1)), ("b", date(2015, 6, 1) + timedelta(days))):
        row = f"I1,1,{day},D1,R1,SW-24,3,100,EUR,2015-06-01"
        report = desk.load(desk.file(f"pos-{name}.csv", f"{COLUMNS},Day\n{row}\n"))
    assert report.rejected == held

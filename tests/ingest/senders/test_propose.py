"""What is proposed for files with odd layouts, and that a confirmed proposal loads them."""

from __future__ import annotations

import os
import re
import tomllib
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from graphchannel.errors import InputError, SenderError
from graphchannel.ingest.senders.catalogue import all_senders
from graphchannel.ingest.senders.hints import are_names
from graphchannel.ingest.senders.look import look_at
from graphchannel.ingest.senders.read import read_sender
from graphchannel.ingest.senders.synonyms import country_code, meanings, plain, tables
from graphchannel.ingest.senders.workshop import draft, sender_files, try_on
from graphchannel.ingest.senders.write import file_pattern, sender_name
from graphchannel.schema import TABLES
from graphchannel.schema import table as canonical

if TYPE_CHECKING:
    from pathlib import Path

    from tests.ingest.senders.conftest import Desk

# the layout of the partner file that the section on synonyms names
US = (
    "Ship Date,Invoice Date,Invoice #,Reseller Name,Sold-To,End Customer,Mfg Part #,Qty,Ext Cost,"
    "Serial #\n06/15/2015,06/16/2015,INV9,Alpenblick Systeme GmbH,R1,Stadtschule,SW-24,3,300.00,S1"
)
GERMAN = (
    "Lieferdatum;Rechnungs-Nr.;Pos.;Händler;Art.-Nr.;Menge;Einzelpreis;Währung\n"
    "31.03.2015;RE1;1;R1;SW-24;3;1.410,50;EUR\n01.04.2015;RE1;2;R1;AP-7;-1;99,00;EUR\n"
)
FRENCH = (
    "Date d'expédition\tN° facture\tLigne\tRevendeur\tRéf. fabricant\tQté\tMontant HT\tDevise\n"
    "31/03/2015\tF1\t1\tR1\tSW-24\t3\t1 410,50\tEUR\n"
)
SPANISH = (
    "Fecha de envío|N.º de factura|Línea|Revendedor|Código de producto|Cantidad|Importe|Moneda\n"
    "31/03/2015|F1|1|R1|SW-24|3|410,50|EUR\n"
)
OPEN_DATES = "Date,Invoice,Line,Customer No,Part Number,Units,Price\n1/2/15,I1,1,R1,SW-24,2,1.234\n"
WITH_KIND = (
    "Ship Date,Invoice,Line,Dealer,SKU,Qty,Amount,Currency,Trans Type\n"
    "2015-01-02,I1,1,R1,SW-24,2,10.50,EUR,Sale\n2015-01-03,I1,1,R1,SW-24,2,10.50,EUR,RMA\n"
)
NO_LINE = (
    "Invoice,Ship Date,Sold To,SKU,Quantity\nI1,2015-06-15,R1,SW-24,3\nI1,2015-06-15,R1,AP-7,3\n"
)
PARTNERS = (
    "Partner-Nr.;Firma;Land;Partner seit\nP1;Eins;Deutschland;01.02.2010\nP2;Zwei;UK;31.12.2011\n"
)
PLACES = "City ID,Name,Region,Key City\nULM,Ulm,DE,yes\nKEM,Kempten,DE,No\nXX,Nirgends,DE,perhaps\n"
ITEMS = "sep=;\nMaterialnummer;Bezeichnung;Warengruppe\nX1;Weiche;Netz\n"


def proposed(desk: Desk, name: str, text: str, encoding: str = "utf-8") -> dict[str, Any]:
    made = draft(desk.file(name, text, encoding), desk.senders)
    return tomllib.loads(made.path.read_text("utf-8"))


def test_american_report(desk: Desk) -> None:
    found = proposed(desk, "pos-june.csv", US)
    assert found["files"] == ["pos-*.csv"]
    assert found["confirmed"] is False
    assert found["ignore"] == ["Reseller Name", "End Customer"]
    assert found["values"] == {"dates": "mdy", "decimal": "."}
    assert found["shipments"] == {
        "key": ["Invoice #", "Mfg Part #"],
        "shipped_on": "Ship Date",
        "document_date": "Invoice Date",
        "seller_id": {"value": "?"},
        "buyer_id": "Sold-To",
        "product_id": "Mfg Part #",
        "quantity": "Qty",
        "amount": "Ext Cost",
        "currency": {"value": "?"},
        "document": "Invoice #",
        "serial": "Serial #",
        "reporter_id": {"value": "?"},
    }
    text = (desk.senders / "pos.toml").read_text("utf-8")
    assert "# ? Or is it 'Reseller Name' or 'End Customer'?\nbuyer_id" in text
    assert "# ? Who sold?" in text


@pytest.mark.parametrize(
    ("text", "values", "delimiter"),
    [
        (GERMAN, {"dates": "dmy", "decimal": ","}, ";"),
        (FRENCH, {"dates": "dmy", "decimal": ","}, "\t"),
        (SPANISH, {"dates": "dmy", "decimal": ","}, "|"),
    ],
    ids=["German", "French", "Spanish"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_reports_in_other_languages(
    desk: Desk, text: str, values: dict[str, str], delimiter: str, encoding: str
) -> None:
    found = proposed(desk, "report.csv", text, encoding)
    assert found["values"] == values
    assert found.get("read", {}) == ({"encoding": "cp1252"} if encoding == "cp1252" else {})
    header = text.splitlines()[0].split(delimiter)
    lines = found["shipments"]
    assert lines["key"] == header[1:3]
    columns = ("shipped_on", "document", "buyer_id", "product_id", "quantity", "currency")
    assert [lines[name] for name in columns] == [header[at] for at in (0, 1, 3, 4, 5, 7)]
    assert lines.get("unit_price") == (header[6] if text is GERMAN else None)
    assert lines.get("returns") == ("negative" if text is GERMAN else None)
    # what was asked for is answered; then the file loads
    path = desk.senders / "report.toml"
    answered = path.read_text("utf-8").replace('"?"', '"D1"').replace("confirmed = false\n", "")
    path.write_text(answered, "utf-8")
    report = desk.load(desk.folder / "report.csv")
    assert (report.accepted, report.rejected) == (len(text.splitlines()) - 1, 0)
    assert desk.lines("amount::VARCHAR")[0][0] in {"4231.5000", "1410.5000", "410.5000"}


POLISH = (
    "Numer faktury;Poz.;Data wydania;Odbiorca;Indeks;Ilość;Wartość netto\n"
    "F1;1;2015-06-03;R1;SW-24;3;9,5\n"
)
JAPANESE = "伝票番号,行,出荷日,得意先,品番,数量,金額\nJ1,1,2015/06/03,R1,SW-24,3,12\n"
ORACLE = (
    "TRX_NUMBER,LINE_NUMBER,SHIP_DATE_ACTUAL,SOLD_TO,SEGMENT1,QUANTITY_INVOICED,EXTENDED_AMOUNT\n"
    "1,1,01-JUN-15,R1,SW-24,3,5\n"
)


def test_values_are_names_where_most_are_words() -> None:
    words = ["Alpha Systeme", "Beta Netze GmbH"]
    assert are_names([*words, "R1", "Gamma Handel"])
    assert not are_names([*words, "R1", "R2"])
    assert not are_names([*words, "R1", "R2", "R3"])
    assert not are_names([])


def test_a_letter_that_the_look_cuts_tells_of_no_other_encoding(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = desk.file("x.csv", "Rechnung,Käufer\n" + "I1,Müller\n" * 9)
    for most in range(30, 45):
        monkeypatch.setattr("graphchannel.ingest.senders.look._BYTES", most)
        assert look_at(path).reading.encoding is None


@pytest.mark.parametrize(
    ("text", "encoding"), [(POLISH, "cp1250"), (JAPANESE, "cp932"), (ORACLE, None)]
)
def test_headers_of_other_languages_tell_the_encoding(
    desk: Desk, text: str, encoding: str | None
) -> None:
    found = proposed(desk, "x.csv", text, encoding or "utf-8")
    assert found.get("read", {}).get("encoding") == encoding
    header = text.splitlines()[0].replace(";", ",").split(",")
    names = ("shipped_on", "buyer_id", "product_id", "quantity", "amount")
    assert [found["shipments"][name] for name in names] == header[2:]
    assert found["shipments"]["key"] == header[:2]
    asked = "# ? The file is not UTF-8." in (desk.senders / "x.toml").read_text("utf-8")
    assert asked == bool(encoding)


def test_what_stands_beside_numbers_is_proposed(desk: Desk) -> None:
    text = WITH_KIND.replace("10.50", '"€ 1,310.50"').replace("SW-24,2", "SW-24,2 EA")
    assert proposed(desk, "pos.csv", text)["values"] == {"decimal": ".", "beside": ["EA", "€"]}
    oracle = ORACLE.replace(",3,", ",<3>,")
    assert "beside" not in proposed(desk, "y.csv", oracle).get("values", {})


def test_times_of_day_are_asked_about(desk: Desk) -> None:
    moments = WITH_KIND.replace("2015-01-02", "2015-01-02 14:33").replace("-03,", "-03 00:00,")
    assert proposed(desk, "pos.csv", moments)["values"]["drop_times"] is True
    midnight = moments.replace("14:33", "00:00")
    assert "drop_times" not in proposed(desk, "late.csv", midnight).get("values", {})


def test_returns_that_their_amount_shows(desk: Desk) -> None:
    text = WITH_KIND.replace("10.50,EUR,RMA", "-10.50,EUR,x").replace("Sale", "y")
    assert proposed(desk, "pos.csv", text)["shipments"]["returns"] == "amount"


def test_what_values_leave_open_is_asked(desk: Desk) -> None:
    found = proposed(desk, "x.csv", OPEN_DATES)
    assert found["values"] == {"dates": "?", "decimal": "?"}
    lines = found["shipments"]
    assert (lines["shipped_on"], lines["buyer_id"]) == ("Date", "Customer No")
    assert lines["unit_price"] == "Price"
    text = (desk.senders / "x.toml").read_text("utf-8")
    assert "# ? Is this the day of the hand-over, or only that of a document?\nshipped_on" in text
    assert '# ? Day first ("dmy") or month first ("mdy")?' in text
    with pytest.raises(SenderError, match=r"answered: values\.dates, values\.decimal, shipments\."):
        desk.load(desk.file("x.csv", OPEN_DATES))


def test_a_column_that_marks_returns(desk: Desk) -> None:
    found = proposed(desk, "pos.csv", WITH_KIND)
    assert found["shipments"]["returns"] == {"column": "Trans Type", "values": ["RMA"]}
    assert "ignore" not in found


def test_lines_without_numbers(desk: Desk) -> None:
    assert proposed(desk, "pos.csv", NO_LINE)["shipments"]["key"] == ["Invoice", "SKU"]
    twice = NO_LINE.replace("AP-7", "SW-24")
    made = draft(desk.file("pos2.csv", twice), desk.senders, name="other")
    assert "key" not in tomllib.loads(made.path.read_text("utf-8"))["shipments"]
    assert "# ? Nothing tells lines apart." in made.path.read_text("utf-8")


def test_partners_with_countries(desk: Desk) -> None:
    found = proposed(desk, "liste.csv", PARTNERS)
    assert found["values"] == {"dates": "dmy"}
    assert found["partners"] == {
        "id": "Partner-Nr.",
        "name": "Firma",
        "country": {"column": "Land", "map": {"Deutschland": "DE", "UK": "GB"}},
        "joined_on": "Partner seit",
    }


def test_words_for_yes_and_no(desk: Desk) -> None:
    made = draft(desk.file("c.csv", PLACES), desk.senders, table="cities")
    found = tomllib.loads(made.path.read_text("utf-8"))
    assert found["cities"]["key_city"] == {
        "column": "Key City",
        "map": {"yes": "true", "No": "false", "perhaps": "?"},
    }


@pytest.mark.parametrize("table", [each.name for each in TABLES])
def test_a_file_with_the_columns_of_a_table_is_of_that_table(desk: Desk, table: str) -> None:
    columns = ",".join(canonical(table).column_names)
    made = draft(desk.file(f"{table}.csv", f"{columns}\n"), desk.senders)
    assert (read_sender(made.path).tables, made.open) == ((table,), 0)
    if columns != "id,name":  # of which there is more than one
        made = draft(desk.file("x.csv", f"{columns}\n"), desk.senders)
        assert (read_sender(made.path).tables, made.open) == ((table,), 0)


def test_signs_of_currencies(desk: Desk) -> None:
    text = WITH_KIND.replace("EUR,Sale", "€,Sale").replace("EUR,RMA", "$,RMA")
    assert proposed(desk, "pos.csv", text)["shipments"]["currency"] == {
        "column": "Currency",
        "map": {"€": "EUR", "$": "?"},
    }


def test_a_hint_for_spreadsheets_is_no_header(desk: Desk) -> None:
    found = proposed(desk, "teile.csv", ITEMS)
    assert found["products"] == {
        "id": "Materialnummer",
        "name": "Bezeichnung",
        "family": "Warengruppe",
    }
    assert "read" not in found


def workbook(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


HEADER = ["Invoice", "Line", "Ship Date", "Sold By", "Sold To", "SKU", "Quantity", "Price", "Cur"]


def test_title_two_headers_total_and_merged_cells(desk: Desk) -> None:
    path = workbook(
        desk.folder / "Rotkamp POS 2015-06.xlsx",
        {
            "POS": [
                ["Rotkamp Distribution"],
                [],
                ["Document", None, "Dates", "Parties", None, "Product", None, "Value"],
                list(HEADER),
                ["I1", 1, "2015-06-10", "D1", "R1", "SW-24", 3, 100.5, "EUR"],
                [None, 2, None, None, None, "AP-7", 4, 50, "EUR"],
                ["Summe", None, None, None, None, None, 7],
            ]
        },
    )
    made = draft(path, desk.senders)
    assert made.path.name == "rotkamp-pos.toml"
    found = tomllib.loads(made.path.read_text("utf-8"))
    assert found["files"] == ["Rotkamp POS *.xlsx"]
    assert found["read"] == {"header_row": 4, "footer": "Summe"}
    assert found["shipments"]["document"] == {"column": "Invoice", "fill_down": True}
    assert "'Invoice' is empty in 1 of 2 rows" in made.path.read_text("utf-8")


def test_a_sheet_for_each_month(desk: Desk) -> None:
    row = ["I1", 1, "2015-06-10", "D1", "R1", "SW-24", 3, 100, "EUR"]
    sheets: dict[str, list[list[object]]] = {
        "Jan": [list(HEADER), row],
        "Feb": [[*HEADER[:6], "Qty", *HEADER[7:]], row],
        "Notes": [["Remark", "Who"], ["x", "y"]],
        "Sums": [["Region", "2014", "2014"], ["DACH", 1, 2]],
    }
    found = draft(workbook(desk.folder / "q1.xlsx", sheets), desk.senders, name="months")
    text = found.path.read_text("utf-8")
    made = tomllib.loads(text)
    assert made["shipments"]["quantity"] == {"column": ["Quantity", "Qty"]}
    assert "# ? Sheets with these columns are read: 'Jan', 'Feb'." in text


def test_json_lines_and_a_record_id(desk: Desk) -> None:
    line = '{"Record ID": 7, "Sold By": "D1", "Sold To": "R1", "SKU": "SW-24", "Qty": 3, '
    line += '"Ship Date": "2015-06-10"}\n'
    found = proposed(desk, "feed.jsonl", line)
    assert found["shipments"]["id"] == "Record ID"
    assert "key" not in found["shipments"]


def test_names_are_looked_up(desk: Desk) -> None:
    found = proposed(desk, "x.csv", US.replace("Sold-To,", "").replace(",R1,", ","))
    assert found["shipments"]["buyer_id"] == {"column": "Reseller Name", "names": True}


def test_a_file_that_nothing_is_known_of(desk: Desk) -> None:
    file = desk.file("x.csv", "a,b\n1,2\n")
    with pytest.raises(InputError, match=r"none of the columns \(a, b\) has a name .* --table"):
        draft(file, desk.senders)
    made = draft(file, desk.senders, table="vendors")
    assert made.open == 2
    with pytest.raises(SenderError, match=r"no table 'vendor' .* Did you mean 'vendors'\?"):
        draft(file, desk.senders, table="vendor")
    with pytest.raises(InputError, match=r"has no rows; nothing can be proposed\."):
        draft(desk.file("empty.csv", ""), desk.senders)


def test_a_draft_overwrites_only_by_force(desk: Desk) -> None:
    file = desk.file("pos.csv", US)
    made = draft(file, desk.senders)
    made.path.write_text("mine", "utf-8")
    with pytest.raises(SenderError, match=r"pos\.toml: the sender is there already"):
        draft(file, desk.senders)
    assert made.path.read_text("utf-8") == "mine"
    assert draft(file, desk.senders, overwrite=True) == made
    for name in ("a/b", "..", "", "a b"):
        if name:
            with pytest.raises(SenderError, match="is no name for a sender"):
                draft(file, desk.senders, name=name)
    assert sender_files([desk.senders]) == [made.path]


def test_odd_headers_and_values_are_written_as_toml(desk: Desk) -> None:
    header = '"Ship ""Date""\nof line","Qty","SKU","Sold To","Land \\ \x7f"'
    found = proposed(desk, "odd.csv", f'{header}\n2015-01-01,1,"a""b\\",R1,"=1+1"\n')
    assert 'Ship "Date"\nof line' in [found["shipments"]["shipped_on"], *found["ignore"]]
    assert "Land \\ \x7f" in found["ignore"]


def test_a_file_whose_name_is_not_utf_8(desk: Desk) -> None:
    file = desk.folder / os.fsdecode(b"absatz-\xe4\n.csv")
    file.write_text(NO_LINE, "utf-8")
    made = draft(file, desk.senders)
    text = made.path.read_text("utf-8").replace('"?"', '"D1"').replace("= false", "= true")
    assert "made of absatz-?\\n.csv." in text.replace('"D1"', "?")
    found = all_senders([desk.senders]).of_file(file)
    assert found is not None
    assert found.path == made.path


def test_a_trial_shows_what_would_be_loaded(desk: Desk) -> None:
    file = desk.file("pos.csv", US)
    made = draft(file, desk.senders)
    text = made.path.read_text("utf-8").replace('"?"', '"D1"').replace("= false", "= true")
    made.path.write_text(text, "utf-8")
    lines, serials = try_on(made.path, file)
    assert (lines.table, serials.table) == ("shipments", "serials")
    assert lines.header == ("column", "from", "record 1")
    assert ("quantity", "Qty", "3") in lines.rows
    assert ("shipped_on", "Ship Date", "2015-06-15") in lines.rows


@pytest.mark.parametrize(
    ("name", "sender", "pattern"),
    [
        ("pos-june.csv", "pos", "pos-*.csv"),
        ("POS_Rotkamp_2015-06.xlsx", "pos-rotkamp", "POS_Rotkamp_*.xlsx"),
        ("Absatz KW26 2015.csv.gz", "absatz", "Absatz *.csv.gz"),
        ("20150630 report.csv", "report", "* report.csv"),
        ("2015.csv", "sender", "2015.csv"),
        ("D1-août.csv", "d1", "D1-*.csv"),
        ("march.csv", "sender", "march.csv"),
        ("maytec.csv", "maytec", "maytec.csv"),
    ],
)
def test_names_of_senders_and_files(name: str, sender: str, pattern: str) -> None:
    assert sender_name(name.partition(".")[0]) == sender
    assert file_pattern(name) == pattern


def test_synonyms_are_of_columns_that_there_are() -> None:
    extra = {"line", "kind", "unit_price", "serial", "document_date"}
    for name in tables():
        known = set(canonical(name).column_names) | (extra if name == "shipments" else set())
        own = [column for column in canonical(name).column_names if meanings(name, column)]
        assert own
        for column in own:
            assert {each.column for each in meanings(name, column)} <= known
    assert country_code("Österreich") == country_code("austria") == country_code("AUT") == "AT"
    assert country_code("Elsewhere") is None
    for one, other in (
        ("Rechnungs-Nr.", "RECHNUNGSNUMMER"),
        ("Invoice #", "invoice no."),
        ("N° facture", "Numéro facture"),
        ("Qté", "QTE"),
        ("Straße", "strasse"),
    ):
        assert plain(one) == plain(other)
    assert re.fullmatch("[a-z0-9]*", plain("Prix unitaire (€) / pièce"))

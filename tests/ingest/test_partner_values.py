"""Values as partners really send them, each with its right value or a sentence that helps."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphchannel.ingest import ReadOptions, declared, export_rejects, load, rejects
from graphchannel.lookup import implausible_days, last_day
from tests.ingest.partner_files import LINES, POS, Desk
from tests.sampling import sampled

_PARTNERS = "id,name,country,city_id"


def _said(desk: Desk) -> list[str]:
    return [reject.reason for reject in rejects(desk.workspace)]


def _cleaned(desk: Desk, name: str, *lines: str) -> tuple[str, ...]:
    report = desk.send(name, *lines)
    return tuple(said for file in report.files for said in file.warnings if "cleaned" in said)


def test_european_decimals_are_decided_for_the_whole_column(desk: Desk) -> None:
    header = LINES.replace(",", ";")
    said = _cleaned(
        desk,
        "shipments.csv",
        header,
        "L1;2015-06-01;D1;R1;SW-24;3;1.234,56;EUR;",
        "L2;2015-06-02;D1;R1;SW-24;1;1.234;EUR;",
        "L3;2015-06-03;D1;R2;SW-24;1.200;250,5;EUR;",
        "L4;2015-06-04;D1;R2;AP-7;2;99;EUR;",
    )
    assert desk.lines("quantity, amount::DOUBLE") == [
        (3, 1234.56), (1, 1234.0), (1200, 250.5), (2, 99.0),
    ]  # fmt: skip
    assert said == (
        (
            "shipments.csv: values were cleaned: 1 of quantity had signs between thousands;"
            " 2 of amount had a decimal comma; 2 of amount had signs between thousands."
        ),
    )


def test_a_number_that_nobody_can_decide_says_both_readings(desk: Desk) -> None:
    row = "L1,2015-06-01,D1,R1,SW-24,3,1.234,EUR,"
    desk.send("shipments.csv", LINES, row)
    assert _said(desk) == [
        (
            "amount is '1.234', which can be 1.234 or 1234, and no other value tells which; name"
            " the decimal sign: --decimal point or --decimal comma."
        )
    ]
    options = ReadOptions(forms=declared("comma"))
    assert desk.send("shipments.csv", LINES, row, options=options).added == 1
    assert desk.lines("amount::DOUBLE") == [(1234.0,)]


@pytest.mark.parametrize("quantity", ["5\t", "+5", "5", " 5", "5.0", "5\u00a0"])
@pytest.mark.parametrize("price", sampled(["100.00\t", "100.00", "100"], 1))
def test_a_quantity_is_the_same_for_loader_cast_and_check(
    desk: Desk, quantity: str, price: str
) -> None:
    row = f"I100,1,15.06.2015,D1,R1,SW-24,{quantity},{price},EUR"
    assert desk.send("pos.csv", POS, row).added == 1
    assert desk.lines() == [("D1", "R1", 5, 500.0)]


def test_a_unit_is_refused_in_the_senders_words_and_comes_back_right(desk: Desk) -> None:
    rows = ("10 EA", "10.0", "-3.0", '"1,200"')
    desk.send(
        "pos.csv",
        POS,
        *(f"I104,{n},10.06.2015,D1,R1,SW-24,{q},100.00,EUR" for n, q in enumerate(rows, 1)),
    )
    assert desk.lines() == [
        ("D1", "R1", 10, 1000.0), ("R1", "D1", 3, 300.0), ("D1", "R1", 1200, 120000.0),
    ]  # fmt: skip
    assert _said(desk) == [
        "Quantity is '10 EA', which names a unit; expected a number such as 12.5, without the unit."
    ]
    path = desk.folder / "rejects.csv"
    export_rejects(desk.workspace, path)
    path.write_text(path.read_text("utf-8").replace("10 EA", "10"), "utf-8")
    assert load(desk.workspace, [path], desk.policy).added == 1
    assert desk.query("SELECT sum(amount)::INTEGER FROM shipments") == [(122300,)]


def test_prices_may_have_six_decimals(desk: Desk) -> None:
    prices = ("0.333333", "0.33333", "12.0000005", "1234.5")
    desk.send(
        "pos.csv",
        POS,
        *(f"I{n},1,15.06.2015,D1,R1,SW-24,3,{price},EUR" for n, price in enumerate(prices)),
    )
    assert desk.lines("amount::VARCHAR") == [
        ("1.0000",), ("1.0000",), ("36.0000",), ("3703.5000",),
    ]  # fmt: skip


@pytest.mark.parametrize("quantity", ["-3", "(3)", "3-"])
@pytest.mark.parametrize("price", ["12.00", "-12.00"])
def test_a_negative_price_with_a_negative_quantity_is_one_return(
    desk: Desk, quantity: str, price: str
) -> None:
    desk.send("pos.csv", POS, f"I301,5,2015-06-15,D1,R1,SW-24,{quantity},{price},EUR")
    assert desk.lines() == [("R1", "D1", 3, 36.0)]


def test_a_negative_price_of_goods_sold_is_neither_sale_nor_return(desk: Desk) -> None:
    report = desk.send("pos.csv", POS, "I301,5,2015-06-15,D1,R1,SW-24,3,-12.00,EUR")
    desk.send("shipments.csv", LINES, "L1,2015-06-01,D1,R1,SW-24,3,-0.01,EUR,")
    assert (report.added, report.rejected, desk.lines()) == (0, 1, [])
    assert [said.partition(" (a return is ")[0] for said in _said(desk)] == [
        "Price is '-12'; expected at least 0",
        "amount is '-0.01'; expected at least 0",
    ]


@pytest.mark.parametrize("word", ["Credit Memo", " RMA", "gutschrift", "Invoice", ""])
def test_a_type_that_is_a_word_for_a_return_turns_the_line_round(desk: Desk, word: str) -> None:
    desk.send("pos.csv", f"{POS},Type", f"I301,5,2015-06-15,D1,R1,SW-24,3,12,EUR,{word}")
    sale = word in {"Invoice", ""}
    assert desk.lines() == [(*(("D1", "R1") if sale else ("R1", "D1")), 3, 36.0)]


def test_dates_of_every_form_are_the_day_that_they_say(desk: Desk) -> None:
    forms = (
        "15.06.15", "15.06.2015", "06/15/2015", "15.06.2015 00:00:00", "2015-06-15 00:00:00",
        "15.6.2015", "20150615", "15-Jun-2015",
    )  # fmt: skip
    rows = [f"I101,{n},{form},D1,R1,SW-24,5,100,EUR" for n, form in enumerate(forms)]
    desk.send("pos.csv", POS, *rows, "I101,9,42170,D1,R1,SW-24,5,100,EUR")
    assert desk.query("SELECT shipped_on, count(*) FROM shipments GROUP BY ALL") == [
        (date(2015, 6, 15), len(forms))
    ]
    assert ["Ship Date is '42170', a count of days" in said for said in _said(desk)] == [True]


def test_the_order_of_day_and_month_can_be_named(desk: Desk) -> None:
    row = "I1,1,05/06/2015,D1,R1,SW-24,5,100,EUR"
    assert desk.send("pos.csv", POS, row).rejected == 1
    assert "2015-05-06 or 2015-06-05" in _said(desk)[0]
    desk.send("pos.csv", POS, row, options=ReadOptions(forms=declared(days="dmy")))
    assert desk.lines("shipped_on") == [(date(2015, 6, 5),)]


def test_ids_are_the_same_whatever_blanks_are_around_them(desk: Desk) -> None:
    report = desk.send(
        "partners.csv",
        _PARTNERS,
        "P200 ,Trailing GmbH,DE,BER",
        "P200,Trailing GmbH,DE,BER",
        " P201,Leading GmbH,DE,BER ",
        "P202\u00a0,Nbsp GmbH,DE,BER",
        "  ,Blank GmbH,DE,BER",
        "P203,   ,DE,BER",
    )
    assert (report.added, report.unchanged, report.rejected) == (3, 1, 2)
    assert [said.split(";")[0] for said in _said(desk)] == [
        "id is '  ', which is blank",
        "name is '   ', which is blank",
    ]
    sent = [f"L{n},2015-06-01,D1,P20{n},SW-24,3,,," for n in range(3)]
    assert desk.send("shipments.csv", LINES, *sent).added == 3


def test_the_decimals_of_a_data_frame_make_no_second_partner(desk: Desk) -> None:
    desk.send("partners.csv", _PARTNERS, "12345,Ganz GmbH,DE,BER")
    again = desk.send("partners_2.csv", _PARTNERS, "12345.0,Ganz GmbH,DE,BER")
    assert (again.unchanged, again.added) == (1, 0)
    sent = desk.send("shipments.csv", LINES, "L1,2015-06-01,D1,12345.0,SW-24,3,,,")
    assert (sent.added, desk.lines("buyer_id")) == (1, [("12345",)])


def test_lost_leading_zeros_are_told_and_make_no_second_partner(desk: Desk) -> None:
    assert desk.send("partners.csv", _PARTNERS, "123,Nullkamp Netzwerke,DE,BER").rejected == 1
    assert desk.send("shipments.csv", LINES, "L1,2015-06-01,D1,123,SW-24,3,,,").rejected == 1
    both = desk.send("partners_2.csv", _PARTNERS, "777,Kurz,DE,BER", "0777,Lang,DE,BER")
    assert (both.added, both.rejected) == (1, 1)
    assert _said(desk) == [
        "id is '123', which differs from '00123' in leading zeros alone. Did you mean '00123'?",
        (
            "buyer_id is '123', which is no vendor, partner or end user that is loaded."
            " Did you mean '00123'?"
        ),
        "id is '777', which differs from '0777' in leading zeros alone. Did you mean '0777'?",
    ]


def test_partners_that_were_loaded_with_and_without_zeros_stay(desk: Desk) -> None:
    desk.query("INSERT INTO partners (id, name, _load) VALUES ('123', 'Old', 1)")
    report = desk.send("partners.csv", "id,name", "123,New", "00123,Nullkamp Netzwerke")
    assert (report.corrected, report.unchanged, report.rejected) == (1, 1, 0)


@pytest.mark.parametrize("text", ["r1", "R-1", "R01", "R 1"])
def test_an_unknown_id_says_the_one_that_is_like_it(desk: Desk, text: str) -> None:
    desk.send("shipments.csv", LINES, f"L1,2015-06-01,D1,{text},SW-24,3,,,")
    assert _said(desk)[0].endswith(
        "Did you mean 'R1'?" if text != "R01" else "partner or end user that is loaded."
    )


def test_the_name_of_a_partner_is_answered_with_its_id(desk: Desk) -> None:
    row = "I200,1,2015-06-15,ROTKAMP Distribution GmbH,R1,SW-24,3,100,EUR"
    desk.send("pos.csv", POS, row)
    assert "It is the name of 'D1'; write that id." in _said(desk)[0]


def test_a_loader_names_the_columns_of_its_source(desk: Desk) -> None:
    rows = ("I1,1,2015-06-15,D1,R8,SW-24,{},1,EUR", "I2,1,2015-06-15,D1,R1,SW-9,{},1,EUR")
    desk.send("pos.csv", POS, *(row.format(2) for row in rows))
    desk.send("pos.csv", POS, *(row.format(-2) for row in rows))
    names = [said.partition(" is '")[0] for said in _said(desk)]
    assert names == ["Sold To", "SKU", "Sold By (of a return, Sold To)", "SKU"]


def test_of_a_total_one_sentence_is_enough(desk: Desk) -> None:
    desk.send("pos.csv", POS, "Total,,,,,,3,12,EUR", "I1,1,2015-06-15,D1,,,1,1,EUR")
    total, short = _said(desk)
    assert total.startswith(
        "Sold By with Invoice with Line, Ship Date, Sold By, Sold To, SKU are empty; is the record"
    )
    assert (
        short == "Sold To is empty; expected party that received. SKU is empty; expected product."
    )


def test_damaged_serial_numbers_are_no_evidence(desk: Desk) -> None:
    desk.send("shipments.csv", LINES, "L1,2015-06-01,D1,R1,SW-24,5,,,")
    rows = (
        *("L1,3.5E+14", 'L1,"SN1, SN2, SN3"', "L1,SN4;SN5", "L1,#N/A", "L1,N/A", "L1,SN6 "),
        *("L1,SN71 SN72", "L1,SN81/SN82/SN83", "L1,2102 31/XY", "L1,AB/12"),
    )
    report = desk.send("serials.csv", "shipment_id,serial", *rows)
    assert (report.added, report.rejected) == (3, 7)
    stored = [("2102 31/XY",), ("AB/12",), ("SN6",)]
    assert desk.query("SELECT serial FROM serials ORDER BY serial") == stored
    words = (
        *("digits are lost", "3 in one field", "2 in one field", "spreadsheet", "no value"),
        *("2 in one field", "3 in one field"),
    )
    assert all(word in said for word, said in zip(words, _said(desk), strict=True))


def test_countries_are_those_of_iso_3166(desk: Desk) -> None:
    codes = ("UK", "EL", "XX", "EU", "Germany", "DEU", "de", "ZZ", "NA", "GB", "")
    rows = [f"P6{n:02},Partner,{code}," for n, code in enumerate(codes)]
    report = desk.send("partners.csv", _PARTNERS, *rows)
    assert (report.added, report.rejected) == (3, 8)
    hints = [said.partition(" Did you mean ")[2] for said in _said(desk)]
    assert hints == ["'GB'?", "'GR'?", "", "", "'DE'?", "'DE'?", "'DE'?", ""]
    stored = "SELECT country FROM partners WHERE id >= 'P6' AND id < 'P7' ORDER BY id"
    assert desk.query(stored) == [("NA",), ("GB",), (None,)]


def test_currencies_are_those_of_iso_4217(desk: Desk) -> None:
    codes = ("EUR", "DEM", "XOF", "XXX", "XTS", "XAU", "EUX", "eur", "€", "RMB", "$", "zł")
    rows = [f"L{n:02},2015-06-01,D1,R1,SW-24,3,1,{code}," for n, code in enumerate(codes)]
    report = desk.send("shipments.csv", LINES, *rows)
    assert (report.added, report.rejected) == (3, 9)
    hints = [said.partition(" Did you mean ")[2] for said in _said(desk)]
    assert hints == ["", "", "", "", "'EUR'?", "'EUR'?", "'CNY'?", "", "'PLN'?"]


def test_amounts_without_a_currency_are_told(desk: Desk) -> None:
    rows = ("L1,2015-06-01,D1,R1,SW-24,3,1,,", "L2,2015-06-01,D1,R2,SW-24,3,1,EUR,")
    (notice,) = desk.send("shipments.csv", LINES, *rows).notices
    assert notice.startswith("1 line has an amount, but no currency; ")
    assert not desk.send("shipments.csv", LINES, rows[1]).notices


def test_utf_8_in_another_encoding_is_refused(desk: Desk) -> None:
    names = ("Müller", "Société", "Žižka", "Papa\u2019s", "10 € Laden")
    broken = [name.encode("utf-8").decode("cp1252", errors="replace") for name in names]
    good = ("JOÃO & CIA", "ÂNGELA", "AÇÃO", "Ñandú", "Åkesson")
    rows = [f"P{n:02},{name},," for n, name in enumerate((*broken, *good))]
    report = desk.send("partners.csv", _PARTNERS, *rows)
    assert (report.added, report.rejected) == (len(good), len(broken))
    assert all("UTF-8 that was read in another encoding" in said for said in _said(desk))


def test_a_word_in_another_case_is_answered_with_the_right_one(desk: Desk) -> None:
    desk.send("shipments.csv", LINES, "L1,2015-06-01,D1,R1,SW-24,3,1,eur,")
    desk.send(
        "certifications.csv",
        "holder_id,role,issuer_id,valid_from",
        "R3,Silver,D1,2015-01-01",
    )
    assert [said.partition(" Did you mean ")[2] for said in _said(desk)] == ["'EUR'?", "'silver'?"]


def test_words_for_no_value_leave_an_optional_value_empty(desk: Desk) -> None:
    desk.send(
        "partners.csv",
        "id,name,employees,joined_on,terminated_on",
        "P1,One,N/A,NULL,-",
        "P2,Two,-,1900-01-00,00/01/1900",
    )
    found = "SELECT employees, joined_on, terminated_on FROM partners WHERE id IN ('P1', 'P2')"
    assert desk.query(found) == [(None, date(1, 1, 1), date(9999, 12, 31))] * 2


def test_a_line_of_the_future_moves_no_default_day(desk: Desk) -> None:
    tomorrow = date.today() + timedelta(days=40)  # noqa: DTZ011 - the day of the load itself
    report = desk.send(
        "shipments.csv",
        LINES,
        "L1,2015-06-01,D1,R1,SW-24,3,,,",
        "L2,2105-06-15,D1,R1,SW-24,3,,,",
        f"L3,{tomorrow},D1,R1,SW-24,3,,,",
        "L4,0015-06-01,D1,R1,SW-24,3,,,",
    )
    assert report.added == 4
    assert last_day(desk.workspace.connection) == date(2015, 6, 1)
    said = implausible_days(desk.workspace.connection)
    assert said[0].startswith(
        f"2 lines are dated after the day of the load ({tomorrow} to 2105-06-15)"
    )
    assert said[1].startswith("1 line is dated before 1980 (0015-06-01)")
    assert set(said) <= set(report.notices)


def test_lines_of_the_future_alone_still_have_a_last_day(desk: Desk) -> None:
    desk.send("shipments.csv", LINES, "L2,2105-06-15,D1,R1,SW-24,3,,,")
    assert last_day(desk.workspace.connection) == date(2105, 6, 15)


def test_a_rejected_value_is_kept_in_a_form_that_needs_no_other(desk: Desk) -> None:
    rows = ("L1;2015-06-01;D1;R9;SW-24;3;1.234;EUR;", "L2;2015-06-01;D1;R1;SW-24;3;0,5;EUR;")
    desk.send("shipments.csv", LINES.replace(",", ";"), *rows)
    desk.send("partners.csv", _PARTNERS, "R9,Neu GmbH,DE,BER")
    assert desk.lines("buyer_id, amount::DOUBLE") == [("R9", 1234.0), ("R1", 0.5)]


_OF_A_LINE = {"seller_id": "D1", "buyer_id": "R1", "product_id": "SW-24", "quantity": 3}


def test_typed_columns_are_never_guessed(desk: Desk) -> None:
    columns = {
        "id": pa.array(["L1", "L2"]),
        "shipped_on": pa.array([date(2015, 6, 1)] * 2),
        "seller_id": pa.array(["D1"] * 2),
        "buyer_id": pa.array(["R1"] * 2),
        "product_id": pa.array(["SW-24"] * 2),
        "quantity": pa.array([3.0, 2.5]),
        "amount": pa.array([1.234, 33.333333333333336]),
    }
    path = desk.folder / "shipments.parquet"
    pq.write_table(pa.table(columns), path)
    assert load(desk.workspace, [path], desk.policy).added == 1
    assert desk.lines("amount::VARCHAR") == [("1.2340",)]
    assert _said(desk) == ["quantity is '2.5'; expected a whole number such as 12."]


@pytest.mark.parametrize("type_", [pa.int32(), pa.int64(), pa.uint32()])
def test_whole_numbers_of_eight_digits_are_days_where_they_are_one(
    desk: Desk, type_: pa.DataType
) -> None:
    numbers = [20150630, 20160229, 20150229, 42185, 2015, 1435622400, 0, None]
    columns = {
        "id": [f"L{at}" for at in range(len(numbers))],
        "shipped_on": pa.array(numbers, type_),
        **{name: [value] * len(numbers) for name, value in _OF_A_LINE.items()},
    }
    path = desk.folder / "shipments.parquet"
    pq.write_table(pa.table(columns), path)
    assert load(desk.workspace, [path], desk.policy).rejected == 6
    assert desk.lines("id, shipped_on") == [("L0", date(2015, 6, 30)), ("L1", date(2016, 2, 29))]
    assert all(
        f"'{number}'" in said for number, said in zip(numbers[2:7], _said(desk), strict=False)
    )


def test_numbers_of_json_are_numbers_and_its_texts_are_texts(desk: Desk) -> None:
    row = (
        '{{"id": "{}", "shipped_on": "2015-06-01", "seller_id": "D1", "buyer_id": "R1",'
        ' "product_id": "SW-24", "quantity": 3.0, "amount": {}}}'
    )
    desk.send("shipments.jsonl", row.format("L1", "1.234"), row.format("L2", "12345.678"))
    assert desk.lines("amount::VARCHAR") == [("1.2340",), ("12345.6780",)]


def test_typed_prices_of_a_report_keep_their_decimals(desk: Desk) -> None:
    columns = {
        "invoice": ["I1", "I2", "I3"],
        "line": [1, 2, 3],
        "ship_date": [date(2015, 6, 1)] * 3,
        "sold_by": ["D1"] * 3,
        "sold_to": ["R1"] * 3,
        "sku": ["SW-24"] * 3,
        "quantity": [3.0, -3.0, 2.5],
        "price": [33.333333333333336, 0.333333, 1.0],
    }
    path = desk.folder / "report.parquet"
    pq.write_table(pa.table(columns), path)
    load(desk.workspace, [path], desk.policy)
    assert desk.lines("seller_id, quantity, amount::VARCHAR") == [
        ("D1", 3, "100.0000"),
        ("R1", 3, "1.0000"),
    ]
    assert _said(desk) == ["quantity is '2.5'; expected a whole number such as 12."]

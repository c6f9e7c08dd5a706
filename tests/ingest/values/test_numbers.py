from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphchannel.errors import InputError
from graphchannel.ingest.values import EXACT, OPEN, declared, unmistakable
from graphchannel.schema import Kind

if TYPE_CHECKING:
    from tests.ingest.values.conftest import Reader

_SIMPLE = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def test_the_signs_of_a_column_are_decided_by_all_of_its_values(read: Reader) -> None:
    comma = read(Kind.DECIMAL, ["1.234,56", "1.234", "250,5", "99"])
    assert comma.values == [Decimal(text) for text in ("1234.56", "1234", "250.5", "99")]
    point = read(Kind.DECIMAL, ["1,234.56", "1,234", "1.234", "250.5"])
    assert point.values == [Decimal(text) for text in ("1234.56", "1234", "1.234", "250.5")]


@pytest.mark.parametrize("text", ["1.234", "1,234", "-12.345", "(123,456)"])
def test_a_number_with_two_readings_is_refused_with_both(read: Reader, text: str) -> None:
    found = read(Kind.DECIMAL, [text, "99"])
    assert found.values == [None, Decimal(99)]
    digits = "".join(each for each in text if each.isdigit())
    assert f"{digits[:-3]}.{digits[-3:]} or {digits}, and no other value tells" in found.says[0]
    assert "--decimal point or --decimal comma" in found.says[0]


def test_another_column_of_the_file_tells_where_the_own_does_not(read: Reader) -> None:
    assert read(Kind.INTEGER, ["1.200", "3"], beside=["0,5"]).values == [1200, 3]
    assert read(Kind.DECIMAL, ["1.200"], beside=["0.5"]).values == [Decimal("1.2")]
    assert read(Kind.DECIMAL, ["1.200"], beside=["1,200"]).values == [None]


def test_a_column_that_contradicts_itself_decides_nothing(read: Reader) -> None:
    found = read(Kind.DECIMAL, ["12,50", "12.50", "1.234"])
    assert found.values == [Decimal("12.5"), Decimal("12.5"), None]
    assert "points and commas" in found.says[2]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.234,50 €", "1234.5"), ("€ -12,5", "-12.5"), ("(€ 12,5)", "-12.5"), ("- 3 ea", "-3"),
        ("3 Stk.", "3"), ("3 €/ea", None), ("1,2 Mio", None), ("€", None),
    ],
)  # fmt: skip
def test_what_stands_beside_a_number_is_left_out(
    read: Reader, text: str, number: str | None
) -> None:
    forms = declared(beside=("€", "EA", "Stk."))
    assert read(Kind.DECIMAL, [text, "0,5"], forms).values[0] == (
        Decimal(number) if number else None
    )
    assert read(Kind.DECIMAL, [text, "0,5"]).values[0] is None


@pytest.mark.parametrize("word", ["-", "5", "(", "<", "1k", "."])
def test_what_may_be_part_of_a_number_stands_beside_none(word: str) -> None:
    with pytest.raises(InputError, match="may be part of a number"):
        declared(beside=("€", word))


def test_a_declared_sign_is_the_only_one(read: Reader) -> None:
    comma = read(Kind.DECIMAL, ["1.234", "12,5", "12.5"], declared("comma"))
    assert comma.values == [Decimal(1234), Decimal("12.5"), None]
    assert read(Kind.DECIMAL, ["12.5", "7"], declared("comma")).values == [None, Decimal(7)]
    none = read(Kind.DECIMAL, ["1.234", "1234,5"], declared("comma", "none"))
    assert none.values == [None, Decimal("1234.5")]
    exact = read(Kind.DECIMAL, ["1.234", "1,234"], EXACT)
    assert exact.values == [Decimal("1.234"), None]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5\t", 5),
        ("'5", 5),
        ("'-5", -5),
        ("\uff11\uff12", 12),
        ("12,34,567", 1234567),
        ("\u00a05\u200b", 5),
        ("+5", 5),
        ("10.0", 10),
        ("-3.0", -3),
        ("(2)", -2),
        ("2-", -2),
        ("\u22122", -2),
        ("1 234 567", 1234567),
        ("1\u202f234", 1234),
        ("1'234", 1234),
        ("1\u2019234", 1234),
        ("1,234,567", 1234567),
        ("1.234.567", 1234567),
        ("3.0000000000000004", 3),
        ("00012", 12),
    ],
)
def test_what_is_certain_is_read(read: Reader, text: str, number: int) -> None:
    assert read(Kind.INTEGER, [text]).values == [number]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("10 EA", "which names a unit"),
        ("10 Stück", "which names a unit"),
        ("€ 12.00", "which names a currency"),
        ("12,00 EUR", "which names a currency"),
        ("1.2E+06", "which has an exponent"),
        ("#REF!", "an error of a spreadsheet"),
        ("#N/A", "an error of a spreadsheet"),
        ("#####", "an error of a spreadsheet"),
        ("-5-", "expected a number"),
        ("(5", "expected a number"),
        ("5 5", "expected a number"),
        ("1.23456", "at most four decimals"),
        ("9" * 16, "expected a number"),
        ("x", "expected a number"),
    ],
)
def test_what_is_not_certain_is_refused(read: Reader, text: str, says: str) -> None:
    found = read(Kind.DECIMAL, [text])
    assert found.values == [None]
    assert found.says[0].startswith(f"Price is '{text}'")
    assert says in found.says[0]


@pytest.mark.parametrize("text", ["N/A", "n/a", "NULL", "null", "-", "None", "NaN", "na", "  "])
def test_words_for_no_value_are_none(read: Reader, text: str) -> None:
    found = read(Kind.DECIMAL, [text, "1"])
    assert (found.values, found.says) == ([None, Decimal(1)], ["", ""])
    needed = read(Kind.DECIMAL, [text, "1"], required=True, doc="the price")
    assert needed.says[0].endswith("expected the price.")


def test_bounds_exclude_a_reading(read: Reader) -> None:
    found = read(Kind.FLOAT, ["48.137", "-11.576"], least=-90, most=90)
    assert found.values == [48.137, -11.576]


def test_a_double_of_a_spreadsheet_is_the_number_that_it_shows(read: Reader) -> None:
    texts = ["3.3000000000000003", "0.30000000000000004", "33.333333333333336", "19.99"]
    found = read(Kind.DECIMAL, texts)
    assert found.values == [Decimal(text) for text in ("3.3", "0.3", "33.3333", "19.99")]
    assert found.remarks == ("3 of Price had the last digits of a floating-point number",)


def test_numbers_for_loaders_are_plain_text_with_all_decimals(read: Reader) -> None:
    texts = ["1.234,560", "0,333333", "-5,0", "3 EA", "5"]
    found = read(Kind.DECIMAL, texts, exact=True)
    assert found.values == ["1234.56", "0.333333", "-5", "3 EA", "5"]
    assert "names a unit" in found.says[3]


def test_what_was_cleaned_is_counted_by_column_and_kind(read: Reader) -> None:
    found = read(Kind.DECIMAL, ["1.234,5", "7-", " 8", "N/A", "9"])
    assert found.remarks == (
        "1 of Price had blanks around",
        "1 of Price had a word for no value",
        "1 of Price had a minus behind or brackets around",
        "1 of Price had a decimal comma",
        "1 of Price had signs between thousands",
    )


@_SIMPLE
@given(
    st.lists(st.decimals(-(10**9), 10**9, places=2), min_size=1, max_size=30),
    st.sampled_from([(".", ","), (",", "."), (",", " "), (".", "'"), (".", ""), (",", "")]),
)
def test_numbers_survive_however_they_are_written(
    read: Reader, numbers: list[Decimal], signs: tuple[str, str]
) -> None:
    decimal, thousands = signs
    texts = [
        f"{number:,.2f}".replace(",", "T").replace(".", decimal).replace("T", thousands)
        for number in numbers
    ]
    assert read(Kind.DECIMAL, texts).values == numbers
    assert read(Kind.DECIMAL, texts, declared(decimal)).values == numbers


@_SIMPLE
@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=30))
def test_whole_numbers_with_groups_are_read_right_or_refused(
    read: Reader, numbers: list[int]
) -> None:
    found = read(Kind.INTEGER, [f"{number:,}".replace(",", ".") for number in numbers])
    assert all(value in {number, None} for value, number in zip(found.values, numbers, strict=True))
    assert all(
        bool(says) == (value is None) for value, says in zip(found.values, found.says, strict=True)
    )


@_SIMPLE
@given(st.lists(st.floats(-1e9, 1e9).map(lambda x: round(x, 3)), min_size=1, max_size=20))
def test_numbers_of_a_typed_source_are_never_thousands(read: Reader, numbers: list[float]) -> None:
    texts = [unmistakable(f"{number:.15g}") for number in numbers]
    plain = [text for text in texts if "e" not in text]
    assert read(Kind.FLOAT, plain).values == [float(text) for text in plain]


def test_forms_that_name_nothing_are_refused() -> None:
    with pytest.raises(InputError, match=r"'komma' is no decimal sign.*Did you mean 'comma'"):
        declared("komma")
    with pytest.raises(InputError, match="cannot be both"):
        declared("comma", "comma")
    with pytest.raises(InputError, match="no form of dates"):
        declared(days="dd/mm")
    assert declared() == OPEN

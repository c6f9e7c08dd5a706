from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphchannel.ingest.values import EXACT, declared
from graphchannel.ingest.values import text as text_values
from graphchannel.schema import Kind

if TYPE_CHECKING:
    from tests.ingest.values.conftest import Reader


@pytest.mark.parametrize(
    "text", ["P200 ", " P200", "P200\u00a0", "\tP200\r", "\ufeffP200", "P\u200b200", "P20\x000"]
)
def test_blanks_and_what_cannot_be_seen_are_no_part_of_an_id(read: Reader, text: str) -> None:
    found = read(Kind.STRING, [text, "P1"], identifier=True)
    assert found.values == ["P200", "P1"]
    assert found.remarks == ("1 of Price had blanks or invisible characters",)


@pytest.mark.parametrize("text", ["P200", "00123", "1E5", "NA", "A,B", "P 200", "3.50", "E+14"])
def test_an_id_stays_as_it_is(read: Reader, text: str) -> None:
    found = read(Kind.STRING, [text], identifier=True)
    assert (found.values, found.says, found.remarks) == ([text], [""], ())


def test_the_decimals_of_an_id_are_those_of_a_data_frame(read: Reader) -> None:
    found = read(Kind.STRING, ["12345.0", "12345", "0123.0", "1.5"], identifier=True)
    assert found.values == ["12345", "12345", "0123.0", "1.5"]
    assert read(Kind.STRING, ["10.0"]).values == ["10.0"]  # a name may be


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("3.5E+14", "digits are lost"),
        ("8,9445E+18", "digits are lost"),
        ("1E+05", "digits are lost"),
        ("#REF!", "an error of a spreadsheet"),
        ("########", "an error of a spreadsheet"),
        ("M\x81ller\x92s", "--encoding cp1252"),
    ],
)
def test_a_damaged_id_is_refused_and_stands_as_it_came(read: Reader, text: str, says: str) -> None:
    found = read(Kind.STRING, [text], identifier=True)
    assert found.values == [text]
    assert says in found.says[0]


def test_no_word_for_no_value_is_taken_for_a_plain_one(read: Reader) -> None:
    for word in text_values._NOTHING:
        for written in {word, word.upper(), word.title()}:
            for identifier in (True, False):
                assert read(Kind.STRING, [written], identifier=identifier).values == [None]


@pytest.mark.parametrize("text", ["N/A", "NULL", "null", "-", "none", "(blank)", "\\N", "\u2013"])
def test_words_for_no_value_are_none(read: Reader, text: str) -> None:
    found = read(Kind.STRING, [text, "P1"], identifier=True)
    assert (found.values, found.remarks) == (
        [None, "P1"],
        ("1 of Price had a word for no value",),
    )
    needed = read(Kind.STRING, [text], identifier=True, required=True, doc="the partner")
    assert needed.says == [
        f"Price is '{text}', which says that there is no value; expected the partner."
    ]


def test_a_program_has_no_words_for_no_value(read: Reader) -> None:
    found = read(Kind.STRING, ["-", "N/A", "none", "P1"], EXACT, identifier=True, required=True)
    assert (found.values, found.remarks) == (["-", "N/A", "none", "P1"], ())
    assert found.says == [""] * 4


def test_own_words_for_no_value_are_none_as_well(read: Reader) -> None:
    found = read(Kind.STRING, ["K.A.", "k.a.", "KA"], declared(nothing=("k.a.",)))
    assert found.values == [None, None, "KA"]
    assert read(Kind.INTEGER, ["999", "7"], declared(nothing=("999",))).values == [None, 7]
    assert read(Kind.STRING, ["X1"], declared(nothing=("x1",)), identifier=True).values == [None]


@pytest.mark.parametrize("text", ["SN1, SN2, SN3", "SN1;SN2;SN3", "SN1|SN2|SN3", "SN1\nSN2\nSN3"])
def test_several_serial_numbers_in_a_field_are_refused(read: Reader, text: str) -> None:
    found = read(Kind.STRING, [text, "SN1,"], identifier=True, single=True)
    assert "which are 3 in one field; give each a row of its own" in found.says[0]
    assert found.says[1] == ""


def test_text_keeps_its_lines_and_its_accents(read: Reader) -> None:
    found = read(Kind.STRING, ["Haus 1\nHof 2", "M\u00fcller\u00a0GmbH", "Null\x00byte"])
    assert found.values == ["Haus 1\nHof 2", "M\u00fcller GmbH", "Nullbyte"]


@pytest.mark.parametrize("text", ['="00123"', "'00123", ' ="00123" '])
def test_what_keeps_a_spreadsheet_from_numbers_is_no_part_of_an_id(read: Reader, text: str) -> None:
    found = read(Kind.STRING, [text, "'t Hof", "=A1"], identifier=True)
    assert found.values == ["00123", "'t Hof", "=A1"]
    assert len(found.remarks) == 1


def test_an_id_has_one_line(read: Reader) -> None:
    found = read(Kind.STRING, ["P1\nP2", "P1\tx", "P3"], identifier=True, line=True)
    assert [bool(says) for says in found.says] == [True, True, False]


def test_accents_of_two_characters_are_the_same_id(read: Reader) -> None:
    found = read(Kind.STRING, ["Mu\u0308ller", "M\u00fcller"], identifier=True)
    assert found.values == ["M\u00fcller", "M\u00fcller"]

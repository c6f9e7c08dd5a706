"""A sender file is checked as a whole, and what is wrong is said with its place."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from graphchannel.errors import SenderError
from graphchannel.ingest.senders.model import Returns
from graphchannel.ingest.senders.read import read_sender
from graphchannel.ingest.source import Reading
from graphchannel.ingest.values import Forms

if TYPE_CHECKING:
    from pathlib import Path

SENDER = """\
about = "Monthly report"
files = ["pos-*.csv"]
ignore = ["Remark"]

[read]
encoding = "cp1252"
header_row = 4
footer = "Summe"

[values]
decimal = ","
thousands = "."
dates = "dmy"
empty = ["entfällt"]

[shipments]
key = ["Beleg", "Pos"]
returns = { column = "Art", values = ["GS"] }
shipped_on = "Lieferdatum"
seller_id = { value = "D1" }
buyer_id = { column = ["Kunde", "Händler"], names = true }
product_id = "Artikel\\nNr."
quantity = "Menge"
unit_price = "Preis (€)"
currency = { column = "Whg", map = { "€" = "EUR" }, value = "EUR" }
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "rotkamp.toml"
    path.write_text(text, "utf-8")
    return path


def test_all_that_a_sender_file_says(tmp_path: Path) -> None:
    sender = read_sender(written(tmp_path, SENDER))
    assert (sender.name, sender.about, sender.files) == (
        "rotkamp",
        "Monthly report",
        ("pos-*.csv",),
    )
    assert sender.reading == Reading(encoding="cp1252", header_row=4, footer="Summe")
    assert sender.forms == Forms(",", ".", "dmy", ("entfällt",))
    assert (sender.confirmed, sender.open, sender.ignore) == (True, (), ("Remark",))
    [section] = sender.sections
    assert section.key == ("Beleg", "Pos")
    assert section.returns == Returns("marked", "Art", ("GS",))
    assert section.cells["product_id"].columns == ("Artikel\nNr.",)
    assert section.cells["buyer_id"].columns == ("Kunde", "Händler")
    assert section.cells["buyer_id"].names
    assert section.cells["currency"].map == {"€": "EUR"}
    assert section.cells["currency"].value == "EUR"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("about", "abuot", r"toml:1: 'abuot' is unknown .* Did you mean 'about'\?"),
        ("quantity", "quantty", r"toml:23 \[shipments\]: 'quantty' .* Did you mean 'quantity'\?"),
        ("[shipments]", "[shipment]", r"toml:16: 'shipment' is unknown .* mean 'shipments'\?"),
        ("encoding", "encodng", r"toml:6 \[read\]: 'encodng' is unknown .* mean 'encoding'\?"),
        ("names = true", "name = true", r"\[shipments.buyer_id\]: 'name' .* mean 'names'\?"),
        ("names = true", 'names = "yes"', r"names is yes; expected true or false, without quotes"),
        ("header_row = 4", 'header_row = "4"', r"toml:7 \[read\]: header_row is 4; expected a who"),
        ("header_row = 4", "header_row = 0", r"header_row is 0; expected the number of a row"),
        ("header_row = 4", "header_row = true", r"header_row is true; expected a whole number"),
        ('decimal = ","', 'decimal = "dot"', r"\[values\]: 'dot' is no decimal sign"),
        ('thousands = "."', 'thousands = ","', r"',' cannot be both the decimal sign and"),
        ('dates = "dmy"', 'dates = "dym"', r"'dym' is no form of dates; give dmy"),
        ('quantity = "Menge"', "quantity = 5", r"quantity is 5; expected the header of a column"),
        ('quantity = "Menge"', "quantity = {}", r"column is missing; expected a header, or value"),
        ('quantity = "Menge"', 'quantity = " "', r"quantity is  ; expected the header of a col"),
        ('quantity = "Menge"\n', "", r"'quantity' is missing \(units, above 0; .*\), which"),
        ('"Preis (€)"', '"P"\namount = "B"', r"toml:24 .*both 'amount' and 'unit_price' are given"),
        ('key = ["Beleg", "Pos"]', 'key = ["B"]\nid = "Nr"', r"expected either 'id' or 'key', not"),
        ('key = ["Beleg", "Pos"]', "key = [1]", r"key is \[1\]; expected a list of texts"),
        ('value = "D1"', 'value = ""', r"value is ; expected a text; leave the column out"),
        ('map = { "€" = "EUR" }', "map = { a = 1 }", r"map is .*; expected a table of texts"),
        (', values = ["GS"]', "", r"returns is .*; expected \"negative\", \"amo"),
        ('{ column = "Art", values = ["GS"] }', '"negativ"', r"Did you mean 'negative'\?"),
        ('quantity = "Menge"', '"" = "x"\nquantity = "M"', r"\[shipments\]: '' is unknown"),
        ('quantity = "Menge"', '"a\\u001bb" = "x"\nquantity = "M"', r"'a\\x1bb' is unknown"),
        (
            'key = ["Beleg", "Pos"]',
            "tolerance = -1",
            r"tolerance is -1; expected the days by which",
        ),
        ('key = ["Beleg", "Pos"]', 'same_sale = ["buyer"]', r"'buyer' is no column of lines"),
        ('key = ["Beleg", "Pos"]', 'same_sale = "document"', r"expected seller_id, buyer_id and"),
        ("[read]", "[read", r"rotkamp.toml: the file is not TOML: .*line 5"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    assert old in SENDER
    with pytest.raises(SenderError, match=message):
        read_sender(written(tmp_path, SENDER.replace(old, new, 1)))


def test_names_are_for_what_has_names(tmp_path: Path) -> None:
    text = SENDER.replace('quantity = "Menge"', 'quantity = { column = "M", names = true }')
    with pytest.raises(SenderError, match=r"\[shipments\]: 'names' is for columns that refer"):
        read_sender(written(tmp_path, text))


def test_a_file_without_a_table(tmp_path: Path) -> None:
    with pytest.raises(SenderError, match=r"no table is filled; add one, such as \[shipments\]"):
        read_sender(written(tmp_path, "about = 'x'\n"))


HOSTILE = {
    "deep lists": f"a = {'[' * 30_000}{']' * 30_000}",
    "deep tables": f"a = {'{a=' * 9_000}1{'}' * 9_000}",
    "a long key": f"{'a.' * 20_000}b = 1",
    "a long table": f"[{'a.' * 5_000}b]\nc = 1",
    "a huge number": f"shipments = {'9' * 5_000}",
    "a huge file": f"shipments = {'x' * 300_000}",
    "a date": "shipments = 1979-05-27",
    "lists": "shipments = [[1]]",
    "odd numbers": "files = [nan, inf]\n[shipments]\nid = 0x7f",
    "a table array": "[[shipments]]\nid = 'a'\n",
    "a null": "\x00",
    "no table": "a = '\ud7ff'",
    "a table for a header": "[shipments]\nshipped_on = { column = { column = 'x' } }",
    "a table for a key": "[shipments]\nkey = { a = 1 }\nid = 'x'",
    "a number for a table": "read = 5",
    "a text for a table": "values = 'x'\n",
    "a text for a truth": "confirmed = 'yes'\n[vendors]\nid='a'\nname='b'",
    "lists of lists": "ignore = [['a']]\n[vendors]\nid='a'\nname='b'",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_ends_in_one_sentence(tmp_path: Path, kind: str) -> None:
    begun = time.perf_counter()
    with pytest.raises(SenderError) as caught:
        read_sender(written(tmp_path, HOSTILE[kind]))
    said = str(caught.value)
    assert said.startswith(str(tmp_path))
    assert said.endswith((".", "?"))
    assert len(said) < 1_000
    assert said.isprintable()
    assert time.perf_counter() - begun < 5


@pytest.mark.parametrize("content", [b"\xff\xfe", b"about = '\x92'"])
def test_a_file_that_is_no_text(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "rotkamp.toml"
    path.write_bytes(content)
    with pytest.raises(SenderError, match=r"rotkamp\.toml: the file is not UTF-8 text\."):
        read_sender(path)


def test_a_folder_or_nothing_is_no_sender(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.toml"):
        with pytest.raises(SenderError, match=r"there is no such sender file\."):
            read_sender(path)

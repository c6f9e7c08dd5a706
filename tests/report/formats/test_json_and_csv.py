"""JSON and CSV of any document."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from graphchannel.errors import InputError
from graphchannel.report.document import Column, Document, Lazy, Section, listing, rows_section
from graphchannel.report.figures import Amounts, Figures
from tests.report.conftest import printed

if TYPE_CHECKING:
    from collections.abc import Iterator

ROWS = [{"a": 1, "b": ["x"]}]


@pytest.mark.parametrize(
    ("format_", "wanted"),
    [
        ("json", '[\n  {\n    "a": 1,\n    "b": [\n      "x"\n    ]\n  }\n]\n'),
        ("csv", 'a,b\n1,"[""x""]"\n'),
    ],
)
def test_a_listing_is_its_rows(format_: str, wanted: str) -> None:
    assert printed(listing(rows_section("rows", "", ROWS)), format_) == wanted


def test_json_is_written_as_the_library_would_write_it() -> None:
    document = Document(
        "Headline.",
        {"as_of": date(2015, 6, 30), "roles": ["gold"], "share": None},
        (rows_section("rows", "Rows", ROWS, remarks=("One.",)), rows_section("none", "None", [])),
        ("Two.",),
    )
    text = printed(document, "json")
    wanted = {
        "as_of": "2015-06-30",
        "roles": ["gold"],
        "share": None,
        "rows": ROWS,
        "none": [],
        "remarks": ["One.", "Two."],
    }
    assert text == json.dumps(wanted, indent=2) + "\n"
    assert printed(listing(rows_section("none", "", [])), "json") == "[]\n"


def test_members_say_what_json_has_and_in_which_order() -> None:
    sections = (rows_section("rows", "Rows", ROWS), rows_section("more", "More", ROWS))
    document = Document("", {"a": 1, "b": 2}, sections, members=("b", "rows", "a"))
    assert list(json.loads(printed(document, "json"))) == ["b", "rows", "a"]
    assert list(json.loads(printed(document.only("more"), "json"))) == ["b", "a", "more"]


def test_two_of_one_name_are_a_fault() -> None:
    document = Document("", {"rows": 1}, (rows_section("rows", "Rows", ROWS),))
    with pytest.raises(ValueError, match="have the same name"):
        printed(document, "json")


def test_only_a_section_that_there_is() -> None:
    document = Document("", {}, (rows_section("rows", "Rows", ROWS),))
    with pytest.raises(InputError, match=r"has: rows\)\. Did you mean 'rows'\?"):
        document.only("row")


def test_csv_has_the_main_section_or_the_one_named() -> None:
    sections = (rows_section("one", "One", [{"a": 1}]), rows_section("two", "Two", [{"b": 2}]))
    assert printed(Document("", {}, sections), "csv") == "a\n1\n"
    assert printed(Document("", {}, sections, main="two"), "csv") == "b\n2\n"
    assert printed(Document("", {}, sections, main="two").only("one"), "csv") == "a\n1\n"


def test_figures_and_amounts() -> None:
    columns: list[Column[int]] = [
        Column("figures", lambda _: Figures({"gold": 3, "silver": 0})),
        Column("amounts", lambda _: Amounts({"EUR": Decimal("12.5"), "USD": Decimal(3)})),
    ]
    document = listing(Section("rows", "", columns, [1]))
    assert printed(document, "csv") == (
        'figures,amounts\n"{""gold"": 3, ""silver"": 0}",12.50 EUR; 3.00 USD\n'
    )
    assert json.loads(printed(document, "json")) == [
        {"figures": {"gold": 3, "silver": 0}, "amounts": {"EUR": "12.50", "USD": "3.00"}}
    ]
    assert printed(document).splitlines()[-1].split("│")[0].strip() == "3 gold"


def test_entries_are_written_as_they_are_read() -> None:
    alive: list[int] = []

    def entries() -> Iterator[int]:
        for number in range(50_000):
            alive.append(number)
            yield number
            alive.pop()

    most = 0

    def of(number: int) -> int:
        nonlocal most
        most = max(most, len(alive))
        return number

    columns: list[Column[int]] = [Column("n", of)]
    document = listing(Section("rows", "", columns, Lazy(entries)))
    assert len(json.loads(printed(document, "json"))) == 50_000
    assert printed(document, "csv").count("\n") == 50_001
    assert most == 1

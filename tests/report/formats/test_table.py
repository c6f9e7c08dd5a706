"""The one printer of tables: what fits the screen, and that it says what it left out."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from operator import itemgetter

import pytest

from graphchannel.report.document import Column, Document, Section, listing, rows_section
from graphchannel.report.figures import Amounts
from graphchannel.report.formats import _console
from tests.report.conftest import printed

Row = tuple[object, ...]


def table(*rows: Row, spare: int | None = None, numbers: bool = False) -> Document:
    """Return a listing of rows; the column with the number `spare` is a spare one."""
    columns: list[Column[Row]] = [
        Column(
            f"column_{place}",
            itemgetter(place),
            "number" if numbers and place else "text",
            spare=place == spare,
        )
        for place in range(len(rows[0]))
    ]
    return listing(Section("rows", "", columns, rows))


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(_console, "_WIDTH", 80)
    return 80


@pytest.mark.parametrize(("width", "lines"), [(120, 3), (80, 4)])
def test_an_id_stands_on_one_line_where_there_is_room(
    monkeypatch: pytest.MonkeyPatch, width: int, lines: int
) -> None:
    monkeypatch.setattr(_console, "_WIDTH", width)
    text = printed(table(("i" * 50, "word " * 8)))
    assert len(text.splitlines()) == lines
    assert ("i" * 50 in text) == (width == 120)


def test_a_text_is_no_markup_and_null_is_nothing() -> None:
    text = printed(table(("[bold]x", 1), (None, 20), numbers=True))
    assert "[bold]x" in text
    assert text.splitlines()[-1].split() == ["│", "20"]


def test_no_figure_is_cut(narrow: int) -> None:
    figures = tuple(10**11 + place for place in range(12))
    text = printed(table(("P1", *figures), numbers=True))
    assert all(len(line) <= narrow for line in text.splitlines() if "┃" in line or "│" in line)
    shown = [str(figure) for figure in figures if str(figure) in text]
    assert shown
    assert "…" not in text
    left_out = [f"column_{place}" for place in range(len(shown) + 1, 13)]
    assert f"Left out for want of room: {', '.join(left_out)}; --format csv has all.\n" in text


def test_a_spare_column_goes_first(narrow: int) -> None:
    text = printed(table(*[("x" * 30, 10**30, 10**30)] * 2, spare=1, numbers=True))
    assert "column_2" in text
    assert "Left out for want of room: column_1;" in text
    assert f"{10**30}" in text
    assert len(max(text.splitlines(), key=len)) <= narrow


def test_an_amount_is_never_broken(narrow: int) -> None:
    amounts = Amounts({"EUR": Decimal("402438321.3365"), "USD": Decimal("12345678.90")})
    columns: list[Column[int]] = [
        Column("id", lambda number: f"P{number}", "id"),
        Column("name", lambda _: "Enterprise Business Group " * 2),
        Column("amount", lambda _: amounts),
        Column("more", lambda _: "word " * 20),
    ]
    text = printed(listing(Section("rows", "", columns, [1])))
    assert "402438321.3365" in text
    assert "12345678.90" in text
    assert len(max(text.splitlines(), key=len)) <= narrow


@pytest.mark.usefixtures("narrow")
def test_a_long_name_of_a_row_is_broken_rather_than_all_else_left_out() -> None:
    text = printed(table(("certification/" + "x" * 37, "critical", "4", "word " * 9, "last")))
    assert "Left out" not in text
    assert "last" in text


def test_heads_are_broken_before_columns_are_left_out(narrow: int) -> None:
    names = ["seller_terminated_on", "buyer_terminated_on", "certificates_valid_to"]
    columns: list[Column[int]] = [Column(name, lambda _: "2015-06-30") for name in names]
    assert "seller_terminated_on" in printed(listing(Section("rows", "", columns, [1])))
    twice = [*columns, *(replace(column, name=f"{column.name}_x") for column in columns[:2])]
    text = printed(listing(Section("rows", "", twice, [1])))
    assert "Left out" not in text
    assert "seller_terminated_on" not in text
    assert "terminated_" in text
    assert len(max(text.splitlines(), key=len)) <= narrow


def test_all_columns_stand_where_they_have_room(narrow: int) -> None:
    text = printed(table(("x" * 20, "y" * 20, "z" * 20), spare=1))
    assert "Left out" not in text
    assert len(max(text.splitlines(), key=len)) <= narrow


def test_sections_say_how_to_see_the_rest() -> None:
    rows = [{"id": f"P{number}", "units": number} for number in range(12)]
    document = Document(
        "Headline.",
        {},
        (
            rows_section("first", "First", rows, shown=10, remarks=("Below.",)),
            rows_section("none", "None", []),
            rows_section("second", "Second", rows, shown=1, lead=("Above.",)),
            rows_section("hidden", "Hidden", rows, printed=False),
        ),
        ("Last.",),
    )
    text = printed(document)
    assert text.startswith("Headline.\n\nFirst\nid ")
    assert "\n2 more; --format csv lists all.\nBelow.\n\nNone\n  none\n\nAbove.\n\nSecond\n" in text
    assert text.endswith("\n11 more; --format json lists all.\n\nLast.\n")
    assert "Hidden" not in text
    assert "\nHidden\n" in printed(document.only("hidden"))

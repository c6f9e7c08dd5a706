"""What the caller says of a file's form, and forms that the file itself tells."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import pytest

from graphchannel.errors import InputError

from .workbooks import workbook

if TYPE_CHECKING:
    from .conftest import Desk

_TEXT = "Rotkamp;June\n\nId;Name\nA;x\n\nB;y\nTotal;2\nprinted;today\n"
_SHEET: list[list[Any]] = [
    ["Rotkamp"],
    [],
    ["Id", "Name"],
    ["A", "x"],
    [],
    ["B", "y"],
    [None, "total", 2],
    ["printed"],
]


def test_a_header_further_below_and_a_footer(desk: Desk) -> None:
    for name, content in (("products.csv", _TEXT), ("x.xlsx", workbook({"products": _SHEET}))):
        staged = desk.stage_one(name, content, header_row=3, footer="TOTAL")
        assert (staged.records, staged.rejects) == (2, ())
        assert desk.rows(staged) == [(1, "A", "x"), (2, "B", "y")]


def test_sheets_are_chosen_by_a_pattern(desk: Desk) -> None:
    rows = [["id", "name"], ["A", "x"]]
    content = workbook({"products": rows, "regions 1": rows, "regions 2": rows})
    staged = desk.stage("x.xlsx", content, sheet="Regions *")
    assert [one.file for one in staged] == ["x.xlsx [regions 1]", "x.xlsx [regions 2]"]
    with pytest.raises(InputError, match=r"no sheet is called 'POS' \(sheets: products, regions 1"):
        desk.stage("x.xlsx", content, sheet="POS")


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("named", [False, True])
@pytest.mark.parametrize("packed", [False, True])
def test_utf_16(desk: Desk, codec: str, *, named: bool, packed: bool) -> None:
    content = "id\tname\r\nA\tŽlutý kůň\r\nB\t\r\n".encode(codec)
    options = {"encoding": codec} if named else {}
    name = "products.csv.gz" if packed else "products.csv"
    staged = desk.stage_one(name, gzip.compress(content) if packed else content, **options)
    assert desk.rows(staged) == [(1, "A", "Žlutý kůň"), (2, "B", None)]


@pytest.mark.parametrize("hint", ["sep=|", '"sep=|"', "SEP=| "])
def test_a_hint_for_spreadsheet_programs_is_no_header(desk: Desk, hint: str) -> None:
    staged = desk.stage_one("products.csv", f"{hint}\r\nid|name\r\nA|x,y,z\r\n")
    assert desk.rows(staged) == [(1, "A", "x,y,z")]


def test_latin_1_has_no_quotes_of_windows(desk: Desk) -> None:
    content = b"id,name\nA,M\xfcller\nB,Papa\x92s\n"
    staged = desk.stage_one("products.csv", content, encoding="latin-1")
    assert desk.rows(staged) == [(1, "A", "Müller")]
    assert [(each.record, each.reason) for each in staged.rejects] == [
        (
            2,
            (
                "Byte 0x92 at character 7 is not latin-1 text; if Windows wrote the file, "
                "name its encoding (--encoding cp1252)."
            ),
        )
    ]
    staged = desk.stage_one("products.csv", content, encoding="cp1252")
    assert desk.rows(staged) == [(1, "A", "Müller"), (2, "B", "Papa\u2019s")]


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("products.xls", b"id\tname\nA\tx\n", "delimited text"),
        ("products.xls", workbook({"products": [["id", "name"], ["A", "x"]]}), None),
        ("products.csv", workbook({"Sheet1": [["id", "name"], ["A", "x"]]}), "a workbook"),
        ("products.xlsx", "id;name\nA;x\n".encode("utf-16"), "delimited text"),
        ("products.csv", gzip.compress(b"id,name\nA,x\n"), None),
        ("products.txt", b"id|name\nA|x\n", None),
        ("products.json", b'{"id": "A", "name": "x"}\n', None),
    ],
    ids=["tab text", "workbook as xls", "workbook as csv", "utf-16", "gzip", "bars", "json"],
)
def test_the_content_says_the_format(
    desk: Desk, name: str, content: bytes, what: str | None
) -> None:
    staged = desk.stage_one(name, content)
    assert desk.rows(staged, "id", "name") == [(1, "A", "x")]
    said = f"{name}: the file is {what}, whatever its name says; read as such."
    assert staged.warnings == ((said,) if what else ())


def test_json_by_another_name(desk: Desk) -> None:
    with pytest.raises(InputError, match=r"the file is JSON, not delimited text; .* \.jsonl"):
        desk.stage("products.csv", b'[{"id": "A"}]')


def test_a_header_below_a_title_is_found_in_text_too(desk: Desk) -> None:
    staged = desk.stage_one("products.csv", 'Rotkamp, "June"\n\n;;\nId;Name\nA;x\n')
    assert desk.rows(staged) == [(1, "A", "x")]
    assert "products.csv: line 4 names the columns; what stands above is not read." in (
        staged.warnings
    )


def test_columns_of_fixed_width(desk: Desk) -> None:
    with pytest.raises(InputError, match="columns seem to have fixed widths"):
        desk.stage("shipments.csv", "id        shipped_on seller\nL1        2015-06-01 D1\n")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "sales.csv",
            "List\n\n"
            + "-" * 22
            + "\n|Invoice |  Qty|Ware |\n"
            + "-" * 22
            + "\n|I1      |    1|A    |\n",
            "a printed list with lines around its cells",
        ),
        ("sales.csv", "INVOICE  SOLDTO  SKU     QTY\nI1       R1      SW-24   3\n", "fixed widths"),
        ("sales.csv", "Row Labels,Sum of Qty\nR1,3\n", "a pivot table, which sums up"),
        ("sales.json", '{"items": [{"id": 1}, {"id": 2}]}\n', "jq -c '.items[]'"),
    ],
)
def test_what_is_no_table_of_records_is_said_to_be(
    desk: Desk, name: str, content: str, message: str
) -> None:
    with pytest.raises(InputError) as raised:
        desk.stage(name, content)
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)

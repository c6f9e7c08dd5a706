from __future__ import annotations

import datetime as dt
import gzip
import io
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphchannel.errors import InputError

from .workbooks import workbook

if TYPE_CHECKING:
    from .conftest import Desk


def _parquet(columns: dict[str, Any]) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer)
    return buffer.getvalue()


def test_parquet_keeps_types(desk: Desk) -> None:
    content = _parquet(
        {
            "id": ["A", "B"],
            "name": ["", "x"],
            "capital": [Decimal("1.5000"), None],
            "joined_on": [dt.date(2014, 1, 2), None],
        }
    )
    staged = desk.stage_one("partners.parquet", content)
    assert staged.records == 2
    assert desk.rows(staged, "id", "name", "capital", "joined_on") == [
        (1, "A", None, Decimal("1.5000"), dt.date(2014, 1, 2)),
        (2, "B", "x", None, None),
    ]


@pytest.mark.parametrize("value", [["x"], {"a": 1}, b"x"])
def test_parquet_columns_hold_one_value_a_row(desk: Desk, value: object) -> None:
    with pytest.raises(InputError, match=r"column 'name' holds .* values"):
        desk.stage("partners.parquet", _parquet({"id": ["A"], "name": [value]}))


def test_not_parquet(desk: Desk) -> None:
    with pytest.raises(InputError, match="cannot be read as Parquet"):
        desk.stage("partners.parquet", b"id,name\n")


_LINES = b"""\xef\xbb\xbf{"id": "A", "name": "x", "employees": 12}

{"id": "B", "name": "", "capital": 1.25, "tags": {"a": [1, 2]}}
{"id": "C"
[1]
\xff
{"name": "y", "id": 7, "employees": null}
{"id": "D", "name": "z", "employees": 1}
"""


@pytest.mark.parametrize("name", ["partners.jsonl", "partners.ndjson", "partners.jsonl.gz"])
def test_json_lines(desk: Desk, name: str) -> None:
    content = gzip.compress(_LINES) if name.endswith(".gz") else _LINES
    staged = desk.stage_one(name, content)
    assert staged.records == 7
    assert desk.source(staged) == [
        (1, "A", "x", "12", None, None),
        (2, "B", None, None, "1.25", '{"a":[1,2]}'),
        (6, "7", "y", None, None, None),
        (7, "D", "z", "1", None, None),
    ]
    assert [(reject.record, reject.raw) for reject in staged.rejects] == [
        (3, '{"id": "C"'),
        (4, "[1]"),
        (5, "\\xff"),
    ]
    assert staged.rejects[0].reason.startswith("The line is not JSON: Expecting ',' delimiter")
    assert staged.rejects[1].reason == "The line is a JSON array, but must be an object."
    assert staged.rejects[2].reason == "Byte 0xFF at 1 is not UTF-8 text."


def test_json_lines_without_any_object(desk: Desk) -> None:
    with pytest.raises(InputError, match="none of its 1 lines is a JSON object"):
        desk.stage("partners.jsonl", "nothing\n")
    with pytest.raises(InputError, match="the file is empty"):
        desk.stage("partners.jsonl", "")


def test_cells_become_the_text_that_they_stand_for(desk: Desk) -> None:
    rows: list[list[Any]] = [
        [None, None],
        ["id", "name", "employees", "capital", "joined_on", "terminated_on", "group_id", None],
        ["007", "A & B", 3.0, 2.5, dt.date(2014, 1, 2), dt.datetime(2014, 1, 2, 3, 4), True],  # noqa: DTZ001 - cells have no time zone
        [None, "  "],
        [7, " x ", 10**14, None, "2014-01-03"],
    ]
    staged = desk.stage_one("data.xlsx", workbook({"Partners": rows}))
    assert (staged.file, staged.records) == ("data.xlsx [Partners]", 2)
    assert desk.source(staged) == [
        (1, "007", "A & B", "3", "2.5", "2014-01-02", "2014-01-02T03:04:00", "true"),
        (2, "7", " x ", "100000000000000", None, "2014-01-03", None, None),
    ]


def test_each_sheet_is_a_source(desk: Desk) -> None:
    sheets = {
        "Regions": [["id", "name"], ["R", "r"]],
        "Notes": [["see mail"]],
        "End users": [["id", "name"]],
        "empty": [],
    }
    staged = desk.stage("network.xlsx", workbook(sheets))
    assert [(one.table, one.records) for one in staged] == [("regions", 1), ("end_users", 0)]
    assert staged[0].warnings == (
        (
            "network.xlsx [Notes]: the sheet is named after no table and fits no loader; "
            "it is not read."
        ),
    )


def test_a_lone_sheet_may_leave_the_name_to_the_file(desk: Desk) -> None:
    content = workbook({"Sheet1": [["id", "name"], ["R", "r"]]})
    assert desk.stage_one("regions.xlsx", content).table == "regions"
    assert desk.stage_one("other.xlsx", content, table="industries").table == "industries"


def test_the_table_chooses_the_sheet(desk: Desk) -> None:
    rows = [["id", "name"], ["R", "r"]]
    content = workbook({"regions": rows, "products": rows})
    assert desk.stage_one("x.xlsx", content, table="products").file == "x.xlsx [products]"
    with pytest.raises(InputError, match=r"lacks what table cities requires \(region_id\)"):
        desk.stage("x.xlsx", content, table="cities")


def test_not_aworkbook(desk: Desk) -> None:
    with pytest.raises(InputError, match="cannot be read as a workbook"):
        desk.stage("regions.xlsx", workbook({"regions": [["id"]]})[:-100])
    with pytest.raises(InputError, match="the workbook has no filled sheet"):
        desk.stage("regions.xlsx", workbook({"Regions": []}))


def test_odd_keys_cost_their_own_line(desk: Desk) -> None:
    lines = [
        '{"id": "A", "name": "a", "a\\"b": 1, "[0]": 2, "$.x": 3}',
        '{"": 1, "id": "B", "name": "b"}',
        '{"id": "C", "id": "D", "name": "c"}',
        '{"id": "E", "ID ": "F", "name": "e"}',
        '{"id": "G", "na\\u0000me": "g"}',
        '{"id": 12345678901234567890123, "name": 0.5}',
        '{"id": "H", "name": "\\ud83d"}',
        '{"id": "I", "name": {"de": "Nord"}, "a\\"b": [1]}',
    ]
    staged = desk.stage_one("products.jsonl", "\n".join(lines))
    assert desk.rows(staged, "id", "name") == [(1, "A", "a"), (6, "12345678901234567890123", "0.5")]
    assert [(each.record, each.reason) for each in staged.rejects] == [
        (2, "A key of the object is empty; name it or leave it out."),
        (3, "The key 'id' stands twice in the object; leave one of them out."),
        (4, "The key 'ID' stands twice in the object; leave one of them out."),
        (5, 'The key "na\\u0000me" has characters that cannot be seen; rename it.'),
        (7, "The line is not JSON: an escape such as \\ud83d stands for half a character."),
        (
            8,
            (
                "name holds an object or a list, but must be one value; "
                "write its parts as keys of their own."
            ),
        ),
    ]


def test_more_keys_than_any_table_has(desk: Desk) -> None:
    many = ", ".join(f'"k{at}": 1' for at in range(20_000))
    for content in (
        f'{{"id": "A", {many}}}',
        "\n".join(f'{{"id": "A", "k{at}": 1}}' for at in range(3_000)),
    ):
        with pytest.raises(InputError, match="there are more than 2,000 keys"):
            desk.stage("products.jsonl", content)
    with pytest.raises(InputError, match="the header names 20,000 columns"):
        desk.stage("products.csv", ",".join(f"k{at}" for at in range(20_000)))


def test_a_list_says_how_it_becomes_lines(desk: Desk) -> None:
    with pytest.raises(InputError, match=r"one object a line.* A list is turned .*jq -c"):
        desk.stage("products.json", '[{"id": "A"},\n{"id": "B"}]')


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "column 2 has no name"),
        ("a\tb", "characters that cannot be seen"),
        ("File_Row_Number", "a name that the reader of Parquet keeps for itself"),
    ],
)
def test_parquet_names_that_nobody_could_ask_for(desk: Desk, name: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        desk.stage("products.parquet", _parquet({"id": ["A"], name: ["x"]}))


def test_damaged_parquet(desk: Desk) -> None:
    sound = bytearray(_parquet({"id": ["A" * 50] * 20, "name": [f"n{at}" for at in range(20)]}))
    sound[10:40] = bytes(30)
    with pytest.raises(InputError, match=r"cannot be read as Parquet .*cut or damaged"):
        desk.stage("products.parquet", bytes(sound))
    with pytest.raises(InputError, match="cannot be read as Parquet"):
        desk.stage("products.parquet", bytes(sound[:200]))


def test_an_export_is_told_by_both_its_columns(desk: Desk) -> None:
    staged = desk.stage_one("products.jsonl", '{"id": "A", "name": "a", "_reject": 1}\n')
    assert desk.rows(staged, "id") == [(1, "A")]

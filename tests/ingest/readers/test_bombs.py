"""Small files that would fill memory or take for ever: refused at once, in a sentence."""

from __future__ import annotations

import gzip
import io
import time
import zipfile
from typing import TYPE_CHECKING

import pytest

from graphchannel.errors import InputError

from .workbooks import ods, workbook

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .conftest import Desk

_HEADER = ["id", "name"]
_SHEET = "xl/worksheets/sheet1.xml"
_SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@pytest.fixture(autouse=True)
def _in_time() -> Iterator[None]:
    started = time.process_time()
    yield
    assert time.process_time() - started < 10


def _with_sheet(rows: str) -> bytes:
    buffer = io.BytesIO()
    content = workbook({"products": [_HEADER, ["A", "a"]]})
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts[_SHEET] = (
        f'<worksheet xmlns="{_SPACE}"><sheetData>{rows}</sheetData></worksheet>'.encode()
    )
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name, part in parts.items():
            new.writestr(name, part)
    return buffer.getvalue()


def test_gzip_that_swells(desk: Desk) -> None:
    content = gzip.compress(b"id,name\n" + b"a" * (80 << 20))
    for name in ("products.csv.gz", "products.jsonl.gz"):
        with pytest.raises(InputError, match="swells to more than 200 times its size"):
            desk.stage(name, content)


def test_a_workbook_that_swells(desk: Desk) -> None:
    content = _with_sheet("<row/>" * (12 << 20))
    with pytest.raises(InputError, match="swells to more than 200 times its size"):
        desk.stage("products.xlsx", content)


def test_one_text_in_every_cell(desk: Desk) -> None:
    text = "x" * 32_767
    rows = '<row><c t="str"><v>id</v></c><c t="str"><v>name</v></c></row>' + "".join(
        f'<row><c t="s"><v>0</v></c><c t="inlineStr"><is><t>{text[:10]}</t></is></c></row>'
        for _ in range(2_500)
    )
    buffer = io.BytesIO(_with_sheet(rows))
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        strings = f'<sst xmlns="{_SPACE}"><si><t>{text}</t></si></sst>'
        archive.writestr("xl/sharedStrings.xml", strings)
    with pytest.raises(InputError, match="the sheet swells to more than 200 times the size"):
        desk.stage("products.xlsx", buffer.getvalue())


def test_a_cell_at_the_far_end(desk: Desk) -> None:
    content = _with_sheet(
        '<row r="1"><c r="A1" t="str"><v>id</v></c><c r="B1" t="str"><v>name</v></c></row>'
        '<row r="2"><c r="A2" t="str"><v>A</v></c><c r="B2" t="str"><v>a</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    )
    staged = desk.stage_one("products.xlsx", content)
    assert desk.rows(staged, "id", "name") == [(1, "A", "a"), (2, None, None)]


def test_cells_written_once_for_many(desk: Desk) -> None:
    content = ods(
        '<table:table table:name="products"><table:table-row>{id}{name}</table:table-row>'
        '<table:table-row table:number-rows-repeated="1048575"><table:table-cell'
        ' table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p>'
        "</table:table-cell></table:table-row></table:table>"
    )
    with pytest.raises(InputError, match=r"swells to more than|more than 2,000 columns"):
        desk.stage("products.ods", content)


def test_a_quote_that_stays_open(desk: Desk) -> None:
    for body in ('x","y\n' * 4_000, '"\n' + '""\n' * 4_000, '1,"open\n' + "2,b\n" * 20_000):
        staged = desk.stage_one("products.csv", "id,name\n" + body)
        assert staged.records == len(desk.rows(staged)) + len(staged.rejects)


def test_a_line_without_an_end(desk: Desk) -> None:
    staged = desk.stage_one("products.csv", "id,name\n1,a\n2," + "x" * (17 << 20) + "\n3,c\n")
    assert [row[0] for row in desk.rows(staged)] == [1, 3]
    assert staged.rejects[0].reason == "The record is longer than 16,777,216 characters."
    assert len(staged.rejects[0].raw) == 1024


def test_deep_json(desk: Desk) -> None:
    deep = "[" * 100_000 + "]" * 100_000
    content = '{"id": "A", "name": "a"}\n{"id": "B", "name": ' + deep + "}\n"
    staged = desk.stage_one("products.jsonl", content)
    assert desk.rows(staged, "id") == [(1, "A")]
    assert len(staged.rejects) == 1

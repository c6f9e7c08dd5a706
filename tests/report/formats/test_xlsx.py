from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import openpyxl
import pytest

from graphchannel.report.documents.scan import scan_document
from graphchannel.report.formats import xlsx

if TYPE_CHECKING:
    from pathlib import Path

    from graphchannel.findings import ScanResult


@pytest.fixture
def book(result: ScanResult, tmp_path: Path) -> openpyxl.Workbook:
    with (tmp_path / "scan.xlsx").open("wb") as stream:
        xlsx.write(scan_document(result, top=1), stream)
    return openpyxl.load_workbook(tmp_path / "scan.xlsx")


def test_numbers_and_dates_are_real(book: openpyxl.Workbook) -> None:
    head, first, formula = book["Findings"].iter_rows()
    row = {name.value: cell for name, cell in zip(head, first, strict=True)}
    assert row["Lines"].value == 2
    assert row["First"].value == datetime(2015, 1, 10)  # noqa: DTZ001 - a sheet knows no zone
    assert row["First"].number_format == "yyyy-mm-dd"
    assert row["Amount EUR"].value == 12.5
    assert row["Amount USD"].value == 0.0001
    other = {name.value: cell for name, cell in zip(head, formula, strict=True)}
    assert other["Subject"].data_type == "s"
    assert other["Subject"].value == '=HYPERLINK("x")'
    assert other["Amount EUR"].value is None


def test_evidence_and_rules_have_sheets(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == ["Findings", "Rules", "Waivers", "Evidence", "About"]
    assert book["Evidence"].max_row == 1 + 2 + 1
    statuses = [str(row[4].value) for row in book["Rules"].iter_rows(min_row=2)]
    assert sorted(statuses) == ["error", "evaluated", "evaluated", "not_evaluated"]


def test_the_same_scan_gives_the_same_bytes(result: ScanResult, tmp_path: Path) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        with (tmp_path / name).open("wb") as stream:
            xlsx.write(scan_document(result, top=1), stream)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()

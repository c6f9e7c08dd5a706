"""Workbooks for tests, written as a spreadsheet program would."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import openpyxl


def workbook(sheets: dict[str, list[list[Any]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


_SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
    ' xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"'
    ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)
_STYLES = (
    '<number:number-style style:name="N5"><number:number number:decimal-places="0"'
    ' number:min-integer-digits="5"/></number:number-style>'
    '<style:style style:name="five" style:family="table-cell" style:data-style-name="N5"/>'
    '<style:style style:name="gone" style:family="table">'
    '<style:table-properties table:display="false"/></style:style>'
)


def ods(tables: str) -> bytes:
    """Write an ODS workbook; `{id}` in `tables` is a cell with that text."""
    cells = {
        name: f'<table:table-cell office:value-type="string"><text:p>{name}</text:p>'
        "</table:table-cell>"
        for name in ("id", "name", "family")
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_SPACES}>'
            f"<office:automatic-styles>{_STYLES}</office:automatic-styles><office:body>"
            f"<office:spreadsheet>{tables.format(**cells)}</office:spreadsheet></office:body>"
            "</office:document-content>",
        )
    return buffer.getvalue()

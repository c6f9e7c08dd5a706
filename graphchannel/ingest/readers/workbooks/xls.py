"""Sheets of an XLS workbook (BIFF, as Excel wrote until 2003), read with xlrd."""

from __future__ import annotations

import io
from functools import partial
from typing import TYPE_CHECKING

import xlrd

from graphchannel.errors import InputError
from graphchannel.ingest.readers.workbooks.cells import (
    ERRORS,
    GENERAL,
    Row,
    Sheet,
    Shown,
    error,
    of_number,
    of_text,
)
from graphchannel.ingest.readers.workbooks.merged import FIGURES, Repeated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def xls_sheets(path: Path) -> list[Sheet]:
    """Return the worksheets; raise InputError for a file that is damaged or has a password."""
    try:
        book = xlrd.open_workbook(
            str(path), logfile=io.StringIO(), formatting_info=True, on_demand=True, ragged_rows=True
        )
    except xlrd.XLRDError as problem:
        if "encrypted" in str(problem):
            raise InputError(f"{path}: the workbook has a password; save it without one.") from None
        raise _damaged(path, problem) from problem
    except Exception as problem:  # xlrd raises whatever its arithmetic runs into
        raise _damaged(path, problem) from problem
    hidden = dict(zip(book.sheet_names(), book._sheet_visibility, strict=False))  # noqa: SLF001 - no other way before a sheet is read
    return [
        Sheet(name, bool(hidden.get(name)), partial(_rows, path, book, number))
        for number, name in enumerate(book.sheet_names())
    ]


def _damaged(path: Path, problem: Exception) -> InputError:
    return InputError(
        f"{path}: the file cannot be read as a workbook ({problem or type(problem).__name__}): it "
        "was cut or damaged. Have it sent again, or open it and save it as XLSX."
    )


def _rows(path: Path, book: xlrd.book.Book, number: int) -> Iterator[Row]:
    try:
        sheet = book.sheet_by_index(number)
        repeated = Repeated()
        spans = {(top, left): end for top, end, left, _ in sheet.merged_cells if end > top + 1}
        unseen = frozenset(at for at, info in sheet.colinfo_map.items() if info.hidden)
        for at in range(sheet.nrows):
            row = Row(at + 1, {}, {}, _is_hidden(sheet, at), 0, unseen)
            for column, cell in enumerate(sheet.row(at)):
                text, flaw = _shown(book, cell)
                if text is not None:
                    row.texts[column] = text
                    if (at, column) in spans and not flaw and _is_repeated(cell, text):
                        repeated.hold(spans[at, column], column, text)
                if flaw:
                    row.flaws[column] = flaw
            yield repeated.fill(row)
    except GeneratorExit:
        raise
    except Exception as problem:  # as above
        raise _damaged(path, problem) from problem
    finally:
        book.unload_sheet(number)


def _is_repeated(cell: xlrd.sheet.Cell, text: str) -> bool:
    number = cell.ctype in {xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE}
    return not (number and FIGURES.fullmatch(text))


def _is_hidden(sheet: xlrd.sheet.Sheet, at: int) -> bool:
    info = sheet.rowinfo_map.get(at)
    return bool(info and info.hidden)


def _shown(book: xlrd.book.Book, cell: xlrd.sheet.Cell) -> Shown:
    match cell.ctype:
        case xlrd.XL_CELL_TEXT:
            return of_text(cell.value)
        case xlrd.XL_CELL_NUMBER | xlrd.XL_CELL_DATE:
            return of_number(cell.value, _code(book, cell), since_1904=bool(book.datemode))
        case xlrd.XL_CELL_BOOLEAN:
            return Shown(str(bool(cell.value)).lower())
        case xlrd.XL_CELL_ERROR:
            return error(ERRORS.get(cell.value, "#ERROR!"))
        case _:
            return Shown(None)


def _code(book: xlrd.book.Book, cell: xlrd.sheet.Cell) -> str:
    if cell.xf_index is None or cell.xf_index >= len(book.xf_list):
        return GENERAL
    found = book.format_map.get(book.xf_list[cell.xf_index].format_key)
    return found.format_str if found and found.format_str else GENERAL

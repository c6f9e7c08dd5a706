"""Read workbooks (XLSX, XLS, ODS): each sheet a source, cells as the text that they show."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from graphchannel.errors import InputError
from graphchannel.ingest.readers.content import ODS, XLS, content_of
from graphchannel.ingest.readers.files import stem_of
from graphchannel.ingest.readers.workbooks.ods import ods_sheets
from graphchannel.ingest.readers.workbooks.package import open_package
from graphchannel.ingest.readers.workbooks.stage import stage_sheet
from graphchannel.ingest.readers.workbooks.xls import xls_sheets
from graphchannel.ingest.readers.workbooks.xlsx import xlsx_sheets
from graphchannel.ingest.source import Source, counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb

    from graphchannel.ingest.readers.workbooks.cells import Sheet
    from graphchannel.ingest.source import Reading


def read_workbook(
    connection: duckdb.DuckDBPyConnection, path: Path, reading: Reading
) -> list[Source]:
    """Stage each sheet that is shown and not empty, its first filled row being the header.

    Formulas count as their last result. Dates become ISO text, whole numbers lose their `.0`, text
    keeps its leading zeros. Raises InputError if the file cannot be read or has no filled sheet.
    """
    with open_sheets(path) as sheets:
        asked = _asked(path, sheets, reading)
        found = [stage_sheet(connection, path, sheet, reading) for sheet in asked]
    sources = [source for source in found if source]
    if not sources:
        raise InputError(f"{path}: the workbook has no filled sheet{_unseen(sheets, asked)}.")
    if len(sources) == 1:
        sources = [replace(sources[0], stems=(*sources[0].stems, stem_of(path)))]
    hidden = [sheet.name for sheet in sheets if sheet.hidden and sheet not in asked]
    if hidden:
        warning = (
            f"{path.name}: {counted(len(hidden), 'sheet')} hidden and not read: {listed(hidden)} "
            "(--sheet NAME reads one)."
        )
        sources[0] = replace(sources[0], warnings=(warning, *sources[0].warnings))
    return sources


@contextmanager
def open_sheets(path: Path) -> Iterator[list[Sheet]]:
    """Open a workbook and give its sheets; raises InputError if it cannot be read."""
    content = content_of(path)
    if content == XLS:
        yield xls_sheets(path)
        return
    with open_package(path) as package:
        yield ods_sheets(package) if content == ODS else xlsx_sheets(package)


def _asked(path: Path, sheets: list[Sheet], reading: Reading) -> list[Sheet]:
    """Return the sheets that are shown, or those of the name that was asked for."""
    if reading.sheet is None:
        return [sheet for sheet in sheets if not sheet.hidden]
    pattern = reading.sheet.strip().casefold()
    found = [sheet for sheet in sheets if _is_called(sheet, pattern)]
    if not found:
        names = listed([sheet.name for sheet in sheets])
        raise InputError(f"{path}: no sheet is called '{reading.sheet}' (sheets: {names}).")
    return found


def _is_called(sheet: Sheet, pattern: str) -> bool:
    name = sheet.name.strip().casefold()
    return name == pattern or fnmatchcase(name, pattern)


def _unseen(sheets: list[Sheet], asked: list[Sheet]) -> str:
    hidden = [sheet.name for sheet in sheets if sheet.hidden and sheet not in asked]
    return f" that is shown (hidden: {listed(hidden)}; --sheet NAME reads one)" if hidden else ""

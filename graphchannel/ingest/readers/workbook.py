"""Read workbooks (XLSX, XLSB, XLS, ODS): each sheet a source, cells as the text they stand for."""

from __future__ import annotations

import datetime as dt
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import pyarrow as pa
import python_calamine

from graphchannel.errors import InputError
from graphchannel.ingest.readers.files import stem_of
from graphchannel.ingest.source import RECORD, Source, check_header, fresh_name

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import duckdb

    from graphchannel.ingest.source import Reading

_Cell = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta


def read_workbook(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    reading: Reading,
) -> list[Source]:
    """Stage each sheet that is not empty, its first filled row being the header.

    Formulas count as their last result. Dates become ISO text, whole numbers lose their `.0`, text
    keeps its leading zeros. Rows without any content are no records. Raises InputError if the file
    cannot be opened or has no filled sheet.
    """
    try:
        with python_calamine.load_workbook(path) as workbook:
            sheets = {
                name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
                for name in _asked(path, workbook.sheet_names, reading)
            }
    except python_calamine.PasswordError as error:
        raise InputError(f"{path}: the workbook has a password; save it without one.") from error
    except (python_calamine.CalamineError, OSError) as error:
        raise InputError(f"{path}: the file cannot be read as a workbook ({error}).") from error
    filled = {
        name: rows for name, cells in sheets.items() if (rows := _filled_rows(cells, reading))
    }
    if not filled:
        raise InputError(f"{path}: the workbook has no filled sheet.")
    only = len(filled) == 1
    return [_stage(connection, path, name, rows, only=only) for name, rows in filled.items()]


def _stage(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    sheet: str,
    rows: list[list[str | None]],
    *,
    only: bool,
) -> Source:
    label = f"{path.name} [{sheet}]"
    used = [position for position in range(len(rows[0])) if any(row[position] for row in rows)]
    names = check_header(label, [rows[0][position] or "" for position in used])
    records = rows[1:]
    arrays = [
        pa.array(range(1, len(records) + 1), pa.int64()),
        *(pa.array([row[position] for row in records], pa.string()) for position in used),
    ]
    relation, batch = fresh_name("source"), fresh_name("batch")
    connection.register(batch, pa.Table.from_arrays(arrays, names=[RECORD, *names]))
    connection.execute(f"CREATE TEMP TABLE {relation} AS FROM {batch}")
    connection.unregister(batch)
    stems = (sheet, stem_of(path)) if only else (sheet,)
    return Source(label, stems, relation, names, len(records))


def _asked(path: Path, names: Sequence[str], reading: Reading) -> list[str]:
    if reading.sheet is None:
        return list(names)
    pattern = reading.sheet.casefold()
    found = [name for name in names if fnmatchcase(name.casefold(), pattern)]
    if not found:
        raise InputError(
            f"{path}: no sheet is called '{reading.sheet}' (sheets: {', '.join(names)})."
        )
    return found


def _filled_rows(cells: Sequence[Sequence[_Cell]], reading: Reading) -> list[list[str | None]]:
    first = (reading.header_row or 1) - 1
    rows = [[_text(cell) for cell in row] for row in cells[first:]]
    filled = [row for row in rows if any(row)]
    if reading.footer:
        begins = reading.footer.casefold()
        for number, row in enumerate(filled):
            if next(each for each in row if each).strip().casefold().startswith(begins):
                return filled[:number]
    return filled


def _text(cell: _Cell) -> str | None:
    """Return a cell as text; None if it shows nothing."""
    if isinstance(cell, str):
        return cell if cell.strip() else None
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return str(cell)

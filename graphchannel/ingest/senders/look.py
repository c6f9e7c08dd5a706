"""A look at a file that nobody knows yet: its columns, some records, and how it is to be read."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, deque
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from graphchannel.errors import InputError
from graphchannel.ingest.readers.read import read_sources, real_format
from graphchannel.ingest.readers.streams import open_bytes
from graphchannel.ingest.readers.workbook import open_sheets
from graphchannel.ingest.senders.outline import outline_of
from graphchannel.ingest.senders.synonyms import begins_footer, footer_word, meanings, tables
from graphchannel.ingest.source import RECORD, Reading, check_header
from graphchannel.text import quoted
from graphchannel.workspace_file import connect

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from graphchannel.ingest.readers.workbooks.cells import Sheet
    from graphchannel.ingest.senders.outline import Outline

_TOP = 40  # rows in which a header is looked for
_END = 5  # records in which a footer is looked for
_RECORDS = 2_000  # enough to tell how values are written
_BYTES = 1 << 20
_DELIMITERS = ",;\t|"
_LONGEST = 1 << 17  # characters of a field


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row of a file that is not empty, and its number as an editor or spreadsheet shows it."""

    number: int
    cells: tuple[str, ...]

    @property
    def filled(self) -> int:
        """How many cells are not empty."""
        return sum(1 for cell in self.cells if cell)


@dataclass(frozen=True, slots=True)
class Look:
    """What a file looks like; of a workbook one sheet, and apart from it the `others`.

    `heading` is a column that stands alone in rows above others, which have it in their records
    here; `sums` are how rows of sums are called, which have `subtotals` in common.
    """

    path: Path
    format: str
    columns: tuple[str, ...]
    records: tuple[tuple[str, ...], ...]
    reading: Reading
    sheet: str | None = None
    others: tuple[Look, ...] = ()
    heading: str | None = None
    subtotals: str | None = None
    sums: tuple[str, ...] = ()

    def values(self, column: str) -> list[str]:
        """Return the values of a column that are not empty, in the order of the file."""
        at = self.columns.index(column)
        return [record[at] for record in self.records if record[at]]


def look_at(path: Path) -> Look:
    """Look at a file; of several sheets at the one whose columns are known best.

    Raise InputError if it is in no format that is read, or holds no table.
    """
    format_ = real_format(path)
    if format_ == "csv":
        rows, reading = _text_rows(path)
        return _look(path, format_, rows, reading)
    if format_ == "workbook":
        return _look_at_workbook(path)
    return _look_typed(path, format_)


def known_columns(columns: Iterable[str]) -> int:
    """Count the columns whose names mean something in the table of which most do."""
    names = list(columns)
    return max(sum(1 for name in names if name and meanings(each, name)) for each in tables())


def _look_typed(path: Path, format_: str) -> Look:
    with connect(None, write=True) as connection:
        source = read_sources(connection, path, Reading())[0]
        columns = ", ".join(f"coalesce(trim({quoted(c)}::VARCHAR), '')" for c in source.columns)
        records = connection.execute(
            f"SELECT {columns} FROM {source.relation} ORDER BY {RECORD} LIMIT {_RECORDS}"
        ).fetchall()
    return Look(path, format_, source.columns, tuple(records), Reading())


def _look_at_workbook(path: Path) -> Look:
    looks: list[Look] = []
    wrong: list[InputError] = []
    with open_sheets(path) as sheets:
        for sheet in sheets:
            rows = [] if sheet.hidden else _rows_of(sheet)
            try:
                looks += [replace(_look(path, "workbook", rows, Reading()), sheet=sheet.name)]
            except InputError as error:  # empty, or two columns of one name on a sheet of sums
                wrong.append(error)
    if not looks:
        raise wrong[0] if wrong else InputError(f"{path}: the workbook has no sheets.")
    best = max(looks, key=lambda look: (known_columns(look.columns), len(look.records)))
    return replace(best, others=tuple(look for look in looks if look is not best))


def _rows_of(sheet: Sheet) -> list[FileRow]:
    """Return the rows at the top and at the end of a sheet."""
    filled = (
        _row(row.number, (row.texts.get(at) for at in range(max(row.texts) + 1)))
        for row in sheet.rows()
        if row.texts
    )
    return [*islice(filled, _TOP + _RECORDS), *deque(filled, maxlen=_END)]


def _row(number: int, cells: Iterable[str | None]) -> FileRow:
    return FileRow(number, tuple((cell or "").strip() for cell in cells))


def _look(path: Path, format_: str, rows: Sequence[FileRow], reading: Reading) -> Look:
    if not rows:
        raise InputError(f"{path}: the file has no rows; nothing can be proposed.")
    at = _header_at(rows)
    records = [row.cells for row in rows[at + 1 : at + 1 + _RECORDS]]
    end = _footer_at(rows[at + 1 :])
    outline = outline_of(records) if records else None
    if outline is not None:
        records = list(outline.records)
    elif end is not None:
        records = records[:end]
        reading = replace(reading, footer=_first(rows[at + 1 + end]))
    width = max(map(len, (rows[at].cells, *records)))
    padded = [(*row, *[""] * (width - len(row))) for row in (rows[at].cells, *records)]
    used = [each for each in range(width) if any(row[each] for row in padded)]
    names = [padded[0][each] or f"column_{each + 1}" for each in used]
    if at:
        reading = replace(reading, header_row=rows[at].number)
    look = Look(
        path,
        format_,
        check_header(path.name, names),
        tuple(tuple(row[each] for each in used) for row in padded[1:]),
        reading,
    )
    return look if outline is None else _outlined(look, outline, used)


def _outlined(look: Look, outline: Outline, used: Sequence[int]) -> Look:
    """Say of a look what stands between its records."""
    heading = None if outline.heading is None else look.columns[used.index(outline.heading)]
    word = outline.sums[0] and footer_word(outline.sums[0]) if outline.sums else None
    return replace(look, heading=heading, subtotals=word, sums=outline.sums)


def _header_at(rows: Sequence[FileRow]) -> int:
    """Find the row that names the columns: whose cells are known best, else the first full one."""
    top = rows[:_TOP]
    known = [known_columns(row.cells) for row in top]
    best = max(known)
    if best >= 2 or (best and max(row.filled for row in top) < 3):
        return known.index(best)
    widest = max(row.filled for row in top)
    return next(at for at, row in enumerate(top) if row.filled * 10 >= widest * 6)


def _footer_at(records: Sequence[FileRow]) -> int | None:
    """Find the record that ends the table: near the end, and nothing like it stands before."""
    for at in range(max(0, len(records) - _END), len(records)):
        first = _first(records[at])
        if begins_footer(first) and records[at].filled < records[0].filled:
            begins = first.casefold()
            alike = [row for row in records[:at] if _first(row).casefold().startswith(begins)]
            return None if alike else at
    return None


def _first(row: FileRow) -> str:
    return next(cell for cell in row.cells if cell)


def _text_rows(path: Path) -> tuple[list[FileRow], Reading]:
    """Return the rows at the top of a text file, and what its reader has to be told."""
    with open_bytes(path) as stream:
        start = stream.read(_BYTES)
    text, encoding = _decoded(start)
    if len(start) == _BYTES:
        text = text[: text.rfind("\n") + 1]
    lines = list(io.StringIO(text, newline=""))
    if lines and lines[0].strip().strip('"').casefold().startswith("sep="):
        lines[0] = ""
    parted = {sign: _parse(lines, sign) for sign in _DELIMITERS}
    delimiter = max(_DELIMITERS, key=lambda sign: _regular(parted[sign]))
    rows = parted[delimiter]
    header = lines[rows[_header_at(rows)].number - 1] if rows else ""
    seen = max(_DELIMITERS, key=header.count)
    return rows, Reading(encoding, None if seen == delimiter else delimiter)


def _decoded(start: bytes) -> tuple[str, str | None]:
    """Return the text, and its encoding where its reader does not find it out."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return start.decode("utf-16", errors="replace"), None
    if start[1:2] == b"\0" or start[:1] == b"\0":
        codec = "utf-16-be" if start[:1] == b"\0" else "utf-16-le"
        return start.decode(codec, errors="replace"), None
    try:
        whole = start if len(start) < _BYTES else start[: start.rfind(b"\n") + 1]
        return whole.decode("utf-8-sig"), None
    except UnicodeDecodeError:
        codec = _likely_encoding(whole)
        return whole.decode(codec, errors="replace"), codec


def _likely_encoding(octets: bytes) -> str:
    """Guess an encoding of Windows: the one in which headers are known best, else cp1252.

    In an encoding of Chinese or Japanese, text of another one makes no sense of some bytes, and
    words of letters are none of ideographs.
    """
    found = {
        codec: _known_in(octets, codec) for codec in ("cp1252", "cp932", "gbk", "cp1250", "cp1251")
    }
    return max(found, key=lambda codec: found[codec])


def _known_in(octets: bytes, codec: str) -> int:
    try:
        text = octets.decode(codec)
    except UnicodeDecodeError:
        return -1
    lines = text.splitlines()[:_TOP]
    return max(known_columns(re.split(r"[,;\t|]", line.replace('"', ""))) for line in lines)


def _parse(lines: Sequence[str], delimiter: str) -> list[FileRow]:
    reader = csv.reader(lines, delimiter=delimiter)
    csv.field_size_limit(_LONGEST)
    rows: list[FileRow] = []
    before = 0
    try:
        for cells in islice(reader, _TOP + _RECORDS + _END):
            row = _row(before + 1, cells)
            if row.filled:
                rows.append(row)
            before = reader.line_num
    except csv.Error:
        pass  # what stands before it tells enough
    return rows


def _regular(rows: Sequence[FileRow]) -> int:
    """Tell how much a delimiter looks like one: cells in rows of the width that is most common."""
    widths = Counter(len(row.cells) for row in rows)
    if not widths:
        return 0
    width, count = widths.most_common(1)[0]
    return 0 if width == 1 else width * count

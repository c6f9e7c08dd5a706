"""Sheets of an ODS workbook (OpenDocument 1.2 and 1.3, part 3), read in one pass over its content.

Programs write one cell or row for thousands of equal ones. They stay one here until they are read.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from graphchannel.errors import InputError
from graphchannel.ingest.flaws import ZERO_DATE
from graphchannel.ingest.readers.workbooks.cells import (
    GENERAL,
    NO_RESULT,
    Row,
    Sheet,
    Shown,
    error,
    of_number,
    of_text,
)
from graphchannel.ingest.readers.workbooks.merged import FIGURES, Repeated
from graphchannel.ingest.readers.workbooks.package import Handlers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphchannel.ingest.readers.workbooks.package import Attributes, Package

_CONTENT = "content.xml"
_MOST_COLUMNS = 16_384
_TIME = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")
_MIDNIGHT = re.compile(r"T00:00:00(\.0+)?$")
_FAILED = re.compile(r"#(NULL|DIV/0|VALUE|REF|NAME|NUM|N/A)[!?]?|Err:\d+", re.IGNORECASE)
_NUMBERS = {"float", "currency", "percentage"}
_CELLS = {"table-cell", "covered-table-cell"}
_OF_ROWS = {*_CELLS, "table-row", "table-column"}


def ods_sheets(package: Package) -> list[Sheet]:
    """Return the sheets in the order of their tabs; raise InputError if they have a password."""
    if package.has("META-INF/manifest.xml"):
        elements = package.elements("META-INF/manifest.xml")
        if any(element.tag == "encryption-data" for element in elements):
            raise InputError(f"{package.path}: the workbook has a password; save it without one.")
    content = _Content(wanted=None)
    for _ in package.parse(_CONTENT, Handlers(content.start, content.end, content.text)):
        pass
    return [
        Sheet(name, hidden, partial(_rows, package, number))
        for number, (name, hidden) in enumerate(content.tables)
    ]


def _rows(package: Package, wanted: int) -> Iterator[Row]:
    content = _Content(wanted)
    number = 0
    repeated = Repeated()
    for _ in package.parse(_CONTENT, Handlers(content.start, content.end, content.text)):
        for row, times, spans in content.rows:
            filled = bool(row.texts or row.flaws)
            for _ in range(times if filled else 0):
                number += 1
                for at, rows in spans.items():
                    repeated.hold(number + rows - 1, at, row.texts[at])
                yield repeated.fill(row._replace(number=number))
            number += 0 if filled else times
        content.rows.clear()


class _Content:
    """What stands in the content: the names of the sheets, and the rows of the one `wanted`.

    `rows` are those that are complete, each with how often it stands there, and the cells whose
    text holds for so many rows.
    """

    def __init__(self, wanted: int | None) -> None:
        self.tables: list[tuple[str, bool]] = []
        self.rows: list[tuple[Row, int, dict[int, int]]] = []
        self._wanted = wanted
        self._formats: dict[str, str] = {}  # codes by the name of a format
        self._styles: dict[str, Attributes] = {}  # cell and table styles by name
        self._hidden: set[str] = set()  # table styles
        self._style = self._format = ""
        self._columns: list[str] = []  # the style of cells that have none, by position
        self._unseen: set[int] = set()  # positions of hidden columns
        self._row = Row(0, {}, {})
        self._times = 1
        self._spans: dict[int, int] = {}
        self._at = 0
        self._cell: Attributes | None = None
        self._paragraphs: list[str] = []
        self._aside = 0  # in notes, whose text is not the cell's

    @property
    def _is_wanted(self) -> bool:
        return self._wanted is not None and len(self.tables) == self._wanted + 1

    def start(self, tag: str, named: Attributes) -> None:
        """Note an element that begins."""
        name = tag.rpartition(":")[2]
        if name in _OF_ROWS and not self._is_wanted:
            return
        own = {key.rpartition(":")[2]: value for key, value in named.items()}
        if name in _CELLS:
            # One attribute stands in two namespaces: LibreOffice tells errors in its own.
            if named.get("calcext:value-type") == "error":
                own["value-type"] = "error"
            self._cell = own
            self._paragraphs.clear()
        elif name == "table-row":
            hidden = own.get("visibility", "visible") != "visible"
            self._row = Row(0, {}, {}, hidden, 0, frozenset(self._unseen))
            self._times, self._at = _times(own, "rows"), 0
            self._spans = {}
        elif name == "table":
            style = own.get("style-name", "")
            self.tables.append((own.get("name", ""), style in self._hidden))
            self._columns.clear()
            self._unseen.clear()
        elif name == "table-column":
            count = min(_times(own, "columns"), _MOST_COLUMNS - len(self._columns))
            if own.get("visibility", "visible") != "visible":
                first = len(self._columns)
                self._unseen.update(range(first, first + count))
            self._columns += [own.get("default-cell-style-name", "")] * count
        elif self._cell is None:
            self._note_style(name, own)
        else:
            self._start_text(name, own)

    def text(self, text: str) -> None:
        """Note text."""
        if self._cell is not None and self._paragraphs and not self._aside:
            self._paragraphs[-1] += text

    def end(self, tag: str) -> None:
        """Note an element that ends."""
        name = tag.rpartition(":")[2]
        if name in _CELLS and self._cell is not None:
            self._end_cell(self._cell)
            self._cell = None
        elif name == "table-row" and self._is_wanted:
            self.rows.append((self._row, self._times, self._spans))
        elif name == "annotation":
            self._aside -= 1

    def _note_style(self, name: str, own: Attributes) -> None:
        if name == "style":
            self._style = own.get("name", "")
            self._styles[self._style] = own
        elif name == "table-properties" and own.get("display") == "false":
            self._hidden.add(self._style)
        elif name == "number-style":
            self._format = own.get("name", "")
        elif name == "number":
            digits = own.get("min-integer-digits", "1")
            if digits.isdecimal() and len(digits) < 3 and own.get("decimal-places", "0") == "0":
                self._formats[self._format] = "0" * int(digits)

    def _start_text(self, name: str, own: Attributes) -> None:
        if name == "annotation":
            self._aside += 1
        elif self._aside:
            return
        elif name == "p":
            self._paragraphs.append("")
        elif self._paragraphs:
            count = own.get("c", "1")
            spaces = min(int(count), _MOST_COLUMNS) if count.isdecimal() and len(count) < 7 else 1
            self._paragraphs[-1] += {"s": " " * spaces, "tab": "\t", "line-break": "\n"}.get(
                name, ""
            )

    def _end_cell(self, cell: Attributes) -> None:
        times = _times(cell, "columns")
        text, flaw = self._shown(cell)
        rows = _count(cell.get("number-rows-spanned"))
        is_number = cell.get("value-type") in _NUMBERS and bool(FIGURES.fullmatch(text or ""))
        if text is not None or flaw:
            for at in range(self._at, min(self._at + times, _MOST_COLUMNS)):
                if text is not None:
                    self._row.texts[at] = text
                    if rows > 1 and not flaw and not is_number:
                        self._spans[at] = rows
                if flaw:
                    self._row.flaws[at] = flaw
        self._at += times

    def _shown(self, cell: Attributes) -> Shown:
        text = "\n".join(self._paragraphs)
        kind = cell.get("value-type")
        formula = cell.get("formula")
        if kind == "error" or (formula and _FAILED.fullmatch(text.strip())):
            return error(text.strip())
        match kind:
            case "float" | "currency" | "percentage":
                return of_number(cell.get("value", ""), self._code(cell))
            case "date":
                day = _MIDNIGHT.sub("", cell.get("date-value", ""))
                return Shown("1900-01-00", ZERO_DATE) if day == "1899-12-30" else Shown(day)
            case "time":
                found = _TIME.fullmatch(cell.get("time-value", ""))
                return Shown(f"{found[1]:0>2}:{found[2]:0>2}:{found[3]:0>2}" if found else text)
            case "boolean":
                return Shown(cell.get("boolean-value", text))
            case None:
                return Shown(f"={formula}", NO_RESULT) if formula else Shown(None)
            case _:
                return of_text(cell.get("string-value") or text)

    def _code(self, cell: Attributes) -> str:
        style = cell.get("style-name")
        if style is None:
            style = self._columns[self._at] if self._at < len(self._columns) else ""
        return self._formats.get(self._styles.get(style, {}).get("data-style-name", ""), GENERAL)


def _times(own: Attributes, what: str) -> int:
    return _count(own.get(f"number-{what}-repeated"))


def _count(text: str | None) -> int:
    return max(1, int(text)) if text and text.isdecimal() and len(text) < 10 else 1

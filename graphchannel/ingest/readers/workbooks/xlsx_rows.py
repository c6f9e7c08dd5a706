"""The rows of an XLSX sheet: memory follows the longest row, not the area.

What the file says of a cell is kept where it matters: that a formula failed or was never
calculated, which format the cell has, whether its row is hidden.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.errors import InputError
from graphchannel.ingest.readers.workbooks.cells import (
    GENERAL,
    NO_RESULT,
    Row,
    Shown,
    error,
    of_number,
    of_text,
)
from graphchannel.ingest.readers.workbooks.merged import FIGURES, Repeated, merged_spans
from graphchannel.ingest.readers.workbooks.package import Handlers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphchannel.ingest.readers.workbooks.package import Attributes, Package

TRUE = {"1", "true", "on"}

_DIGITS = "0123456789"
_MOST_COLUMNS = 16_384
_NOWHERE = _MOST_COLUMNS  # of a cell whose reference no sheet has
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MIDNIGHT = re.compile(r"T00:00(:00(\.0+)?)?Z?$")


@dataclass(frozen=True, slots=True)
class Book:
    """What all sheets share; a text of blanks alone is None.

    `recalculated` is true if the workbook is to be calculated when it is opened: then a program
    wrote its formulas, with 0 for each result.
    """

    package: Package
    strings: Sequence[str | None]
    formats: Sequence[str]
    since_1904: bool
    recalculated: bool


def read_rows(book: Book, part: str) -> Iterator[Row]:
    """Yield the rows of a sheet, also empty ones, as they stand in the file."""
    state = _RowCollector(book, Repeated(merged_spans(book.package, part)))
    for _ in book.package.parse(part, Handlers(state.start, state.end, state.texts.append)):
        yield from state.rows
        state.rows.clear()


def number(text: str | None) -> int:
    """Return a number from 0 that the file gives; 0 if it gives none."""
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


def unescaped(text: str) -> str:
    """Return a text without `_x000D_`, which stands for a character that XML cannot hold."""
    if "_x" not in text:
        return text
    text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class _RowCollector:
    """The row and the cell that are being read, and the rows that are complete.

    Each method is called once a cell or more: what can be looked up is not worked out again.
    """

    def __init__(self, book: Book, repeated: Repeated) -> None:
        self.rows: list[Row] = []
        self.texts: list[str] = []
        self._book = book
        self._repeated = repeated
        self._names: dict[str, str] = {}  # of elements, without a prefix
        self._columns: dict[str, int] = {}  # positions by the letters of a reference
        self._codes: dict[str | None, str] = {None: _code(book, 0)}  # formats by style
        self._row = Row(0, {}, {})
        self._unseen: frozenset[int] = frozenset()
        self._at = -1
        self._cell: Attributes = {}
        self._value: str | None = None
        self._inline: list[str] = []
        self._formula: str | None = None

    def start(self, tag: str, attributes: Attributes) -> None:
        """Note an element that begins."""
        name = self._names.get(tag) or self._names.setdefault(tag, tag.rpartition(":")[2])
        if name == "c":
            self._cell = attributes
            self._value = self._formula = None
        elif name == "row":
            named = number(attributes.get("r")) or self._row.number + 1
            self._row = Row(named, {}, {}, attributes.get("hidden") in TRUE, 0, self._unseen)
            self._at = -1
        elif name == "is":
            self._inline.clear()
        elif name == "col" and attributes.get("hidden") in TRUE:
            last = min(number(attributes.get("max")), _MOST_COLUMNS)
            self._unseen |= frozenset(range(number(attributes.get("min")) - 1, last))
        self.texts.clear()

    def end(self, tag: str) -> None:
        """Note an element that ends."""
        name = self._names[tag]
        if name == "v":
            self._value = "".join(self.texts)
        elif name == "c":
            self._end_cell()
        elif name == "row":
            self.rows.append(self._repeated.fill(self._row))
        elif name == "f":
            self._formula = "".join(self.texts)
        elif name == "t":
            self._inline.append("".join(self.texts))
        elif name == "rPh" and self._inline:
            self._inline.pop()
        elif name == "is":
            self._value = "".join(self._inline)
        self.texts.clear()

    def _end_cell(self) -> None:
        cell, value = self._cell, self._value
        at = self._at = self._position(cell.get("r"))
        kind = cell.get("t", "n")
        text: str | None
        if self._formula is not None and not value and kind != "str":
            text, flaw = f"={self._formula}", NO_RESULT
        elif not value:
            return
        elif kind == "s":
            text, flaw = self._shared(value), ""
        else:
            text, flaw = self._number(value) if kind == "n" else _other(kind, value)
        if text is not None:
            self._row.texts[at] = text
            if not flaw and (kind != "n" or not FIGURES.fullmatch(text)):
                reference = cell.get("r", "")
                self._repeated.note(self._row.number, reference.rstrip(_DIGITS), at, text)
        if flaw:
            self._row.flaws[at] = flaw

    def _position(self, reference: str | None) -> int:
        letters = reference.rstrip(_DIGITS) if reference else ""
        if not letters:
            return self._at + 1
        at = self._columns.get(letters)
        return self._columns.setdefault(letters, _column(letters)) if at is None else at

    def _shared(self, value: str) -> str | None:
        at = int(value) if value.isdecimal() and len(value) < 10 else len(self._book.strings)
        if at >= len(self._book.strings):
            raise InputError(
                f"{self._book.package.path}: cell {self._cell.get('r')} refers to text {value}, "
                "which the workbook does not have: it is damaged. Open it and save it anew."
            )
        return self._book.strings[at]

    def _number(self, value: str) -> Shown:
        style = self._cell.get("s")
        code = self._codes.get(style)
        if code is None:
            code = self._codes.setdefault(style, _code(self._book, number(style)))
        shown = of_number(value, code, since_1904=self._book.since_1904)
        if self._formula is None or value != "0" or not self._book.recalculated or shown.flaw:
            return shown
        return Shown(f"={self._formula}", NO_RESULT)


def _other(kind: str, value: str) -> Shown:
    match kind:
        case "b":
            return Shown(str(value in TRUE).lower())
        case "e":
            return error(value)
        case "d":
            return Shown(_MIDNIGHT.sub("", value))
        case _:
            return of_text(unescaped(value))


def _code(book: Book, style: int) -> str:
    return book.formats[style] if style < len(book.formats) else GENERAL


def _column(letters: str) -> int:
    at = 0
    for letter in letters.upper():
        at = at * 26 + ord(letter) - 64
    return at - 1 if letters.isascii() and letters.isalpha() and at <= _MOST_COLUMNS else _NOWHERE

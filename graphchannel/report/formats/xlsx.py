"""A workbook: a sheet for each section, with real dates and numbers, and one about the document."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal
from typing import IO, TYPE_CHECKING, Any

from graphchannel.errors import GraphChannelError
from graphchannel.report.figures import Amounts, Figures, plain
from graphchannel.report.formats import Format

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from graphchannel.report.document import Column, Document, Section

__all__ = ["FORMAT", "write"]

_MOST_ROWS = 1_048_576  # a sheet has no more, the header included
_MOST_NAME = 31  # characters of a sheet's name
_MOST_TEXT = 32_767  # characters of a cell
_EPOCH = date(1900, 3, 1)  # spreadsheets count days reliably from here on
_MOST_EXACT = 15  # digits that a spreadsheet's number keeps
_WIDTHS = (8, 70)  # the narrowest and the widest column


def write(document: Document, stream: IO[bytes]) -> None:
    """Write a sheet for each section, the main one first; figures have a column for each name.

    Raises GraphChannelError if a section has more entries than a sheet has rows.
    """
    import xlsxwriter  # noqa: PLC0415 - only workbooks need it

    packed = io.BytesIO()  # a full disk would leave the archive open that is written to it
    book = xlsxwriter.Workbook(packed, {"in_memory": True})
    # The same document gives the same bytes: no time of writing in the file.
    book.set_properties({"created": _moment(document)})
    formats = {
        "head": book.add_format({"bold": True, "bottom": 1}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "amount": book.add_format({"num_format": "#,##0.00##"}),
    }
    main = document.main_section
    others = (section for section in document.sections if section is not main)
    for section in (main, *others):
        name = _title(section.key)[:_MOST_NAME]
        _write_section(_Worksheet(book.add_worksheet(name), formats), section)
    if document.headline:
        _write_about(_Worksheet(book.add_worksheet("About"), formats), document)
    book.close()
    stream.write(packed.getvalue())


def _moment(document: Document) -> datetime:
    day = document.facts.get("as_of")
    day = day if isinstance(day, date) and day >= _EPOCH else _EPOCH
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - the file format knows no zone


def _title(name: str) -> str:
    """Return a name as it stands above a column.

    >>> _title("subject_id")
    'Subject id'
    """
    return f"{name[:1].upper()}{name[1:]}".replace("_", " ")


def _write_section(sheet: _Worksheet, section: Section[Any]) -> None:
    """Write rows, each figure of a cell in a column of its own after the others."""
    columns = tuple(section.columns)
    named = _names(columns, section.entries)
    heads = [_title(column.head or column.name) for column in columns if column.name not in named]
    for column in columns:
        title = _title(column.head or column.name)
        heads += [f"{title} {name}" for name in named.get(column.name, ())]
    sheet.head(heads)
    for number, entry in enumerate(section.entries, 2):
        if number > _MOST_ROWS:
            raise GraphChannelError(
                f"{section.key}: more than {_MOST_ROWS - 1:,} rows do not fit a sheet; narrow the "
                "question or use --format csv."
            )
        values = {column.name: column.of(entry) for column in columns}
        row = [value for name, value in values.items() if name not in named]
        for name, figures in named.items():
            found = _figures(values[name])
            row += [found.get(figure) for figure in figures]
        sheet.row(row)
    sheet.finish()


def _names(columns: Sequence[Column[Any]], entries: Iterable[Any]) -> dict[str, list[str]]:
    """Return the names of the figures by the column that has them."""
    found: dict[str, dict[str, None]] = {}
    for entry in entries:
        for column in columns:
            value = column.of(entry)
            if isinstance(value, Figures | Amounts):
                found.setdefault(column.name, {}).update(dict.fromkeys(_figures(value)))
    return {column.name: sorted(found[column.name]) for column in columns if column.name in found}


def _figures(value: object) -> Mapping[str, object]:
    if isinstance(value, Figures):
        return value.by_name
    return value.by_currency if isinstance(value, Amounts) else {}


def _write_about(sheet: _Worksheet, document: Document) -> None:
    sheet.head(["About", "Value"])
    sheet.row([document.headline])
    for name, value in document.facts.items():
        if not isinstance(value, list | dict | tuple):
            sheet.row([_title(name), value])
    remarks = [remark for section in document.sections for remark in section.remarks]
    for remark in (*remarks, *document.remarks):
        sheet.row([remark])
    sheet.finish()


class _Worksheet:
    """A worksheet that is written row by row, each value as what it is."""

    def __init__(self, sheet: Any, formats: Mapping[str, Any]) -> None:
        self._sheet = sheet
        self._formats = formats
        self._row = 0
        self._widths: list[int] = []

    def head(self, names: Sequence[str]) -> None:
        """Write column names, and keep them in sight."""
        for place, name in enumerate(names):
            self._sheet.write_string(0, place, name, self._formats["head"])
        self._sheet.freeze_panes(1, 0)
        self._row = 1
        self._widths = [len(name) for name in names]

    def row(self, values: Iterable[object]) -> None:
        """Write a row; None leaves a cell empty."""
        for place, value in enumerate(values):
            self._write(place, value)
        self._row += 1

    def finish(self) -> None:
        """Make columns as wide as what they hold, and offer filters in the header."""
        least, most = _WIDTHS
        for place, width in enumerate(self._widths):
            self._sheet.set_column(place, place, min(max(width + 2, least), most))
        if self._widths:
            self._sheet.autofilter(0, 0, max(self._row - 1, 1), len(self._widths) - 1)

    def _write(self, place: int, value: object) -> None:
        sheet, row = self._sheet, self._row
        if value is None:
            return
        self._widths[place] = max(self._widths[place], len(str(value)))
        if isinstance(value, bool):
            sheet.write_boolean(row, place, value)
        elif isinstance(value, date) and value >= _EPOCH:
            sheet.write_datetime(row, place, value, self._formats["day"])
        elif isinstance(value, Decimal) and _fits(value):
            sheet.write_number(row, place, value, self._formats["amount"])
        elif isinstance(value, int | float) and _fits(Decimal(str(value))):
            sheet.write_number(row, place, value)
        else:
            sheet.write_string(row, place, _fitting(str(plain(value))))


def _fitting(text: str) -> str:
    """Return a text that a cell can hold; of a longer one, its beginning and how long it is."""
    if len(text) <= _MOST_TEXT:
        return text
    note = f"… [cut: {len(text):,} characters; --format csv has all]"
    return text[: _MOST_TEXT - len(note)] + note


def _fits(number: Decimal) -> bool:
    """Tell whether a spreadsheet keeps every digit of the number."""
    return number.is_finite() and len(number.normalize().as_tuple().digits) <= _MOST_EXACT


FORMAT = Format(write, endings=(".xlsx",), binary=True)

"""CSV that is safe to open in a spreadsheet: one section, the main one unless another is named."""

from __future__ import annotations

import csv
from typing import IO, TYPE_CHECKING

from graphchannel.report.figures import Amounts, json_text, plain
from graphchannel.report.formats import Format
from graphchannel.text import visible

if TYPE_CHECKING:
    from graphchannel.report.document import Document

__all__ = ["FORMAT", "safe", "write"]

# Some spreadsheets take the wide signs of East Asian texts for the plain ones.
_FORMULA = tuple("=+-@\t\r\n\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}") + tuple(
    "\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}"
)


def write(document: Document, stream: IO[str]) -> None:
    """Write a header and a row for each entry; `stream` leaves line ends alone."""
    section = document.main_section
    columns = tuple(section.columns)
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([safe(column.name) for column in columns])
    writer.writerows(
        [safe(_cell(column.of(entry))) for column in columns] for entry in section.entries
    )


def safe(value: object) -> object:
    r"""Return a text that a spreadsheet would run as a formula with an apostrophe before it.

    Line ends, which some take for the end of the row, and all else that is not seen are shown.

    >>> safe("=1+1"), safe(-5), safe("Łódź")
    ("'=1+1", -5, 'Łódź')
    >>> print(safe("one\r=1+1"))
    one\r=1+1
    """
    if not isinstance(value, str):
        return value
    shown = visible(value)
    return f"'{shown}" if value.startswith(_FORMULA) else shown


def _cell(value: object) -> object:
    """Return a value that fits one cell: amounts as text, lists and maps as JSON."""
    if isinstance(value, Amounts):
        return str(value)
    value = plain(value)
    if isinstance(value, list | dict | tuple):
        return json_text(value)
    return value


FORMAT = Format(write, endings=(".csv",))

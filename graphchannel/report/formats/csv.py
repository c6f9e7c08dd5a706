"""CSV that is safe to open in a spreadsheet: one section, the main one unless another is named."""

from __future__ import annotations

import csv
import json
from typing import IO, TYPE_CHECKING

from graphchannel.report.figures import Amounts, plain
from graphchannel.report.formats import Format

if TYPE_CHECKING:
    from graphchannel.report.document import Document

__all__ = ["FORMAT", "safe", "write"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


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
    """Return a text that a spreadsheet would run as a formula with an apostrophe before it.

    >>> safe("=1+1"), safe(-5), safe("Łódź")
    ("'=1+1", -5, 'Łódź')
    """
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def _cell(value: object) -> object:
    """Return a value that fits one cell: amounts as text, lists and maps as JSON."""
    if isinstance(value, Amounts):
        return str(value)
    value = plain(value)
    if isinstance(value, list | dict | tuple):
        return json.dumps(value, ensure_ascii=False, default=str)
    return value


FORMAT = Format(write)

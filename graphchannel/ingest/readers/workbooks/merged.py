"""Cells of a sheet that are merged downwards: what stands in the first holds for all.

Text and days are repeated; a number is not, for it may be the sum of its rows. An XLSX sheet names
such cells behind its rows, so they are looked for before these are read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphchannel.ingest.readers.workbooks.cells import Row
    from graphchannel.ingest.readers.workbooks.package import Package

FIGURES = re.compile(r"-?\d+(?:\.\d+)?")  # what a number shows that is none of days
# By row and column of the first cell, both as in a reference: the last row.
Spans = dict[tuple[int, str], int]

_MERGED = re.compile(
    rb"""<(?:\w+:)?mergeCell\b[^>]*?\bref=["']([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})["']"""
)
_LONGEST = 200  # bytes of such an element, which two pieces may part
_MOST = 1 << 18


def merged_spans(package: Package, part: str) -> Spans:
    """Return the cells of a sheet that are merged with cells below them."""
    spans: Spans = {}
    before = b""
    for piece in package.pieces(part):
        for found in _MERGED.finditer(before + piece):
            first, last = int(found[2]), int(found[3])
            if last > first and len(spans) < _MOST:
                spans[first, found[1].decode("ascii")] = last
        before = piece[-_LONGEST:]
    return spans


class Repeated:
    """What merged cells above a row say of it."""

    def __init__(self, spans: Spans | None = None) -> None:
        self._spans = spans or {}
        self._texts: dict[int, tuple[int, str]] = {}  # by position: the last row, and the text

    def note(self, row: int, letters: str, at: int, text: str) -> None:
        """Keep the text of a cell if others are merged with it."""
        last = self._spans.get((row, letters))
        if last is not None:
            self.hold(last, at, text)

    def hold(self, last: int, at: int, text: str) -> None:
        """Keep a text that holds for a column down to the row `last`."""
        self._texts[at] = (last, text)

    def fill(self, row: Row) -> Row:
        """Return a row that has what is merged into it; one without content of its own has none."""
        if not self._texts or not row.texts:
            return row
        merged = {
            at: text
            for at, (last, text) in self._texts.items()
            if row.number <= last and at not in row.texts
        }
        return row._replace(texts=row.texts | merged, merged=len(merged)) if merged else row

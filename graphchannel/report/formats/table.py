"""Tables for people, who are shown what fits their screen; a file is one of 120 columns."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Any

from graphchannel.report.figures import (
    Amounts,
    Days,
    Figures,
    json_text,
    plain,
    rounded_figures,
)
from graphchannel.report.formats import Format
from graphchannel.text import on_screen, visible

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.table import Table

    from graphchannel.report.document import Column, Document, Section

__all__ = ["FORMAT", "write"]

_WIDE = 115  # columns from which on a period stands on one line
_BETWEEN = 3  # columns that the line between two cells takes
_BREAKABLE = 12  # of a longer word a part may stand on the next line, where room is short
_RIGHT = frozenset({"number", "count"})
_STYLES: Mapping[str, str] = MappingProxyType(
    {"critical": "bold red", "high": "red", "medium": "yellow", "low": "cyan", "info": "dim"}
)


def write(document: Document, stream: IO[str]) -> None:
    """Write the headline, then each section with its sentences, then those of the document."""
    for line in (document.headline, *document.lines) if document.headline else document.lines:
        stream.write(on_screen(f"{line}\n"))
    first = True
    for section in document.sections:
        if section.printed:
            all_in = "csv" if section is document.main_section else "json"
            _write_section(section, stream, first=first, all_in=all_in)
            first = False
    remarks = list(document.remarks)
    shown = remarks[: document.remarks_shown]
    if remarks:
        stream.write("\n")
    for remark in shown:
        stream.write(on_screen(f"{remark}\n"))
    if len(shown) < len(remarks):
        stream.write(f"{len(remarks) - len(shown):,} more remarks; --format json has all.\n")


def _write_section(section: Section[Any], stream: IO[str], *, first: bool, all_in: str) -> None:
    for sentence in section.lead:
        stream.write(on_screen(f"\n{sentence}\n"))
    page = section.for_people()
    entries = list(page.entries)
    shown = entries if section.shown is None else entries[: section.shown]
    if section.title:
        stream.write(on_screen(f"\n{section.title}\n"))
    elif shown and not first:
        stream.write("\n")
    if page.text is not None:
        stream.writelines(on_screen(f"{page.text(entry)}\n") for entry in shown)
    elif shown:
        left_out = _write_table(tuple(page.columns), shown, stream)
        if left_out:
            names = ", ".join(left_out)
            stream.write(f"Left out for want of room: {names}; --format {all_in} has all.\n")
    if not shown and section.empty:
        stream.write(on_screen(f"{section.empty}\n"))
    left = len(entries) - len(shown) + section.further
    if left and section.more != "":
        more = section.more or f"--format {all_in} lists all."
        before = "\n" if page.text is not None else ""
        stream.write(f"{before}{left:,} more; {more}\n")
    for remark in section.remarks:
        stream.write(on_screen(f"{remark}\n"))


@dataclass(frozen=True, slots=True)
class _FittedColumn:
    """A column with what stands in its cells.

    `whole` cells stand on one line, of `figures` each word does; other long words may be broken.
    """

    column: Column[Any]
    head: str
    texts: Sequence[str]
    whole: bool
    figures: bool

    @property
    def room(self) -> int:
        """How many columns of the screen it needs at least."""
        return max([self._room_of_texts, *(len(word) for word in self.head.split())])

    @property
    def _room_of_texts(self) -> int:
        if self.whole:
            lines = [line for text in self.texts for line in text.split("\n")]
            return max(map(len, lines), default=0)
        longest = max((len(word) for text in self.texts for word in text.split()), default=0)
        return longest if self.figures else min(longest, _BREAKABLE)

    def with_figures_below_each_other(self) -> _FittedColumn:
        """Return it so that several figures leave their room to the sentence beside them."""
        if not self.figures:
            return self
        return replace(self, texts=[text.replace("; ", ";\n") for text in self.texts])

    def with_folded_head(self) -> _FittedColumn:
        """Return it with its head on as many lines as it takes, broken after underscores."""
        parts = re.findall(r"[^_]*_|[^_]+", self.head)
        width = max([self._room_of_texts, *map(len, parts)])
        lines = [""]
        for part in parts:
            if len(lines[-1]) + len(part) > width:
                lines.append("")
            lines[-1] += part
        return replace(self, head="\n".join(lines))


def _write_table(
    columns: Sequence[Column[Any]], entries: Sequence[Any], stream: IO[str]
) -> list[str]:
    """Write a table that fits the screen; return the names of columns that had no room."""
    from graphchannel.report.formats._console import console_for  # noqa: PLC0415 - imports rich

    console = console_for(stream)
    all_cells = [
        _cells(number, column, entries, console.width) for number, column in enumerate(columns)
    ]
    if any(column.kind == "lines" for column in columns):
        all_cells = [one.with_figures_below_each_other() for one in all_cells]
    kept = _fitting(all_cells, console.width)
    console.print(_table(kept))
    shown = {cells.column.name for cells in kept}
    return [cells.head for cells in all_cells if cells.column.name not in shown]


def _cells(number: int, column: Column[Any], entries: Sequence[Any], width: int) -> _FittedColumn:
    values = [column.of(entry) for entry in entries]
    texts = [_shown(value, column, width) for value in values]
    return _FittedColumn(
        column,
        visible(column.head or column.name),
        texts,
        # A figure that is cut is a wrong figure, an id in two parts cannot be copied.
        figures=any(isinstance(value, Amounts | Figures) for value in values),
        whole=column.kind in ("number", "count", "severity", "id")
        or any(isinstance(value, Days) for value in values)
        or (not number and all(len(text) <= width // 2 and _is_word(text) for text in texts)),
    )


def _is_word(text: str) -> bool:
    return not re.search(r"\s", text)


def _fitting(cells: Sequence[_FittedColumn], width: int) -> list[_FittedColumn]:
    """Return the columns that fit, in the way that costs least.

    Where they do not, heads are broken first; then spare columns go, from the last one on, one by
    one; then ids are broken; then other columns go.
    """
    kept = list(cells)
    if _room(kept) > width:
        kept = [one.with_folded_head() for one in kept]
    for number in reversed(range(len(kept))):
        if _room(kept) > width and kept[number].column.spare:
            del kept[number]
    if _room(kept) > width:
        kept = [
            replace(one, whole=False) if _is_long(one, width, first=not number) else one
            for number, one in enumerate(kept)
        ]
    while _room(kept) > width and len(kept) > 1:
        del kept[-1]
    return kept


def _is_long(cells: _FittedColumn, width: int, *, first: bool) -> bool:
    """Whether cells are words that may be broken; the first names a row, and is if it is long."""
    return cells.column.kind in ("id", "text") and (not first or cells.room > width // 4)


def _room(cells: Sequence[_FittedColumn]) -> int:
    return sum(one.room for one in cells) + _BETWEEN * (len(cells) - 1)


def _table(cells: Sequence[_FittedColumn]) -> Table:
    from rich.table import Table  # noqa: PLC0415 - only tables need rich
    from rich.text import Text  # noqa: PLC0415 - with it

    table = Table(show_edge=False, pad_edge=False)
    for one in cells:
        table.add_column(
            Text(one.head),
            justify="right" if one.column.kind in _RIGHT else "left",
            overflow="fold",
            no_wrap=one.whole,
            min_width=one.room,
        )
    styles = [one.column.kind == "severity" for one in cells]
    for row in zip(*(one.texts for one in cells), strict=True):
        table.add_row(
            *(
                Text(text, _STYLES.get(text, "") if styled else "")
                for text, styled in zip(row, styles, strict=True)
            )
        )
    return table


def _shown(value: object, column: Column[Any], width: int) -> str:
    """Return a value for people: figures by name as `3 gold; 12,346 EUR`, none as nothing."""
    if value is None:
        return ""
    if isinstance(value, Figures):
        return visible(rounded_figures(value))
    if isinstance(value, Amounts):
        return visible(str(value))
    if isinstance(value, Days):
        return str(value) if width >= _WIDE else str(value).replace(" to ", " to\n")
    if column.kind == "count" and isinstance(value, int):
        return f"{value:,}"
    value = plain(value)
    if isinstance(value, list | dict | tuple):
        return json_text(value)
    return on_screen(str(value)) if column.kind == "lines" else visible(str(value))


FORMAT = Format(write, endings=(".txt",))

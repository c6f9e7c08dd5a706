"""Documents and their tables as what a template prints: texts, and of which kind each is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from graphchannel.report.figures import Amounts, Days, Figures, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from graphchannel.report.document import Column, Document, Section

__all__ = [
    "CellView",
    "ChartView",
    "HeadView",
    "SectionView",
    "TableView",
    "Tally",
    "table_view",
    "tables_of",
]

_MOST = 100  # rows of a table; how many more there are, a sentence below it says
_RIGHT = ("number", "count")


@dataclass(frozen=True, slots=True)
class HeadView:
    """The head of a column, and whether its cells stand to the right."""

    name: str
    right: bool = False


@dataclass(frozen=True, slots=True)
class CellView:
    """A cell: its text, its kind for the style, and where it leads.

    `parts` are what stands below each other, such as amounts by currency.
    """

    text: str
    kind: str = ""
    link: str = ""
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableView:
    """A table with sentences above and below it."""

    title: str
    heads: tuple[HeadView, ...]
    rows: tuple[tuple[CellView, ...], ...]
    lead: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """A figure under its name, with notes; `severity` gives it its colour."""

    name: str
    figure: str
    notes: tuple[str, ...] = ()
    severity: str = ""


@dataclass(frozen=True, slots=True)
class ChartView:
    """A picture as an address that holds it, and what it says in words."""

    source: str
    text: str


@dataclass(frozen=True, slots=True)
class SectionView:
    """A part of a report: sentences, figures, pictures, tables."""

    key: str
    title: str
    lead: tuple[str, ...] = ()
    tallies: tuple[Tally, ...] = ()
    charts: tuple[ChartView, ...] = ()
    tables: tuple[TableView, ...] = ()
    remarks: tuple[str, ...] = ()


def table_view(
    section: Section[Any], link: Callable[[str, object], str] | None = None
) -> TableView:
    """Return a section as people see it; `link` says by column and value where a cell leads."""
    page = section.for_people()
    columns = tuple(page.columns)
    entries = list(page.entries)
    most = min(section.shown or _MOST, _MOST)
    left = len(entries) - len(entries[:most]) + section.further
    remarks = [*section.remarks]
    if left:
        remarks.insert(0, f"{left:,} more rows are left out here.")
    return TableView(
        title=section.title,
        heads=tuple(HeadView(_title(c.head or c.name), c.kind in _RIGHT) for c in columns),
        rows=tuple(
            tuple(_cell(column, entry, link) for column in columns) for entry in entries[:most]
        ),
        lead=tuple(section.lead),
        remarks=tuple(remarks),
        empty="none",
    )


def tables_of(document: Document, keys: Iterable[str] = ()) -> tuple[TableView, ...]:
    """Return the tables of a document, those of some keys or all."""
    wanted = set(keys)
    return tuple(
        table_view(section)
        for section in document.sections
        if section.printed and (not wanted or section.key in wanted)
    )


def _title(name: str) -> str:
    return f"{name[:1].upper()}{name[1:]}".replace("_", " ")


def _cell(
    column: Column[Any], entry: object, link: Callable[[str, object], str] | None
) -> CellView:
    value = column.of(entry)
    text = text_of(value, thousands=column.kind in _RIGHT)
    kind: str = "right" if column.kind in _RIGHT else column.kind
    if kind == "text" and isinstance(value, Days | date):
        kind = "day"
    if isinstance(value, Figures | Amounts):
        return CellView(text, f"{kind} stack", parts=tuple(text.split("; ")))
    kind = "level" if kind == "severity" else kind
    return CellView(text, kind, link(column.name, value) if link else "")

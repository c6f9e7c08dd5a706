"""A result of several tables, such as coverage by region and its white space.

As a table each section has its title and its sentences; JSON is one object with the facts and a
list of objects for each section; CSV is one section, the first unless another is named.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from graphchannel.report.figures import plain
from graphchannel.report.rows import write_result

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Document", "Section", "write_document"]


@dataclass(frozen=True, slots=True)
class Section:
    """One table: `key` names it in JSON, `title` heads it, `remarks` are sentences below it.

    `shown` cuts the table for people to so many rows, and says so; None shows all. `details` are
    columns that it leaves out for want of room.
    """

    key: str
    title: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[object]]
    remarks: tuple[str, ...] = ()
    shown: int | None = None
    details: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Document:
    """What a command has to say: a headline, facts by name, sections, closing sentences."""

    headline: str
    facts: Mapping[str, object]
    sections: tuple[Section, ...]
    remarks: tuple[str, ...] = ()


def write_document(document: Document, stream: TextIO, format_: str) -> None:
    """Write a document as `table`, `json` or `csv`."""
    if format_ == "json":
        _write_json(document, stream)
    elif format_ == "csv":
        section = document.sections[0]
        write_result(section.columns, section.rows, stream, "csv")
    else:
        _write_tables(document, stream)


def _write_json(document: Document, stream: TextIO) -> None:
    content: dict[str, object] = {name: plain(value) for name, value in document.facts.items()}
    for section in document.sections:
        content[section.key] = [
            dict(zip(section.columns, map(plain, row), strict=True)) for row in section.rows
        ]
    named = [*document.facts, *(section.key for section in document.sections)]
    if len(set(named)) < len(named):
        message = f"a fact and a section, or two, have the same name: {', '.join(named)}"
        raise ValueError(message)
    content["remarks"] = [
        *(remark for section in document.sections for remark in section.remarks),
        *document.remarks,
    ]
    json.dump(content, stream, ensure_ascii=False, indent=2, default=str)
    stream.write("\n")


def _write_tables(document: Document, stream: TextIO) -> None:
    stream.write(f"{document.headline}\n")
    for number, section in enumerate(document.sections):
        stream.write(f"\n{section.title}\n")
        rows = section.rows if section.shown is None else section.rows[: section.shown]
        if rows:
            kept = [n for n, name in enumerate(section.columns) if name not in section.details]
            columns = [section.columns[n] for n in kept]
            write_result(columns, [[row[n] for n in kept] for row in rows], stream, "table")
        else:
            stream.write("  none\n")
        if len(rows) < len(section.rows):
            left, format_ = len(section.rows) - len(rows), "json" if number else "csv"
            stream.write(f"{left:,} more; --format {format_} lists all.\n")
        for remark in section.remarks:
            stream.write(f"{remark}\n")
    if document.remarks:
        stream.write("\n")
    for remark in document.remarks:
        stream.write(f"{remark}\n")

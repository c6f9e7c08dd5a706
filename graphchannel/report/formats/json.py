"""JSON: everything, in one order, the same bytes for the same document.

Entries are written as they are read, so that many need little memory.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from graphchannel.report.figures import json_text, plain
from graphchannel.report.formats import Format

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphchannel.report.document import Document, Section

__all__ = ["FORMAT", "write"]


def write(document: Document, stream: IO[str]) -> None:
    """Write an object of facts, sections and remarks; of a listing, the list of its entries."""
    if document.listing:
        _write_list(document.sections[0], stream, depth=0)
        stream.write("\n")
        return
    before = "{\n"
    for name, value in _members(document):
        stream.write(f"{before}  {_text(name)}: ")
        if isinstance(value, _SectionEntries):
            _write_list(value.section, stream, depth=2)
        else:
            stream.write(_indented(value, 2))
        before = ",\n"
    stream.write("\n}\n")


class _SectionEntries:
    """The entries of a section, in place of a value."""

    def __init__(self, section: Section[Any]) -> None:
        self.section = section


def _members(document: Document) -> Iterator[tuple[str, object]]:
    """Yield names and values; ValueError if two have the same name."""
    sections = {section.key: section for section in document.sections}
    names = document.members
    if names is None:
        names = (*document.facts, *(section.key for section in document.sections), "remarks")
        if len(set(names)) < len(names):
            message = f"a fact and a section, or two, have the same name: {', '.join(names)}"
            raise ValueError(message)
    for name in names:
        if name in document.facts:
            yield name, plain(document.facts[name])
        elif name in sections:
            yield name, _SectionEntries(sections[name])
        else:
            remarks = [remark for section in document.sections for remark in section.remarks]
            yield name, [*remarks, *document.remarks]


def _write_list(section: Section[Any], stream: IO[str], *, depth: int) -> None:
    columns = tuple(section.columns)
    between = "[\n"
    for entry in section.entries:
        value: Mapping[str, object]
        if section.nested is not None:
            value = section.nested(entry)
        else:
            value = {column.name: plain(column.of(entry)) for column in columns}
        stream.write(f"{between}{' ' * (depth + 2)}{_indented(value, depth + 2)}")
        between = ",\n"
    stream.write("[]" if between == "[\n" else f"\n{' ' * depth}]")


def _indented(value: object, depth: int) -> str:
    return _text(value).replace("\n", "\n" + " " * depth)


def _text(value: object) -> str:
    return json_text(value, indent=2)


FORMAT = Format(write, endings=(".json",))

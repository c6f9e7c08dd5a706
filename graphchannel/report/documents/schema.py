"""The data model as a document: everything in one list, or what there is to know of one name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.report.document import Column, Document, Section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphchannel.schema.describe import Entry, Field

__all__ = ["entry_document", "schema_document"]

_ENTRIES: tuple[Column[Entry], ...] = (
    Column("kind", lambda entry: entry.kind),
    Column("name", lambda entry: entry.name),
    Column("pattern", lambda entry: entry.pattern),
    Column("meaning", lambda entry: entry.summary),
)
_FIELDS: tuple[Column[Field], ...] = (
    Column("name", lambda field: field.name),
    Column("type", lambda field: field.type),
    Column("always", lambda field: "yes" if field.required else ""),
    Column("allowed", lambda field: field.allowed),
    Column("meaning", lambda field: field.remark),
)


def schema_document(entries: Sequence[Entry]) -> Document:
    """Return the list of all tables, labels and relationship types."""
    return Document(
        headline="The canonical tables, and the graph that rules see.",
        facts={},
        sections=(Section("entries", "Data model", _ENTRIES, entries),),
        remarks=("'graphchannel schema NAME' lists the columns or properties of one.",),
    )


def entry_document(entries: Sequence[Entry]) -> Document:
    """Return what one name stands for, with its columns or properties.

    Several entries of one name have the same properties.
    """
    fields = list(dict.fromkeys(field for entry in entries for field in entry.fields))
    title = "Columns" if entries[0].kind == "table" else "Properties"
    said = [f"{entry.pattern or entry.name}\n  {entry.meaning}" for entry in entries]
    return Document(
        headline="\n".join(said),
        facts={
            "kind": entries[0].kind,
            "name": entries[0].name,
            "patterns": [entry.pattern for entry in entries if entry.pattern],
            "meanings": [entry.meaning for entry in entries],
        },
        sections=(Section("fields", title, _FIELDS, fields, ("always: never empty.",)),),
    )

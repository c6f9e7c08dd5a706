"""The data model as a document: everything in one list, or what there is to know of one name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.report.sections import Document, Section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphchannel.schema.describe import Entry

__all__ = ["entry_document", "schema_document"]


def schema_document(entries: Sequence[Entry]) -> Document:
    """Return the list of all tables, labels and relationship types."""
    rows = [(entry.kind, entry.name, entry.pattern, entry.summary) for entry in entries]
    return Document(
        headline="The canonical tables, and the graph that rules see.",
        facts={},
        sections=(Section("entries", "Data model", ("kind", "name", "pattern", "meaning"), rows),),
        remarks=("'graphchannel schema NAME' lists the columns or properties of one.",),
    )


def entry_document(entries: Sequence[Entry]) -> Document:
    """Return what one name stands for, with its columns or properties.

    Several entries of one name have the same properties.
    """
    fields = dict.fromkeys(field for entry in entries for field in entry.fields)
    rows = [
        (field.name, field.type, "yes" if field.required else "", field.allowed, field.remark)
        for field in fields
    ]
    columns = ("name", "type", "always", "allowed", "meaning")
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
        sections=(Section("fields", title, columns, rows, ("always: never empty.",)),),
    )

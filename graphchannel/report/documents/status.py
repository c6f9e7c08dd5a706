"""What a workspace holds, as a document."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from graphchannel.report.document import Column, Document, Section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphchannel.ingest.contents import Status, TableStatus

__all__ = ["status_document"]

_TABLES: tuple[Column[TableStatus], ...] = (
    Column("table", lambda table: table.table),
    Column("rows", lambda table: table.rows, "count"),
    Column("history", lambda table: table.history, "count", "earlier versions"),
    Column("rejects", lambda table: table.rejects, "count", "open rejects"),
)


def status_document(status: Status) -> Document:
    """Tell rows, earlier versions and open rejects of each table, days, and the last load."""
    last = status.last_load
    return Document(
        headline="",
        facts={
            "first": status.first,
            "last": status.last,
            "last_load": None if last is None else dataclasses.asdict(last),
        },
        sections=(Section("tables", "", _TABLES, status.tables, tuple(_sentences(status))),),
        members=("tables", "first", "last", "last_load"),
    )


def _sentences(status: Status) -> Iterator[str]:
    if status.first is not None:
        yield f"Lines from {status.first} to {status.last}."
    last = status.last_load
    if last is None:
        yield "Nothing is loaded yet."
    else:
        about = f" of {last.about}" if last.about else ""
        yield f"Last change: {last.load}, {last.kind}{about}, {last.finished_at} UTC."

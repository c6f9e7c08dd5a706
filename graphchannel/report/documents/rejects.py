"""Rows that were not accepted, as a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.report.document import Column, Document, Section, listing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphchannel.ingest import Reject, RejectReason

__all__ = ["reasons_document", "rejects_document"]

_REJECTS: tuple[Column[Reject], ...] = (
    Column("id", lambda reject: reject.id, "number"),
    Column("load", lambda reject: reject.load, "number"),
    Column("file", lambda reject: reject.file),
    Column("record", lambda reject: reject.record, "count"),
    Column("table", lambda reject: reject.table),
    Column("column", lambda reject: reject.column),
    Column("code", lambda reject: reject.code),
    Column("reason", lambda reject: reject.reason),
    Column("raw", lambda reject: reject.raw, detail=True),
)


def rejects_document(rejects: Sequence[Reject], total: int) -> Document:
    """List rejects, and say how many of the `total` are shown."""
    said = f"{len(rejects):,} of {total:,} open rejects are shown."
    return listing(Section("rejects", "", _REJECTS, rejects, (said,)))


_REASONS: tuple[Column[RejectReason], ...] = (
    Column("count", lambda reason: reason.count, "count"),
    Column("files", lambda reason: reason.files, "count"),
    Column("table", lambda reason: reason.table),
    Column("column", lambda reason: reason.column),
    Column("code", lambda reason: reason.code),
    Column("reason", lambda reason: reason.reason),
)


def reasons_document(reasons: Sequence[RejectReason], top: int, total: int) -> Document:
    """List the reasons with how many rejects each has; people see the first `top`."""
    shown = sum(reason.count for reason in reasons[:top])
    said = f"{shown:,} of {total:,} open rejects are shown."
    return listing(Section("reasons", "", _REASONS, reasons, (said,), shown=top, more=""))

"""Likely duplicates as a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.report.document import Column, Document, Section, listing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphchannel.ingest.repeated import Duplicate

__all__ = ["duplicates_document"]

_COLUMNS: tuple[Column[Duplicate], ...] = (
    Column("line", lambda line: line.id),
    Column("stands_for", lambda line: line.stands_for),
    Column("seller", lambda line: line.seller),
    Column("buyer", lambda line: line.buyer),
    Column("product", lambda line: line.product),
    Column("day", lambda line: str(line.day)),
    Column("quantity", lambda line: line.quantity, "count"),
    Column("document", lambda line: line.document),
    Column("agrees_in", lambda line: line.agrees_in),
)


def duplicates_document(found: Sequence[Duplicate]) -> Document:
    """List the lines that say what another says."""
    return listing(Section("duplicates", "", _COLUMNS, found))

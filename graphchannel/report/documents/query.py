"""The rows of a query as a document."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from graphchannel.report.document import Column, Document, Section, listing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graphchannel.channel.results import QueryRows

    Row = Sequence[object]

__all__ = ["query_document"]


def query_document(rows: QueryRows) -> Document:
    """List the rows; a column is one of numbers if all its values are, or are null."""
    table = rows.table
    values = [column.to_pylist() for column in table.columns]
    columns = [
        Column(name, _at(place), "number" if _are_numbers(values[place]) else "text")
        for place, name in enumerate(table.column_names)
    ]
    return listing(Section("rows", "", columns, list(zip(*values, strict=True))))


def _at(place: int) -> Callable[[Row], object]:
    return lambda row: row[place]


def _are_numbers(values: Sequence[object]) -> bool:
    return all(isinstance(value, int | float | Decimal | None) for value in values)

"""Properties of the graph: what a column of a canonical table is called and means there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.schema.derived import DERIVED
from graphchannel.schema.model import Kind, Property

if TYPE_CHECKING:
    from graphchannel.schema.model import Table, TableColumn

__all__ = ["Properties", "derived", "of", "own", "some_of"]

Properties = dict[str, Property]


def of(table: Table, *names: str) -> Properties:
    """Describe columns of a canonical table; an interval is stored closed, so it has no null."""
    closed = table.interval or ()
    columns = (table.column(name) for name in names)
    return {
        column.name: _property(
            column,
            always=column.required or column.name in closed,
            unique=table.key == (column.name,),
        )
        for column in columns
    }


def some_of(table: Table, *names: str) -> Properties:
    """Describe columns that only some of the nodes can have."""
    return {name: _property(table.column(name), always=False) for name in names}


def derived(*names: str) -> Properties:
    """Describe what loading derives for a shipment line."""
    known = {column.name: column for column in DERIVED}
    return {name: _property(known[name], always=known[name].required) for name in names}


def own(name: str, kind: Kind, doc: str, *, nullable: bool = False) -> Properties:
    """Describe a property that no table has a column for."""
    return {name: Property(name, kind, nullable=nullable, doc=doc)}


def _property(column: TableColumn, *, always: bool, unique: bool = False) -> Property:
    decimal = column.kind is Kind.DECIMAL
    return Property(
        column.name,
        Kind.FLOAT if decimal else column.kind,
        nullable=not always,
        doc=column.doc,
        unique=unique,
        decimal=decimal,
    )

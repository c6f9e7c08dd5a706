"""The data model in words: what people read of the schema, as a page, a guide and on the screen.

Three kinds of things are described: canonical tables, labels and relationship types.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from graphchannel.errors import InputError, did_you_mean
from graphchannel.schema.derived import DERIVED
from graphchannel.schema.graph import CHANNEL
from graphchannel.schema.model import Kind
from graphchannel.schema.tables import TABLES
from graphchannel.schema.tables import table as table_called

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from graphchannel.schema.model import (
        EdgeTable,
        Endpoint,
        NodeTable,
        Property,
        Table,
        TableColumn,
    )

__all__ = ["Entry", "Field", "entries", "entries_called", "table_entry"]

EntryKind = Literal["table", "label", "relationship"]

_TYPES = {
    Kind.STRING: "text",
    Kind.INTEGER: "whole number",
    Kind.FLOAT: "number",
    Kind.DECIMAL: "number, at most four decimals",
    Kind.BOOLEAN: "true or false",
    Kind.DATE: "day, 2014-03-31",
}
_VOCABULARIES = {
    "roles": "a role of the policy, or certified_end_user",
    "countries": "a country of ISO 3166-1, two capital letters",
    "currencies": "a currency of ISO 4217, three capital letters",
}
_PATTERNS = {
    r"[^*].*|\*.+": "not *",
}


@dataclass(frozen=True, slots=True)
class Field:
    """A column or property. `required` ones are never empty; `derived` ones no source delivers.

    `of` names the labels whose nodes can have the property where not all of the entry's can.
    """

    name: str
    type: str
    required: bool
    allowed: str
    meaning: str
    derived: bool = False
    of: tuple[str, ...] = ()

    @property
    def remark(self) -> str:
        """The meaning, and what else there is to know of it."""
        remarks = [", ".join(self.of)] if self.of else []
        if self.derived:
            remarks.append("derived")
        return f"{self.meaning} ({'; '.join(remarks)})" if remarks else self.meaning


@dataclass(frozen=True, slots=True)
class Entry:
    """A table, label or relationship type.

    `pattern` is how Cypher writes it (empty for a table), `meaning` whole sentences.
    """

    kind: EntryKind
    name: str
    pattern: str
    meaning: str
    fields: tuple[Field, ...]

    @property
    def summary(self) -> str:
        """The first sentence of the meaning."""
        return self.meaning.partition(". ")[0].removesuffix(".") + "."


def entries() -> tuple[Entry, ...]:
    """Return everything: tables in an order that suits loading them, labels, relationships."""
    return (*map(table_entry, TABLES), *_labels(), *_relationships())


def entries_called(name: str) -> tuple[Entry, ...]:
    """Return what has a name, in any case: several where one type joins several labels.

    Raises InputError if there is none.
    """
    every = entries()
    found = tuple(entry for entry in every if entry.name.casefold() == name.casefold())
    if not found:
        known = [entry.name for entry in every]
        raise InputError(
            f"'{name}' is no table, label or relationship type.{did_you_mean(name, known)} "
            "'graphchannel schema' lists them."
        )
    return found


def table_entry(table: Table) -> Entry:
    """Describe a canonical table with the columns that sources deliver, and what is derived."""
    fields = [_column(column) for column in table.columns]
    if table.name == "shipments":
        fields += [_column(column, derived=True) for column in DERIVED]
    return Entry("table", table.name, "", _table_meaning(table), tuple(fields))


def _table_meaning(table: Table) -> str:
    sentences = [f"{_capital(table.doc)}. Key: {', '.join(table.key)}."]
    if table.interval:
        sentences.append("{1} may not be before {0}.".format(*table.interval))
    if table.any_of:
        sentences.append(f"At least one of {' and '.join(table.any_of)} is filled.")
    if table.one_of:
        sentences.append(f"Exactly one of {' and '.join(table.one_of)} is filled.")
    if table.needs:
        sentences.append("Where {} is filled, {} is.".format(*table.needs))
    if table.differ:
        sentences.append("{} and {} differ.".format(*table.differ))
    if table.hierarchy:
        sentences.append(f"{table.hierarchy} may not lead back to the row itself.")
    return " ".join(sentences)


def _column(column: TableColumn, *, derived: bool = False) -> Field:
    return Field(
        column.name, _TYPES[column.kind], column.required, _allowed(column), column.doc, derived
    )


def _allowed(column: TableColumn) -> str:
    if column.choices:
        return ", ".join(column.choices)
    if column.vocabulary:
        return _VOCABULARIES[column.vocabulary]
    if column.references:
        return f"an id of {', '.join(column.references)}"
    if column.pattern:
        return _PATTERNS.get(column.pattern, column.pattern)
    bounds = (("from", column.minimum), ("to", column.maximum))
    return " ".join(f"{word} {value:g}" for word, value in bounds if value is not None)


def _labels() -> Iterator[Entry]:
    for node in CHANNEL.nodes:
        for label in node.labels:
            meaning = f"{_capital(node.docs.get(label, ''))}.{_held(node.tables.get(label))}"
            fields = tuple(_node_fields(node, label))
            yield Entry("label", label, f"(:{label})", meaning, fields)


def _node_fields(node: NodeTable, label: str) -> Iterator[Field]:
    """Describe the properties that nodes with a label can have."""
    of_label = {name: _columns(table) for name, table in node.tables.items()}
    everywhere = node.labels[label] is None
    for name, prop in node.properties.items():
        carriers = tuple(each for each, columns in of_label.items() if name in columns)
        if everywhere or label in carriers:
            some = everywhere and len(carriers) < len(of_label)
            # The graph has an id more than the tables, `*`.
            held = () if name == node.key else node.tables.values()
            yield _field(name, prop, held, of=carriers if some else ())


def _columns(name: str) -> tuple[str, ...]:
    return table_called(name).column_names


def _relationships() -> Iterator[Entry]:
    for edge in CHANNEL.edges:
        meaning = f"{_capital(edge.doc)}.{_held(edge.table)}"
        # A unit on a line repeats the line's values.
        tables = [edge.table, "shipments"] if edge.table == "serials" else [edge.table]
        held = [table for table in tables if table]
        fields = tuple(_field(name, prop, held) for name, prop in edge.properties.items())
        yield Entry("relationship", edge.type, _pattern(edge), meaning, fields)


def _pattern(edge: EdgeTable) -> str:
    return f"(:{_end(edge.source)})-[:{edge.type}]->(:{_end(edge.target)})"


def _end(end: Endpoint) -> str:
    """Return the narrowest label that every node at the end carries."""
    always = [label for label, condition in end.labels.items() if condition is None]
    return always[-1]


def _field(name: str, prop: Property, tables: Iterable[str], *, of: tuple[str, ...] = ()) -> Field:
    """Describe a property; what is allowed is what the column of one of the tables allows."""
    held = [column for table in tables for column in _with_derived(table)]
    allowed = next((_allowed(column) for column in held if column.name == name), "")
    return Field(name, _TYPES[prop.kind], not prop.nullable, allowed, prop.doc, of=of)


def _with_derived(name: str) -> tuple[TableColumn, ...]:
    return table_called(name).columns + (DERIVED if name == "shipments" else ())


def _held(table: str | None) -> str:
    return f" A row of {table}." if table else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

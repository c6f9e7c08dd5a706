"""The vocabulary of schemas: canonical tables, and property graphs laid over SQL tables.

Two independent things are described with these values:

* a **canonical table** (`Table`, `TableColumn`): what sources must deliver and the workspace keeps;
* a **graph schema** (`GraphSchema`): how labels and relationship types map to SQL relations. It is
  all that the Cypher compiler knows about data; any graph can be described, not only the channel.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Kind(Enum):
    """The type of a column, property or scalar expression."""

    STRING = "string"
    INTEGER = "integer"
    FLOAT = "float"
    DECIMAL = "decimal"  # canonical tables only: the graph shows decimals as floats
    BOOLEAN = "boolean"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column of a canonical table.

    `references` names the tables in one of which a non-null value must occur as `id`.
    `choices` lists the allowed values, `vocabulary` the policy's list of them (`roles`: the roles
    of the policy and `certified_end_user`), `countries`, those of ISO 3166-1, or `currencies`,
    those of ISO 4217.
    `minimum`/`maximum` bound numbers, both ends included; `pattern` is a regular expression for the
    whole value. `below` says more of a number that is less than the minimum. An `identifier` is
    text that names a thing, to be compared and never to be read as a number.
    """

    name: str
    kind: Kind
    doc: str
    required: bool = False
    references: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    vocabulary: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    below: str = ""
    pattern: str | None = None
    identifier: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One canonical table: its columns, and the key that makes two rows the same fact.

    Empty key parts compare equal. `interval` names start and end columns: both ends are included
    and stored closed (empty start 0001-01-01, empty end 9999-12-31). `any_of` lists columns of
    which at least one is filled, `one_of` columns of which exactly one is, `differ` two columns
    that may not be equal. Of `needs` the first is not filled without the second. `hierarchy` is a
    column that points to the same table's key without cycle.
    `settled` are columns that make a row the event that it is: a later row under its key that says
    something else there is another event rather than a correction, and is held for review.
    `settled_day` names a date of which the same is true of more than so many days.
    """

    name: str
    doc: str
    key: tuple[str, ...]
    columns: tuple[TableColumn, ...]
    interval: tuple[str, str] | None = None
    any_of: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    differ: tuple[str, str] | None = None
    needs: tuple[str, str] | None = None
    hierarchy: str | None = None
    settled: tuple[str, ...] = ()
    settled_day: tuple[str, int] | None = None

    def column(self, name: str) -> TableColumn:
        """Return the column called `name`; raise KeyError if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def days(self) -> tuple[str, ...]:
        """The date that is a part of the event, if there is one."""
        return () if self.settled_day is None else self.settled_day[:1]

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of all columns, in declared order."""
        return tuple(column.name for column in self.columns)


@dataclass(frozen=True, slots=True)
class Filter:
    """Rows of a SQL relation whose `column` is one of `values` (none of them, if `negated`).

    The column is never null.
    """

    column: str
    values: tuple[str | bool, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Property:
    """A node or relationship property: the SQL column that holds it and its type.

    `list_of` is true for a property holding a list of `kind`. `nullable` is false only where the
    column can hold no null. `doc` is its meaning, one phrase. `unique`: no two nodes, or
    relationships, have the same value. `decimal`: the column holds decimals, so the
    float is never -0.0 or NaN.
    """

    column: str
    kind: Kind
    nullable: bool = True
    list_of: bool = False
    doc: str = ""
    unique: bool = False
    decimal: bool = False


@dataclass(frozen=True, slots=True)
class NodeTable:
    """A SQL relation, one row per node.

    `relation` is the SQL name (`graph.party`), `key` the column that identifies a node within it.
    `labels` maps each label to the rows that carry it: `None` for all rows, else a filter. `docs`
    says what each label means, `tables` which canonical table holds a label's nodes, one per row.
    """

    name: str
    relation: str
    key: str
    properties: Mapping[str, Property]
    labels: Mapping[str, Filter | None]
    key_kind: Kind = Kind.STRING
    docs: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    tables: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One end of a relationship: the foreign-key column, and the node table that it points into.

    Every value of `column` exists as a key of the node table, and none is null. `labels` says what
    the relationship's own row tells about the node's labels (`None`: always carried; a filter:
    carried by the rows that pass it). Any other label is decided by joining the node table.
    """

    column: str
    node: str
    labels: Mapping[str, Filter | None] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class EdgeTable:
    """A SQL relation (or the part that passes `where`), one row per relationship of one type.

    `key` identifies a relationship among all tables of the same type; several may share a type.
    `doc` is what one says, `table` the canonical table that holds the relationships, one per row:
    its columns are the ends' columns and the properties.
    """

    type: str
    relation: str
    key: str
    source: Endpoint
    target: Endpoint
    properties: Mapping[str, Property]
    where: tuple[Filter, ...] = ()
    key_kind: Kind = Kind.STRING
    doc: str = ""
    table: str | None = None


@dataclass(frozen=True, slots=True)
class GraphSchema:
    """A property graph over SQL relations: all that the compiler knows about the data."""

    nodes: tuple[NodeTable, ...]
    edges: tuple[EdgeTable, ...]

    def node(self, name: str) -> NodeTable:
        """Return the node table called `name`; raise KeyError if there is none."""
        for table in self.nodes:
            if table.name == name:
                return table
        raise KeyError(name)

    @property
    def labels(self) -> frozenset[str]:
        """All labels of the graph."""
        return frozenset(label for table in self.nodes for label in table.labels)

    @property
    def types(self) -> frozenset[str]:
        """All relationship types of the graph."""
        return frozenset(table.type for table in self.edges)

"""Putting a query to the compiler and an engine, and reading the answer back as graph values."""

from __future__ import annotations

import datetime as dt
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import duckdb
import pyarrow as pa

from graphchannel.compiler import compile as compile_cypher
from graphchannel.compiler import types
from tests.compiler.reference.graph import Duration, Path

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphchannel.compiler import Compiled
    from graphchannel.schema.model import GraphSchema
    from tests.compiler.reference.graph import Graph, Value


SCALARS = {
    "VARCHAR": pa.string(),
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
}
ARROW_TYPES = {**SCALARS, **{f"{name}[]": pa.list_(kind) for name, kind in SCALARS.items()}}


@dataclass(frozen=True, slots=True)
class SqlTable:
    """A table to be made: column names with SQL types, and its rows."""

    name: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A graph schema and the tables that it describes.

    `keys_are_ids`: the keys of nodes and relationships are their ids in the graph, so that answers
    can be read back as entities. Else keys are unique in a table only, and answers hold keys.
    """

    schema: GraphSchema
    tables: tuple[SqlTable, ...]
    keys_are_ids: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """TableColumn names and rows."""

    columns: tuple[str, ...]
    rows: list[tuple[Value, ...]]


Dialect = Literal["duckdb", "spark"]


class Engine(ABC):
    """What holds a layout at a time, and runs what is compiled for its dialect.

    `raises` are the errors of its own; a failure, as `failure` tells it, that `broken` matches is
    about the SQL itself.
    """

    dialect: Dialect
    raises: tuple[type[Exception], ...]
    broken: re.Pattern[str]

    @abstractmethod
    def load(self, layout: Layout) -> None:
        """Take a layout in place of the one before."""

    @abstractmethod
    def rows(self, compiled: Compiled, values: Mapping[str, Value]) -> list[tuple[Any, ...]]:
        """Run a compiled query with the values of its parameters."""

    def answer(
        self,
        layout: Layout,
        graph: Graph,
        query: str,
        parameters: Mapping[str, Value],
        *,
        exploring: bool = False,
    ) -> Answer:
        """Compile and run a query; raises CypherError if refused, one of `raises` if it fails."""
        declared = {name: type_of(value) for name, value in parameters.items()}
        compiled = compile_cypher(
            query, layout.schema, self.dialect, parameters=declared, exploring=exploring
        )
        fetched = self.rows(compiled, {name: parameters[name] for name in compiled.parameters})
        found = graph if layout.keys_are_ids else None
        kinds = [column.type for column in compiled.columns]
        rows = [
            tuple(decode(value, kind, found) for value, kind in zip(row, kinds, strict=True))
            for row in fetched
        ]
        return Answer(tuple(column.name for column in compiled.columns), rows)


def failure(error: Exception) -> str:
    """Return what an engine raised: its kind and what it says."""
    return f"{type(error).__name__}: {error}"


def arrow_table(table: SqlTable) -> pa.Table:
    """Return a table's rows: row by row, thousands of them would take an engine seconds."""
    columns = {
        name: pa.array([row[i] for row in table.rows], ARROW_TYPES[sql_type])
        for i, (name, sql_type) in enumerate(table.columns)
    }
    return pa.table(columns)


class Duck(Engine):
    """One in-memory DuckDB that holds a layout at a time."""

    dialect: Dialect = "duckdb"
    raises = (duckdb.Error,)
    broken = re.compile("(Binder|Catalog|Parser|Internal)Exception")

    def __init__(self) -> None:
        self.connection = duckdb.connect(":memory:", config={"threads": 1})

    def load(self, layout: Layout) -> None:
        """Make the layout's tables in a transaction that the next load, or `clear`, undoes."""
        self.clear()
        self.connection.execute("BEGIN")
        for table in layout.tables:
            columns = ", ".join(f'"{name}" {sql_type}' for name, sql_type in table.columns)
            self.connection.execute(f'CREATE TABLE "{table.name}" ({columns})')
            if table.rows:
                self.insert(table)

    def insert(self, table: SqlTable) -> None:
        """Fill a table through Arrow."""
        self.connection.register("inserted", arrow_table(table))
        self.connection.execute(f'INSERT INTO "{table.name}" SELECT * FROM inserted')
        self.connection.unregister("inserted")

    def clear(self) -> None:
        """Forget the tables."""
        try:
            self.connection.execute("ROLLBACK")
        except duckdb.TransactionException:
            return  # nothing was loaded yet

    def rows(self, compiled: Compiled, values: Mapping[str, Value]) -> list[tuple[Any, ...]]:
        """Run a compiled query; raises duckdb.Error."""
        return self.connection.execute(compiled.sql, values).fetchall()


def type_of(value: Value) -> types.CypherType:
    """Return the static type of a parameter's value."""
    match value:
        case None:
            return types.NULL
        case bool():
            return types.BOOLEAN
        case int():
            return types.INTEGER
        case float():
            return types.FLOAT
        case str():
            return types.STRING
        case dt.date():
            return types.DATE
        case list():
            element: types.CypherType | None = types.NULL
            for item in value:
                element = None if element is None else types.unified(element, type_of(item))
            if element is None:
                raise UnsupportedParameter("a list parameter of mixed types")
            return types.ListType(element, nullable=None in value)
        case _:
            raise UnsupportedParameter(f"a parameter of type {type(value).__name__}")


class UnsupportedParameter(ValueError):
    """A parameter's value has no static type."""


def decode(value: Any, kind: types.CypherType, found: Graph | None) -> Value:
    """Turn what an engine answers into a graph value; without a graph, entities stay keys."""
    if value is None:
        return None
    match kind:
        case types.NodeType() if found is not None:
            return found.node_by_id[value]
        case types.RelationshipType() if found is not None:
            return found.relationship_by_id[value]
        case types.PathType() if found is not None:
            return Path(
                tuple(found.node_by_id[key] for key in value["nodes"]),
                tuple(found.relationship_by_id[key] for key in value["relationships"]),
            )
        case types.PathType():
            return [value["nodes"], value["relationships"]]
        case types.ListType():
            return [decode(item, kind.element, found) for item in value]
        case types.MapType():
            there = (e for e in kind.entries if not (kind.sparse and value[e[0]] is None))
            return {key: decode(value[key], inner, found) for key, inner in there}
        case types.DurationType() if isinstance(value, dict):
            return Duration(value.get("months", 0), value.get("days", 0))
        case _:
            result: Value = value
            return result

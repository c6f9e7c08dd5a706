"""What every engine can do with a portable query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, Self, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    import duckdb
    import pyarrow as pa

    from graphchannel.compiler import Compiled

__all__ = ["Engine", "PartedEngine", "Parts", "Query", "SelectableRows"]


@dataclass(frozen=True, slots=True)
class Query:
    """A portable query: its Cypher for engines that speak it, its compiled form for the others."""

    name: str
    text: str
    compiled: Compiled


@dataclass(frozen=True, slots=True)
class SelectableRows:
    """Rows that the connection of an engine can select from.

    `relation` stands after FROM; `parameters` are what it needs, and only these.
    """

    relation: str
    parameters: Mapping[str, object]


class Engine(Protocol):
    """A place where queries run. Nothing that it does writes to the graph.

    `parameters` may hold more names than the query uses. What goes wrong is an EngineError.
    """

    @property
    def name(self) -> str:
        """How reports call it."""
        ...

    def run(self, query: Query, parameters: Mapping[str, object]) -> pa.Table:
        """Return all rows; raise QueryTimeout or TooManyRows at the engine's limits."""
        ...

    def source(self, query: Query, parameters: Mapping[str, object]) -> SelectableRows:
        """Return the rows as a relation of the engine's connection, for set-based work there.

        An embedded engine hands over its SQL, so that the rows never leave the database.
        """
        ...

    def on(self, connection: duckdb.DuckDBPyConnection) -> Self:
        """Return the same engine at work on another connection to the workspace's database.

        A session's, so that the rows of `source` land there. What the engine holds stays shared:
        only one of the two is to be closed.
        """
        ...

    def close(self) -> None:
        """Free what the engine holds; harmless when done twice."""
        ...


@dataclass(frozen=True, slots=True)
class Parts:
    """How rows are cut into parts: those of each value of the column `by` are whole in one.

    With `only`, rows with other values are left out. `work` makes rows of the columns `shape` of
    the rows of a part, a relation of a DuckDB connection; it may be sent to another machine.
    """

    by: str
    only: Collection[str] | None
    work: Callable[[duckdb.DuckDBPyConnection, str], pa.Table]
    shape: pa.Schema


@runtime_checkable
class PartedEngine(Protocol):
    """An engine on several machines, which works on the rows of a query where they are."""

    def worked_on(self, query: Query, parameters: Mapping[str, object], parts: Parts) -> pa.Table:
        """Return what the work makes of all parts, in any order.

        The rows may be kept in parts until `let_go`; the parameters are the same until then.
        """
        ...

    def let_go(self) -> None:
        """Free what is kept of rows in parts."""
        ...

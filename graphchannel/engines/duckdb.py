"""The embedded engine: compiled queries on a connection to the workspace's database."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self, TypeVar

import duckdb

from graphchannel.engines.answers import too_many_rows, too_slow
from graphchannel.engines.base import SelectableRows
from graphchannel.engines.clock import Clock, TimeUp
from graphchannel.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import pyarrow as pa

    from graphchannel.compiler import CypherType, ResultColumn
    from graphchannel.engines.base import Query

__all__ = ["DuckDBEngine", "bound", "in_time"]

_Found = TypeVar("_Found")
_BATCH = 100_000  # rows fetched at a time, between two looks at the row cap


@dataclass(frozen=True, slots=True)
class DuckDBEngine:
    """Queries on a connection to a workspace's database, which stays its caller's.

    `timeout` is in seconds and counts until the last row is fetched; None means no limit.
    """

    connection: duckdb.DuckDBPyConnection
    timeout: float | None = None
    max_rows: int | None = None
    name: str = "duckdb"

    def run(self, query: Query, parameters: Mapping[str, object]) -> pa.Table:
        """Return all rows as Arrow.

        Raises TooManyRows above the row cap (a result is never cut), QueryTimeout, EngineError.
        """
        with _told_of_arrow(query.name):
            return in_time(
                self.connection, self.timeout, query.name, lambda: self._rows(query, parameters)
            )

    def _rows(self, query: Query, parameters: Mapping[str, object]) -> pa.Table:
        import pyarrow as pa  # noqa: PLC0415 - a scan that stays in the database needs no Arrow

        values = bound(query.compiled.parameters, parameters)
        self.connection.complete()  # a fetchone() before may have left rows behind
        columns = query.compiled.columns
        if self.max_rows is not None and columns and all(map(_is_plain, columns)):
            return self._few_rows(query, values, self.max_rows)
        result = self.connection.sql(query.compiled.sql, params=values)
        reader: pa.RecordBatchReader = result.to_arrow_reader(_BATCH)
        batches, rows = [], 0
        for batch in reader:
            rows += batch.num_rows
            if self.max_rows is not None and rows > self.max_rows:
                raise too_many_rows(query.name, self.max_rows)
            batches.append(batch)
        return pa.Table.from_batches(batches, schema=reader.schema)

    def _few_rows(self, query: Query, values: dict[str, object], most: int) -> pa.Table:
        """Fetch rows one by one: for few of them it is quicker than to ask for Arrow's."""
        import pyarrow as pa  # noqa: PLC0415 - see _rows

        from graphchannel.engines.arrow_types import arrow_type  # noqa: PLC0415 - with it

        rows = self.connection.execute(query.compiled.sql, values).fetchmany(most + 1)
        if len(rows) > most:
            raise too_many_rows(query.name, most)
        columns = query.compiled.columns
        held = zip(*rows, strict=True) if rows else [()] * len(columns)
        return pa.Table.from_arrays(
            [pa.array(v, arrow_type(c.type)) for v, c in zip(held, columns, strict=True)],
            names=[column.name for column in columns],
        )

    def source(self, query: Query, parameters: Mapping[str, object]) -> SelectableRows:
        """Return the query's own SQL: nothing runs until the caller selects from it."""
        return SelectableRows(
            f"({query.compiled.sql})", bound(query.compiled.parameters, parameters)
        )

    def on(self, connection: duckdb.DuckDBPyConnection) -> Self:
        """Return the same engine on another connection."""
        return replace(self, connection=connection)

    def close(self) -> None:
        """Do nothing: the connection is its caller's."""


def _is_plain(column: ResultColumn) -> bool:
    """Whether Arrow is told the type of a column, so that it can be made of Python's values."""
    from graphchannel.engines.arrow_types import arrow_type  # noqa: PLC0415 - imports Arrow

    return arrow_type(column.type) is not None


@contextmanager
def _told_of_arrow(name: str) -> Iterator[None]:
    import pyarrow as pa  # noqa: PLC0415 - see run

    try:
        yield
    except pa.ArrowException as error:
        raise EngineError(
            f"{name}: the rows cannot be handed over ({error}); return lists that are flatter."
        ) from error


def bound(types: Mapping[str, CypherType], parameters: Mapping[str, object]) -> dict[str, object]:
    """Return the values of the parameters that a query uses, in the types it was compiled for.

    Tuples become lists, integers given for a FLOAT become floats, so that every engine divides
    alike. Raises EngineError for a missing value, and for one that SQL would convert silently.
    """
    from graphchannel.compiler import misfits  # noqa: PLC0415 - only a query that runs needs it

    missing = [name for name in types if name not in parameters]
    if missing:
        raise EngineError(
            f"The query uses ${missing[0]}, which has no value; give it with --param "
            f"{missing[0]}=…."
        )
    wrong = misfits(types, parameters)
    if wrong:
        raise EngineError(" ".join(wrong))
    return {name: _converted(parameters[name], type_) for name, type_ in types.items()}


def _converted(value: object, type_: CypherType) -> object:
    from graphchannel.compiler import FLOAT, ListType  # noqa: PLC0415 - see bound

    if isinstance(value, list | tuple):
        element = type_.element if isinstance(type_, ListType) else type_
        return [_converted(item, element) for item in value]
    return float(value) if type_ == FLOAT and isinstance(value, int) else value


# what the compiler makes a query stop with, and what DuckDB says of numbers beyond 64 bits
_STOPPED = re.compile(r"(\d+:\d+): ([^\n]*is not portable[^\n]*)")
_OVERFLOW = re.compile(r"Out of Range Error: Overflow in \w+")


def _sentence(name: str, message: str) -> str:
    """Return an error of DuckDB as a sentence about the query."""
    stopped = _STOPPED.search(message)
    if stopped:
        return f"{name}:{stopped[1]}: {stopped[2].rstrip('.')}."
    if "Max expression depth" in message:
        return f"{name}: the query is nested too deeply; split it with WITH."
    if "Out of Memory" in message or "bad_alloc" in message:
        return f"{name}: the query needs more memory than there is; narrow it with WHERE or LIMIT."
    if _OVERFLOW.search(message):
        return f"{name}: an integer of the query left the range of 64 bits; use toFloat()."
    return f"{name}: DuckDB could not run the query: {message}"


def in_time(
    connection: duckdb.DuckDBPyConnection,
    timeout: float | None,
    name: str,
    work: Callable[[], _Found],
) -> _Found:
    """Return what `work` does; stop it after `timeout` seconds: its statement, or its Python.

    None is for no limit. Raises QueryTimeout then, and EngineError for whatever DuckDB raises. (A
    context manager would not do: the error may come when it is about to be left.)
    """
    clock = Clock(timeout, connection.interrupt) if timeout is not None else None
    try:
        try:
            return work()
        finally:
            if clock is not None:
                clock.stop()
    except (duckdb.InterruptException, TimeUp) as error:
        if timeout is not None and clock is not None and clock.rung:
            raise too_slow(name, timeout) from error
        if isinstance(error, TimeUp):  # that of longer work around this one
            raise
        raise EngineError(f"{name}: the query was interrupted.") from error
    except duckdb.Error as error:
        raise EngineError(_sentence(name, str(error))) from error

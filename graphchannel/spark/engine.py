"""The Spark engine: portable queries compiled for Spark, over a lake.

Only what a query returns leaves the cluster. What cannot be said in Spark's SQL is refused.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Self

import pyarrow as pa

from graphchannel.compiler import compile as compile_query
from graphchannel.engines.answers import put_rows, too_many_rows, too_slow
from graphchannel.engines.arrow_types import arrow_type
from graphchannel.engines.duckdb import bound
from graphchannel.errors import CypherError, EngineError
from graphchannel.schema import CHANNEL, GraphSchema
from graphchannel.spark.connection import first_line, spark_errors
from graphchannel.spark.part_task import worked_part
from graphchannel.spark.tasks import mapped, telling

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    import duckdb
    from pyspark.sql import SparkSession

    from graphchannel.compiler import Compiled
    from graphchannel.engines.base import Parts, Query, SelectableRows

__all__ = ["SparkEngine", "arguments"]

_AGAIN = 0.5  # seconds between two attempts to stop a query
_PREFIX = "graph_"  # temporary views belong to no database: none can be called `graph.party`


@dataclass(frozen=True, slots=True)
class SparkEngine:
    """Queries on a lake, in a session whose views of it are this engine's.

    `connection` leads to the workspace: rows that a scan goes on to work with are put there.
    `timeout` is in seconds; None means no limit.
    """

    session: SparkSession
    lake: Path
    connection: duckdb.DuckDBPyConnection
    timeout: float | None = None
    max_rows: int | None = None
    name: str = "spark"
    _shown: set[str] = field(default_factory=set, repr=False)  # views that are there already
    _parted: dict[str, Any] = field(default_factory=dict, repr=False)  # by what they are rows of

    def run(self, query: Query, parameters: Mapping[str, object]) -> pa.Table:
        """Return all rows as Arrow, in the types that the compiler gave the columns.

        Raises TooManyRows above the row cap, QueryTimeout, EngineError.
        """
        text, given = self._prepared(query, parameters)
        with _errors_of_spark(query.name), self._stopped_in_time(query.name):
            rows: Any = self.session.sql(text, args=given)
            if self.max_rows is not None:
                rows = rows.limit(self.max_rows + 1)
            answer = rows.toArrow()
        if self.max_rows is not None and answer.num_rows > self.max_rows:
            raise too_many_rows(query.name, self.max_rows)
        return _typed(answer, query)

    def source(self, query: Query, parameters: Mapping[str, object]) -> SelectableRows:
        """Put the rows into a temporary table, under the query's name until it is run again."""
        return put_rows(self.connection, query, self.run(query, parameters))

    def worked_on(self, query: Query, parameters: Mapping[str, object], parts: Parts) -> pa.Table:
        """Return what tasks make of the rows; only that leaves the cluster.

        Raises QueryTimeout, EngineError.
        """
        text, given = self._prepared(query, parameters)
        columns = [(one.name, arrow_type(one.type)) for one in query.compiled.columns]
        work = partial(worked_part, work=parts.work, given=pa.schema(columns), made=parts.shape)
        with telling(f"working for {query.name}"), self._stopped_in_time(query.name):
            rows: Any = None if parts.only is not None else self._parted.get(text)
            if rows is None:
                rows = self.session.sql(text, args=given)
                if parts.only is not None:
                    rows = rows.where(rows[parts.by].isin(sorted(parts.only)))
                rows = rows.repartition(parts.by)
                if parts.only is None:
                    self._parted[text] = rows.persist()
            answer: pa.Table = mapped(rows, work, parts.shape).toArrow()
        return answer.cast(parts.shape)

    def let_go(self) -> None:
        """Free what the cluster keeps of rows in parts."""
        kept = list(self._parted.values())
        self._parted.clear()
        with suppress(*spark_errors()):  # a driver that is lost keeps nothing
            for rows in kept:
                rows.unpersist()

    def on(self, connection: duckdb.DuckDBPyConnection) -> Self:
        """Return the same engine, which puts rows on another connection."""
        return replace(self, connection=connection)

    def close(self) -> None:
        """Do nothing: the session is its caller's."""

    def _prepared(
        self, query: Query, parameters: Mapping[str, object]
    ) -> tuple[str, dict[str, object]]:
        """Return the query in Spark's SQL and its arguments; the views that it reads are there."""
        given = arguments(bound(query.compiled.parameters, parameters))
        compiled = _compiled(query)
        self._show(compiled.tables)
        return compiled.sql, given

    def _show(self, views: Iterable[str]) -> None:
        """Make relations of the lake views of the session: Spark reads the schema of each."""
        for view in sorted(set(views) - self._shown):
            folder = self.lake / view.removeprefix(_PREFIX)
            with _errors_of_spark(str(folder)):
                rows = self.session.read.parquet(folder.absolute().as_uri())
                rows.drop("month").createOrReplaceTempView(view)
            self._shown.add(view)

    @contextmanager
    def _stopped_in_time(self, name: str) -> Iterator[None]:
        """Interrupt what the block runs after the timeout; raise QueryTimeout then."""
        if self.timeout is None:
            yield
            return
        stopper = _Stopper(self.session, f"graphchannel-{threading.get_ident()}")
        done, expired = threading.Event(), threading.Event()

        def watch() -> None:
            wait = self.timeout
            while not done.wait(wait):  # again and again: a query that is still planned has no job
                expired.set()
                stopper.stop()
                wait = _AGAIN

        thread = threading.Thread(target=watch, daemon=True)
        stopper.mark()
        thread.start()
        try:
            yield
        except Exception as error:
            if not expired.is_set():
                raise
            raise too_slow(name, self.timeout) from error
        finally:
            done.set()
            thread.join()
            with suppress(*spark_errors()):  # of one that is lost
                stopper.unmark()


@dataclass(frozen=True, slots=True)
class _Stopper:
    """Stops what this thread runs: by a group of jobs, or by a tag on a Spark Connect server.

    Answers as Arrow are made in a thread of Java's that inherits the group, but no tag.
    """

    session: SparkSession
    tag: str

    @property
    def context(self) -> Any:
        """The context of a Spark in this process, None on a Spark Connect server."""
        return getattr(self.session, "sparkContext", None)

    def mark(self) -> None:
        if self.context is None:
            self.session.addTag(self.tag)
        else:
            self.context.setJobGroup(self.tag, "graphchannel", interruptOnCancel=True)

    def stop(self) -> None:
        if self.context is None:
            self.session.interruptTag(self.tag)
        else:
            self.context.cancelJobGroup(self.tag)

    def unmark(self) -> None:
        if self.context is None:
            self.session.removeTag(self.tag)
        else:
            self.context.setLocalProperty("spark.jobGroup.id", None)


@cache
def _schema() -> GraphSchema:
    """Return the channel's graph over the views of `show_lake`."""
    return GraphSchema(
        tuple(replace(node, relation=_view(node.relation)) for node in CHANNEL.nodes),
        tuple(replace(edge, relation=_view(edge.relation)) for edge in CHANNEL.edges),
    )


def _view(relation: str) -> str:
    return _PREFIX + relation.removeprefix("graph.")


def _compiled(query: Query) -> Compiled:
    """Compile the query for Spark. Raises EngineError for what Spark cannot do."""
    types = query.compiled.parameters
    try:
        return compile_query(query.text, _schema(), "spark", parameters=types, name=query.name)
    except CypherError as error:
        raise EngineError(str(error)) from error


def arguments(parameters: Mapping[str, object]) -> dict[str, object]:
    """Return the values of parameters as Spark takes them: a list is a column."""
    from pyspark.sql import functions  # noqa: PLC0415 - an extra

    return {
        name: functions.array(*map(functions.lit, value)) if isinstance(value, list) else value
        for name, value in parameters.items()
    }


def _typed(answer: pa.Table, query: Query) -> pa.Table:
    columns = []
    for column in query.compiled.columns:
        found = answer.column(column.name)
        wanted = arrow_type(column.type)
        try:
            columns.append(found if wanted is None else found.cast(wanted))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            raise EngineError(
                f"{query.name}: Spark returned {found.type} in '{column.name}', which is no "
                f"{column.type}."
            ) from error
    return pa.Table.from_arrays(columns, names=[column.name for column in query.compiled.columns])


@contextmanager
def _errors_of_spark(name: str) -> Iterator[None]:
    """Turn what Spark raises into EngineError, with the line of it that says most."""
    try:
        yield
    except spark_errors() as error:
        raise EngineError(f"{name}: Spark could not run the query: {first_line(error)}") from error

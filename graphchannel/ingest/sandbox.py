"""A DuckDB of its own for SQL that others wrote: it sees what it was handed, and nothing else.

The database lives in memory, apart from the workspace. It reads and writes no file, fetches and
loads no extension, attaches nothing, and none of that can be switched on again: the configuration
is locked. Time, memory and rows are bounded. What it spills goes into a folder that is removed.

SQL is looked at before it runs, through DuckDB's own parser, so that nobody can write what this
module reads in another way than the database does.
"""

from __future__ import annotations

import json
import re
import tempfile
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from graphchannel.ingest.source import fresh_name
from graphchannel.stopping import noted
from graphchannel.text import quoted
from graphchannel.workspace_file import allowed_threads

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["Refused", "Sandbox", "open_sandbox"]

_MEMORY = "1GB"
_SPILL = "20GB"
_BATCH = 100_000
_SHOWN = 300  # characters of a parser's message, which quotes what it did not understand
_DEEPEST = 900  # levels of the parse tree, below what Python's reader of JSON takes
_LOCKED: Mapping[str, str | bool] = {
    "allow_community_extensions": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "enable_external_access": False,
    "lock_configuration": True,
    "max_temp_directory_size": _SPILL,
    "memory_limit": _MEMORY,
    "python_enable_replacements": False,
}
_TABLE_FUNCTIONS = {"generate_series", "range", "unnest"}
_REFERENCES = {  # relations of a FROM, but for views of the catalog and inner ones
    *("BASE_TABLE", "SUBQUERY", "JOIN", "TABLE_FUNCTION", "EXPRESSION_LIST", "EMPTY", "PIVOT"),
    *("CTE", "COLUMN_DATA"),
}
_ASK_THE_SESSION = {"current_setting", "getvariable", "pg_sleep"}
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_EXACT = re.compile(
    r"(U?(TINY|SMALL|BIG)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\(\d+,\d+\)|VARCHAR|BOOLEAN|DATE"
    r"|TIMESTAMP)"
)


class Refused(Exception):
    """SQL that is not run, or was stopped; the message begins in the middle of a sentence."""


@dataclass(frozen=True, slots=True)
class Sandbox:
    """An open sandbox; made by `open_sandbox`."""

    connection: duckdb.DuckDBPyConnection

    def hand_over(self, origin: duckdb.DuckDBPyConnection, select: str, name: str) -> None:
        """Copy the rows of a query of another connection into the table `name`."""
        rows = origin.sql(select).to_arrow_reader(_BATCH)
        given = fresh_name("given")
        self.connection.register(given, rows)
        self.connection.execute(f"CREATE TABLE {quoted(name)} AS FROM {given}")
        self.connection.unregister(given)

    def inspect(self, select: str, tables: Sequence[str]) -> None:
        """Raise Refused unless `select` is one SELECT over `tables` and its own subqueries."""
        found = self.connection.execute("SELECT json_serialize_sql($1::VARCHAR)", [select])
        [[text]] = found.fetchall()
        try:
            tree = json.loads(text)
        except RecursionError as error:
            raise Refused("the SQL is nested too deep") from error
        if tree["error"]:
            if tree["error_type"] == "parser":
                raise Refused(f"the SQL cannot be parsed: {tree['error_message'][:_SHOWN]}")
            raise Refused("only one SELECT can stand here, nothing else")
        if len(tree["statements"]) != 1:
            raise Refused("only one SELECT can stand here, nothing else")
        _Inspection(frozenset(tables), _unsteady()).look(tree["statements"][0])

    @contextmanager
    def rows(self, select: str, *, seconds: float, most: int) -> Iterator[pa.RecordBatchReader]:
        """Run a SELECT that `inspect` let pass and stream its rows, while the block lasts.

        Types that a workspace has no use for come as text. Raise Refused after `seconds`, beyond
        `most` rows or the memory that a sandbox has, duckdb.Error for what fails by itself.
        """
        stopped = threading.Event()

        def stop() -> None:
            stopped.set()
            self.connection.interrupt()

        timer = threading.Timer(seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            yield self._stream(select, most)
        except (duckdb.Error, pa.ArrowException) as error:
            if stopped.is_set():
                raise Refused(f"it was stopped after {seconds:g} s") from error
            if isinstance(error, duckdb.OutOfMemoryException) or "Out of Memory" in str(error):
                raise Refused(f"it needs more memory than it gets ({_MEMORY})") from error
            if _TOO_MANY in str(error):
                raise Refused(f"it makes more than {most} rows, the most that it may") from error
            raise
        finally:
            timer.cancel()

    def _stream(self, select: str, most: int) -> pa.RecordBatchReader:
        described = self.connection.execute(f"DESCRIBE\n{select}").fetchall()
        columns = ", ".join(
            quoted(name)
            if _EXACT.fullmatch(type_)
            else f"{quoted(name)}::VARCHAR AS {quoted(name)}"
            for name, type_, *_ in described
        )
        reader = self.connection.sql(f"SELECT {columns} FROM (\n{select}\n)").to_arrow_reader(
            _BATCH
        )
        return pa.RecordBatchReader.from_batches(reader.schema, _counted(reader, most))


@cache
def _unsteady() -> frozenset[str]:
    """Return the functions that give another value at each call, or ask what is around.

    Each sandbox has the same ones, and listing thousands takes as long as a small load.
    """
    with duckdb.connect(":memory:", config={**_LOCKED}) as connection:
        names = connection.execute(
            "SELECT DISTINCT function_name FROM duckdb_functions() WHERE stability = 'VOLATILE'"
        ).fetchall()
    return frozenset(name for (name,) in names) - {"error"} | _ASK_THE_SESSION


@contextmanager
def open_sandbox() -> Iterator[Sandbox]:
    """Open an empty sandbox, and leave nothing of it behind."""
    with tempfile.TemporaryDirectory(prefix="graphchannel-") as folder:
        settings: dict[str, Any] = {**_LOCKED, **allowed_threads(), "temp_directory": folder}
        with duckdb.connect(":memory:", config=settings) as connection:
            yield Sandbox(noted(connection))


_TOO_MANY = "more rows than a sandbox may make"


def _counted(reader: pa.RecordBatchReader, most: int) -> Iterator[pa.RecordBatch]:
    rows = 0
    for batch in reader:
        rows += batch.num_rows
        if rows > most:
            raise pa.ArrowInvalid(_TOO_MANY)
        yield batch


@dataclass(frozen=True, slots=True)
class _Inspection:
    """What a query may read and call."""

    tables: frozenset[str]
    unsteady: frozenset[str]

    def look(self, statement: Any) -> None:
        """Walk the parse tree of a statement; raise Refused at what may not be."""
        nodes = list(_nodes(statement))
        known = {name.casefold() for name in self.tables}
        for node in nodes:
            for entry in node.get("map", []) if isinstance(node.get("map"), list) else []:
                if "query_node" in entry.get("value", {}):
                    known.add(_plain_name(entry["key"]).casefold())
        for node in nodes:
            if "class" not in node and "sample" in node and "alias" in node:
                self._look_at_relation(node, known)
            elif node.get("class") == "FUNCTION":
                self._look_at_function(node)

    def _look_at_relation(self, node: dict[str, Any], known: set[str]) -> None:
        kind = node["type"]
        if kind not in _REFERENCES:
            raise Refused(f"it reads {kind}, {self._instead()}")
        if kind == "BASE_TABLE":
            path = _path(node, "table_name")
            if len(path) > 1 or path[0] not in known or node.get("at_clause"):
                raise Refused(f"it reads {'.'.join(path)}, {self._instead()}")
        if kind == "TABLE_FUNCTION":
            name = ".".join(_path(node["function"], "function_name"))
            if name not in _TABLE_FUNCTIONS:
                raise Refused(f"it reads {name}(…), {self._instead()}")

    def _look_at_function(self, node: dict[str, Any]) -> None:
        name = _path(node, "function_name")[-1]
        if name in self.unsteady:
            raise Refused(f"it calls {name}(…), which does not follow from the rows")

    def _instead(self) -> str:
        return f"but it may read {' and '.join(sorted(map(repr, self.tables)))} alone"


def _path(node: dict[str, Any], name: str) -> list[str]:
    return [str(each).casefold() for each in node["qualified_name"]["path"]] or [str(node[name])]


def _plain_name(name: str) -> str:
    if not _PLAIN.fullmatch(name):
        raise Refused(f"a subquery is called {name!r}; give it a name of letters and underscores")
    return name


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Give all objects of a parse tree; not recursive, for trees may be deep."""
    pending = [(tree, 0)]
    while pending:
        node, depth = pending.pop()
        if depth > _DEEPEST:
            raise Refused("the SQL is nested too deep")
        if isinstance(node, dict):
            yield node
        children = node.values() if isinstance(node, dict) else node
        pending += ((each, depth + 1) for each in children if isinstance(each, dict | list))

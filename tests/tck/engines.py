"""What a scenario's query is put to: the compiler with DuckDB, or the reference interpreter."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Protocol

import duckdb

from graphchannel.compiler import parse
from graphchannel.errors import CypherError, CypherSyntaxError, NotPortable, TypeMismatch
from tests.compiler.agree.sql import Answer, Duck, UnsupportedParameter
from tests.compiler.reference.queries import run
from tests.compiler.reference.values import CypherRaises
from tests.tck.layout import CannotLayOut, lay_out
from tests.tck.names import names_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphchannel.compiler import syntax
    from tests.compiler.agree.sql import Layout
    from tests.compiler.reference.graph import Graph, Value
    from tests.tck.layout import Names


class Refused(Exception):
    """The query was not accepted; `construct` groups refusals in the counts."""

    def __init__(self, construct: str, message: str) -> None:
        super().__init__(message)
        self.construct = construct


class Raised(Exception):
    """The query was accepted, and raised an error while it ran."""


class Broken(Exception):
    """The compiler crashed: a bug, whatever the scenario expects."""


class Engine(Protocol):
    """Answers a query on a graph, or raises Refused or Raised."""

    def answer(self, graph: Graph, query: str, parameters: Mapping[str, Value]) -> Answer:
        """Answer a query."""
        ...


def construct_of(error: CypherError) -> str:
    """Name what a query was refused for."""
    match error:
        case NotPortable():
            return error.construct
        case CypherSyntaxError():
            return "syntax"
        case TypeMismatch():
            return "mixed types"
        case _:
            return "unknown name"


class ReferenceEngine:
    """The reference interpreter: used to prove it against the TCK."""

    def answer(self, graph: Graph, query: str, parameters: Mapping[str, Value]) -> Answer:
        """Run the query by nested loops."""
        try:
            tree: syntax.RegularQuery = parse(query)
        except CypherError as error:
            raise Refused(construct_of(error), str(error)) from error
        try:
            result = run(tree, graph, parameters)
        except CypherRaises as error:
            raise Raised(str(error)) from error
        return Answer(result.columns, result.rows)


class CompilerEngine:
    """The compiler with DuckDB: what the TCK is run for."""

    def __init__(self, *, by_labels: bool = False) -> None:
        self.duck = Duck()
        self.by_labels = by_labels

    def answer(self, graph: Graph, query: str, parameters: Mapping[str, Value]) -> Answer:
        """Lay the graph out in tables, compile and run."""
        try:
            layout = self.lay_out(graph, names_of(parse(query)))
            self.duck.load(layout)
            return self.duck.answer(layout, graph, query, parameters, exploring=True)
        except CypherError as error:
            raise Refused(construct_of(error), str(error)) from error
        except (CannotLayOut, UnsupportedParameter) as error:
            raise Refused(str(error), str(error)) from error
        except duckdb.Error as error:
            if "is not portable" in str(error):
                raise Refused("refused while running", str(error)) from error
            raise Raised(f"{type(error).__name__}: {error}") from error
        except Exception as error:
            raise Broken(f"crashed with {type(error).__name__}: {error}") from error

    def lay_out(self, graph: Graph, mentioned: Names) -> Layout:
        """Make one node table, or several where a property's type depends on the labels."""
        if not self.by_labels:
            with contextlib.suppress(CannotLayOut):
                return lay_out(graph, mentioned)
        return lay_out(graph, mentioned, by_labels=True)

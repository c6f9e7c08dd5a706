"""What a scenario's query is put to: the compiler with DuckDB, or the reference interpreter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from graphchannel.compiler import syntax
from graphchannel.compiler.parser import parse
from graphchannel.errors import CypherError, CypherSyntaxError, NotPortable, TypeMismatch
from tests.compiler.reference.queries import run
from tests.compiler.reference.values import CypherRaises

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.compiler.reference.graph import Graph, Value


@dataclass(frozen=True, slots=True)
class Answer:
    """Column names and rows."""

    columns: tuple[str, ...]
    rows: list[tuple[Value, ...]]


class Refused(Exception):  # noqa: N818  an outcome, not a failure
    """The query was not accepted; `construct` groups refusals in the counts."""

    def __init__(self, construct: str, message: str) -> None:
        super().__init__(message)
        self.construct = construct


class Raised(Exception):  # noqa: N818  an outcome, not a failure
    """The query was accepted, and raised an error while it ran."""


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
            tree: syntax.Query = parse(query)
        except CypherError as error:
            raise Refused(construct_of(error), str(error)) from error
        try:
            result = run(tree, graph, parameters)
        except CypherRaises as error:
            raise Raised(str(error)) from error
        return Answer(result.columns, result.rows)


class CompilerEngine:
    def answer(self, graph: Graph, query: str, parameters: Mapping[str, Value]) -> Answer:
        raise Refused("todo", "")

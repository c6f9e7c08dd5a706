"""The rows that an analysis works on: portable queries of this package, run on any engine."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from graphchannel.engines import Query
from graphchannel.engines.parameters import AS_OF, parameter_types, policy_parameters
from graphchannel.schema import CHANNEL

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import pyarrow as pa

    from graphchannel.compiler import CypherType
    from graphchannel.engines import Engine, SelectableRows
    from graphchannel.policy import Policy

__all__ = ["Fetch", "fetch_from", "query_text"]


@dataclass(frozen=True, slots=True)
class Fetch:
    """Runs the queries in `analysis/queries` on an engine.

    `parameters` are values that any of them may use, `types` their types, both by name.
    """

    engine: Engine
    parameters: Mapping[str, object]
    types: Mapping[str, CypherType]

    def table(self, name: str) -> pa.Table:
        """Return the rows of `queries/<name>.cypher`. Raises EngineError."""
        return self.engine.run(self._query(name), self.parameters)

    def source(self, name: str) -> SelectableRows:
        """Return the rows of `queries/<name>.cypher` as a relation of the workspace's connection.

        For work in sets on many rows, which then need not leave the database.
        """
        return self.engine.source(self._query(name), self.parameters)

    def rows(self, name: str) -> list[dict[str, object]]:
        """Return the rows of `queries/<name>.cypher` as dictionaries."""
        found: list[dict[str, object]] = self.table(name).to_pylist()
        return found

    def _query(self, name: str) -> Query:
        return _compiled(name, frozenset(self.types.items()))


@lru_cache(maxsize=256)
def _compiled(name: str, types: frozenset[tuple[str, CypherType]]) -> Query:
    """Compile a query of the package once in a process, for parameters of these types."""
    from graphchannel.compiler import compile  # noqa: A004, PLC0415 - its name; imports lark

    text = query_text(name)
    return Query(name, text, compile(text, CHANNEL, parameters=dict(types), name=f"{name}.cypher"))


def fetch_from(engine: Engine, policy: Policy, as_of: date, **more: object) -> Fetch:
    """Return what runs the package's queries: they know $as_of, the policy's parameters and `more`.

    A policy's parameter that is unset is null.
    """
    from graphchannel.compiler import type_of  # noqa: PLC0415 - imports lark

    types = parameter_types(policy)
    for name, value in more.items():
        found = type_of(value)
        if found is None:
            message = f"no query takes {value!r}"
            raise TypeError(message)
        types[name] = found
    return Fetch(engine, {AS_OF: as_of} | policy_parameters(policy) | more, types)


def query_text(name: str) -> str:
    """Return the text of `queries/<name>.cypher`."""
    return (files("graphchannel.analysis") / "queries" / f"{name}.cypher").read_text("utf-8")

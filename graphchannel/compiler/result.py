"""What the compiler hands back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphchannel.compiler.types import CypherType


@dataclass(frozen=True, slots=True)
class ResultColumn:
    """A column of the result: named as in RETURN.

    A node or relationship is its key, a path a struct of two lists of keys (`nodes`,
    `relationships`), a list of nodes a list of keys.
    """

    name: str
    type: CypherType


@dataclass(frozen=True, slots=True)
class Compiled:
    """A query as SQL.

    `parameters` are those that the SQL names (`$name` in DuckDB, `:name` in Spark); `tables` the
    relations that it reads. `ordered` tells whether the rows come in an order that the query
    asked for. `notes` are sentences about rows that are not determined, of a question only.
    """

    sql: str
    columns: tuple[ResultColumn, ...]
    parameters: Mapping[str, CypherType]  # see `parameters.misfits` for checking values
    tables: frozenset[str]
    ordered: bool
    notes: tuple[str, ...] = ()

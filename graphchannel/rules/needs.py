"""Which canonical tables a compiled rule needs, and which of them nobody has delivered.

A rule that looks for a branch where no branches were ever loaded would convict on ignorance, and
one over no lines at all would look like compliance: neither is evaluated.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from graphchannel.schema import RELATIONS, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable

    import duckdb

__all__ = ["empty_tables", "missing", "needs", "sources"]

_TABLES = frozenset(table.name for table in TABLES)
# What the derived closures are computed from; the policy's own rows need no table.
_DERIVED = {"city_within": "cities", "region_within": "regions"}


def needs(relations: Iterable[str]) -> frozenset[frozenset[str]]:
    """Return, for each of some `graph.` relations that loading fills, the tables that do."""
    return frozenset(found for relation in relations if (found := sources(relation)))


@cache
def sources(relation: str) -> frozenset[str]:
    """Return the canonical tables that fill a `graph.` relation; any one of them suffices.

    They are those that its SELECT reads its rows from: a table that is joined is one that the rows
    refer to, and holds something where they do. Empty for a relation that the policy or the program
    fills.

    >>> sorted(sources("graph.part_of"))
    ['regions']
    >>> sorted(sources("graph.party"))
    ['end_users', 'partners', 'vendors']
    >>> sorted(sources("graph.must_offer"))
    []
    """
    import sqlglot  # noqa: PLC0415 - only a rule that is compiled needs it
    from sqlglot import exp  # noqa: PLC0415 - with it

    select = sqlglot.parse_one(RELATIONS[relation.removeprefix("graph.")], read="duckdb")
    found: set[str] = set()
    for clause in select.find_all(exp.From):
        table = clause.this
        if not isinstance(table, exp.Table):
            continue  # rows that the program gives, or a subquery, which is found by itself
        if table.db == "graph":
            found |= sources(f"graph.{table.name}")
        elif table.db == "derived" and table.name not in _DERIVED:
            return frozenset()
        else:
            found.add(_DERIVED.get(table.name, table.name))
    return frozenset(found) & _TABLES


def empty_tables(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Return the names of the canonical tables without a row."""
    names = sorted(_TABLES)
    columns = ", ".join(f"NOT EXISTS (FROM main.{name})" for name in names)
    (row,) = connection.execute(f"SELECT {columns}").fetchall()
    return frozenset(name for name, is_empty in zip(names, row, strict=True) if is_empty)


def missing(needed: Iterable[frozenset[str]], empty: frozenset[str]) -> tuple[str, ...]:
    """Return the tables without rows that leave a rule without ground, in order of name."""
    return tuple(sorted({name for tables in needed if tables <= empty for name in tables}))

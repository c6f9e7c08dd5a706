"""Which canonical tables a compiled rule needs, and which of them nobody has delivered.

A rule that looks for a branch where no branches were ever loaded would convict on ignorance, and
one over no lines at all would look like compliance: neither is evaluated.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from graphchannel.schema import RELATIONS, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable

    import duckdb

__all__ = ["empty_tables", "missing", "sources"]

# A table that is joined is one that the rows refer to: it holds something where they do.
_READ = re.compile(r"\bFROM\s+([a-z_]+(?:\.[a-z_]+)?)", re.IGNORECASE)
_TABLES = frozenset(table.name for table in TABLES)
# What the derived closures are computed from; the policy's own rows need no table.
_DERIVED = {"derived.city_within": "cities", "derived.region_within": "regions"}


def sources(relation: str) -> frozenset[str]:
    """Return the canonical tables that fill a `graph.` relation; any one of them suffices.

    Empty for a relation that the policy or the program fills.

    >>> sorted(sources("graph.part_of"))
    ['regions']
    >>> sorted(sources("graph.party"))
    ['end_users', 'partners', 'vendors']
    >>> sorted(sources("graph.must_offer"))
    []
    """
    found: set[str] = set()
    for name in _READ.findall(RELATIONS[relation.removeprefix("graph.")]):
        if name.startswith("graph."):
            found |= sources(name)
        elif name in _DERIVED:
            found.add(_DERIVED[name])
        elif name.removeprefix("main.") in _TABLES:
            found.add(name.removeprefix("main."))
        elif name.startswith("derived."):
            return frozenset()
    return frozenset(found)


def empty_tables(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Return the names of the canonical tables without a row."""
    columns = ", ".join(f"NOT EXISTS (FROM main.{name})" for name in sorted(_TABLES))
    row = connection.execute(f"SELECT {columns}").fetchone() or ()
    return frozenset(name for name, is_empty in zip(sorted(_TABLES), row, strict=True) if is_empty)


def missing(relations: Iterable[str], empty: frozenset[str]) -> tuple[str, ...]:
    """Return the tables without rows that leave one of the relations empty, in order of name."""
    lacking: set[str] = set()
    for relation in relations:
        tables = sources(relation)
        if tables and tables <= empty:
            lacking |= tables
    return tuple(sorted(lacking))

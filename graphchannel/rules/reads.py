"""Which tables of the workspace the rows of a `graph.` relation are made of."""

from __future__ import annotations

from functools import cache

from graphchannel.schema import RELATIONS, TABLES

__all__ = ["LINES", "POLICY", "UNTRACED", "made_of"]

LINES = frozenset({"shipments", "serials"})
POLICY = "policy"  # the rows that the policy fills
UNTRACED = "untraced"  # a table of which nothing tells whether it changed
_TABLES = frozenset(table.name for table in TABLES)
_CLOSURES = {  # what is kept derived, and follows from nothing else
    "region_within": frozenset({"regions"}),
    "city_within": frozenset({"regions", "cities"}),
}
_POLICY = frozenset({"policy_role", "policy_may_supply", "policy_must_offer"})


@cache
def made_of(relation: str) -> frozenset[str]:
    """Return the canonical tables that a `graph.` relation reads, and `POLICY` for the policy's.

    What is derived of a line counts as its own: a line is changed when that is. A table that
    is none of these is `UNTRACED`.

    >>> sorted(made_of("graph.part_of"))
    ['regions']
    >>> sorted(made_of("graph.supplied"))
    ['shipments']
    >>> sorted(made_of("graph.capability"))
    ['capabilities', 'policy']
    """
    import sqlglot  # noqa: PLC0415 - only where rows are carried over, or scans compared
    from sqlglot import exp  # noqa: PLC0415 - with it

    select = sqlglot.parse_one(RELATIONS[relation.removeprefix("graph.")], read="duckdb")
    found: set[str] = set()
    for table in select.find_all(exp.Table):
        if table.db == "graph":
            found |= made_of(f"graph.{table.name}")
        elif table.db == "derived":
            found |= _derived(table.name)
        elif table.name:  # rows that the program gives have none
            found.add(table.name if table.name in _TABLES else UNTRACED)
    return frozenset(found)


def _derived(name: str) -> frozenset[str]:
    if name in _POLICY:
        return frozenset({POLICY})
    return _CLOSURES.get(name, frozenset({UNTRACED}))

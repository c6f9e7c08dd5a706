"""Which kinds of input a rule can depend on at all, told from what its query reads."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from graphchannel.runs.kinds import TABLES_OF
from graphchannel.schema import RELATIONS, TABLES

if TYPE_CHECKING:
    from graphchannel.rules.prepare import PreparedRule
    from graphchannel.runs.kinds import Kind

__all__ = ["kinds_of_rows", "tables_read"]

_TABLES = frozenset(table.name for table in TABLES)
_PARTY_DAY = frozenset({"vendors", "partners", "end_users", "certifications"})
_BEHIND = {  # what is kept derived follows from these
    "region_within": frozenset({"regions"}),
    "city_within": frozenset({"regions", "cities"}),
    "party_day": _PARTY_DAY,
    "shipments": _PARTY_DAY,
}
_LINES: frozenset[Kind] = frozenset({"lines", "correction", "withdrawal"})


def kinds_of_rows(rule: PreparedRule) -> frozenset[Kind]:
    """Return the kinds of rows that a rule's findings can depend on, waivers left out."""
    relations = set(rule.query.compiled.tables)
    if rule.population is not None:
        relations |= rule.population.compiled.tables
    read = {name for relation in relations for name in tables_read(relation)}
    kinds: set[Kind] = {kind for kind, names in TABLES_OF.items() if read & set(names)}
    if read & {"shipments", "serials"}:
        kinds |= _LINES
    return frozenset(kinds - {"waiver"})


@cache
def tables_read(relation: str) -> frozenset[str]:
    """Return all canonical tables that a `graph.` relation can depend on.

    >>> sorted(tables_read("graph.part_of"))
    ['regions']
    >>> sorted(tables_read("graph.supplied"))
    ['certifications', 'end_users', 'partners', 'shipments', 'vendors']
    """
    import sqlglot  # noqa: PLC0415 - only a comparison needs it
    from sqlglot import exp  # noqa: PLC0415 - with it

    select = sqlglot.parse_one(RELATIONS[relation.removeprefix("graph.")], read="duckdb")
    found: set[str] = set()
    for table in select.find_all(exp.Table):
        if table.db == "graph":
            found |= tables_read(f"graph.{table.name}")
        else:
            found |= {table.name} | _BEHIND.get(table.name, frozenset())
    return frozenset(found) & _TABLES

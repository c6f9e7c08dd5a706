"""Which kinds of input a rule can depend on at all, told from what its query reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.rules.reads import LINES, made_of
from graphchannel.runs.kinds import TABLES_OF
from graphchannel.schema import TABLES

if TYPE_CHECKING:
    from graphchannel.rules.prepare import PreparedRule
    from graphchannel.runs.kinds import Kind

__all__ = ["kinds_of_rows", "tables_read"]

_TABLES = frozenset(table.name for table in TABLES)
# The roles on a line follow from these.
_PARTY_DAY = frozenset({"vendors", "partners", "end_users", "certifications"})
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


def tables_read(relation: str) -> frozenset[str]:
    """Return all canonical tables that a `graph.` relation can depend on.

    >>> sorted(tables_read("graph.part_of"))
    ['regions']
    >>> sorted(tables_read("graph.supplied"))
    ['certifications', 'end_users', 'partners', 'shipments', 'vendors']
    """
    own = made_of(relation)
    return (own | _PARTY_DAY if own & LINES else own) & _TABLES

"""What a row says of other rows: references, ids shared by the party tables, hierarchies."""

from __future__ import annotations

from graphchannel.ingest.conform import Check, literal, quoted
from graphchannel.schema import PARTIES, Column, Table

_SINGULAR = {"cities": "city", "industries": "industry"}


def reference_checks(table: Table) -> tuple[Check, ...]:
    """List what can be wrong with a row `t`, once all tables that it refers to are loaded.

    A column of the table's own hierarchy is not among them: rows of one load may refer to each
    other.
    """
    checks = [
        _unknown(column)
        for column in table.columns
        if column.references and column.name != table.hierarchy
    ]
    if table.name in PARTIES:
        checks.extend(_taken(other) for other in PARTIES if other != table.name)
    return tuple(checks)


def singular(name: str) -> str:
    """Name one row of a table, for sentences.

    >>> singular("end_users"), singular("cities")
    ('end user', 'city')
    """
    return _SINGULAR.get(name, name.removesuffix("s")).replace("_", " ")


def unknown_parent(table: Table) -> Check:
    """Describe a row `t` of a hierarchy whose parent is not in `_known_parent`."""
    hierarchy = str(table.hierarchy)
    parent = f"t.{quoted(hierarchy)}"
    return Check(
        "unknown_reference",
        hierarchy,
        f"{parent} NOT IN (SELECT id FROM _known_parent)",
        _says(hierarchy, parent, (singular(table.name),)),
    )


def _unknown(column: Column) -> Check:
    value = f"t.{quoted(column.name)}"
    ids = " UNION ALL ".join(f"SELECT id FROM main.{name}" for name in column.references)
    right = f"{value} IN ({ids})"
    return Check(
        "unknown_reference",
        column.name,
        f"{value} IS NOT NULL AND {value} NOT IN ({ids})",
        _says(column.name, value, tuple(singular(name) for name in column.references)),
        right if column.required else f"({value} IS NULL OR {right})",
    )


def _says(column: str, value: str, kinds: tuple[str, ...]) -> str:
    known = " or ".join(kinds)
    return (
        f"{literal(f'{column} is ')} || '''' || {value} || '''' || "
        f"{literal(f', which is no {known} that is loaded.')}"
    )


def _taken(other: str) -> Check:
    return Check(
        "conflicting",
        "id",
        f"t.id IN (SELECT id FROM main.{other})",
        f"'id is ''' || t.id || ''', which is the id of a {singular(other)} already; ids are unique"
        " among vendors, partners and end users.'",
    )

"""Names and values as text: in a sentence, and in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["listed", "literal", "quoted"]


def listed(names: Sequence[str], most: int = 3) -> str:
    """Return the first names and how many more there are.

    >>> listed(["Porto", "Faro", "Beja", "Guarda"]), listed(["Porto", "Faro"])
    ('Porto, Faro, Beja and 1 more', 'Porto, Faro')
    """
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most:,} more"


def quoted(name: str) -> str:
    """Quote a name for SQL.

    >>> print(quoted('in "pieces" only'))
    "in ""pieces"" only"
    """
    return '"' + name.replace('"', '""') + '"'


def literal(value: object) -> str:
    """Quote a value as a text of SQL, where a parameter cannot stand.

    >>> print(literal("O'Neil"))
    'O''Neil'
    """
    return "'" + str(value).replace("'", "''") + "'"

"""A list of names as one text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["listed"]


def listed(names: Sequence[str], most: int = 3) -> str:
    """Return the first names and how many more there are.

    >>> listed(["Porto", "Faro", "Beja", "Guarda"]), listed(["Porto", "Faro"])
    ('Porto, Faro, Beja and 1 more', 'Porto, Faro')
    """
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most:,} more"

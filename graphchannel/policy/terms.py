"""What a policy says of findings: how far one may grow, and when it is to be dealt with."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from graphchannel.policy.model import DUE_DAYS, Tolerance

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphchannel.errors import PolicyError

__all__ = ["read_due_days", "read_tolerance"]

_LONGEST = 3_650  # days in which somebody deals with something, if ever


class _PolicyEntries(Protocol):
    def known(self, kind: str, entry: dict[str, Any], where: str) -> None: ...

    def error(self, where: str, message: str) -> PolicyError: ...


def read_tolerance(reader: _PolicyEntries, document: dict[str, Any]) -> Tolerance:
    """Return how far a known finding may grow. Raises PolicyError."""
    entry = _table(reader, document, "tolerance")
    lines, value = entry.get("lines", 0), entry.get("value", 0)
    if isinstance(lines, bool) or not isinstance(lines, int) or lines < 0:
        raise reader.error("tolerance", f"lines is {lines!r}; expected a whole number from 0 on")
    if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
        raise reader.error("tolerance", f"value is {value!r}; expected a share such as 0.05")
    return Tolerance(lines, float(value))


def read_due_days(reader: _PolicyEntries, document: dict[str, Any]) -> Mapping[str, int]:
    """Return the days in which findings are to be dealt with, by severity. Raises PolicyError."""
    entry = _table(reader, document, "due_days")
    for severity, days in entry.items():
        if isinstance(days, bool) or not isinstance(days, int) or not 0 <= days <= _LONGEST:
            raise reader.error(
                "due_days", f"{severity} is {days!r}; expected days from 0 to {_LONGEST:,}"
            )
    return MappingProxyType({**DUE_DAYS, **entry})


def _table(reader: _PolicyEntries, document: dict[str, Any], key: str) -> dict[str, Any]:
    entry = document.get(key, {})
    if not isinstance(entry, dict):
        raise reader.error(key, "expected a table")
    reader.known(key, entry, key)
    return entry

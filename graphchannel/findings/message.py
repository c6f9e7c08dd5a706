"""A finding's message: the rule's template, filled in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["fill"]

_FIELD = re.compile(r"\{(?P<name>[^{}]*)\}(?P<counted> [a-z-]+s\b)?")


def fill(template: str, values: Mapping[str, object]) -> str:
    """Put `values` in the places of a template; a place that has no value reads "unknown".

    A plural that follows the number 1 loses its s:

    >>> fill("{subject} sold {lines} lines, {quantity} units", {"subject": "A", "lines": 1})
    'A sold 1 line, unknown units'
    """

    def value(match: re.Match[str]) -> str:
        found = values.get(match["name"])
        counted = match["counted"] or ""
        if counted and found == 1 and not isinstance(found, bool):
            counted = counted[:-1]
        return _text(found) + counted

    return _FIELD.sub(value, template)


def _text(value: object) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    if isinstance(value, list | tuple):
        return ", ".join(_text(item) for item in value)
    return str(value)

"""Findings that somebody asks for by name: what a rule need not look at for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.engines import SelectableRows
from graphchannel.text import among

if TYPE_CHECKING:
    from graphchannel.rules.prepare import PreparedRule

__all__ = ["Focus", "focused"]


@dataclass(frozen=True, slots=True)
class Focus:
    """The findings of a rule that somebody asks for: their subjects, and what tells them apart.

    `values` are those of the one column of `@identity`; None where it has none, or several.
    """

    subjects: frozenset[str]
    values: frozenset[str] | None = None


def focused(rule: PreparedRule, source: SelectableRows, focus: Focus | None) -> SelectableRows:
    """Leave out rows of other subjects, where a rule names its subject itself."""
    if focus is None or rule.kind == "path":
        return source
    condition = among("subject", focus.subjects)
    relation = f"(SELECT * FROM {source.relation} AS found WHERE {condition})"
    return SelectableRows(relation, source.parameters)

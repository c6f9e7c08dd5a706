"""A source's columns under the names that somebody knows them by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.errors import InputError, did_you_mean
from graphchannel.text import folded, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

_SHOWN = 5


def match_columns(
    label: str, present: Sequence[str], known: Sequence[str]
) -> tuple[dict[str, str], list[str]]:
    """Return the source's column for each known one that it has, and its other columns.

    Names agree whatever their case, blanks and punctuation. Raises InputError where two columns of
    the source stand for one.

    >>> match_columns("x.csv", ["Ship Date", "note"], ["ship_date", "id"])
    ({'ship_date': 'Ship Date'}, ['note'])
    """
    by_fold = {folded(name): name for name in known}
    found: dict[str, str] = {}
    others: list[str] = []
    for own in present:
        name = by_fold.get(folded(own))
        if name is None:
            others.append(own)
        elif name in found:
            raise InputError(
                f"{label}: columns '{found[name]}' and '{own}' both stand for '{name}'; rename or "
                "remove one of them."
            )
        else:
            found[name] = own
    return {name: found[name] for name in known if name in found}, others


def unread(label: str, reader: str, columns: Sequence[str], known: Sequence[str]) -> list[str]:
    """Say in one sentence, or none, which columns `reader` does not know."""
    if not columns:
        return []
    hints = {own: did_you_mean(own, known) for own in columns}
    if len(columns) == 1:
        hint = hints[columns[0]]
        return [f"{label}: column '{columns[0]}' is unknown to {reader} and not read.{hint}"]
    near = [f"'{own}' (did you mean{hint.strip()[12:]})" for own, hint in hints.items() if hint]
    others = [f"'{own}'" for own, hint in hints.items() if not hint]
    shown = listed([*near, *others], most=_SHOWN)
    return [f"{label}: {len(columns)} columns are unknown to {reader} and not read: {shown}."]

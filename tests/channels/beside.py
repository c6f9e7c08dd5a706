"""Channels side by side in one workspace, without a common id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.channels.places import Tables


def prefixed(tables: Tables, mark: str) -> Tables:
    """Return a channel with a mark before all its ids, to be loaded beside others."""

    def marked(column: str, value: Any) -> Any:
        is_id = column == "id" or column.endswith("_id")
        return f"{mark}{value}" if is_id and value is not None else value

    return by_column(tables, marked)


def by_column(tables: Tables, change: Callable[[str, Any], Any]) -> Tables:
    """Return tables with each value changed, which is given with the name of its column."""
    return {
        name: [{column: change(column, value) for column, value in row.items()} for row in rows]
        for name, rows in tables.items()
    }


def together(channels: list[Tables]) -> Tables:
    """Return the rows of channels that share no id as those of one."""
    return {name: [row for one in channels for row in one[name]] for name in channels[0]}

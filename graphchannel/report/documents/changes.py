"""Regions and key cities gained and lost, as sections, with what made the difference."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from graphchannel.report.document import Column, Section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphchannel.analysis.coverage.changes import CityChange, Reason, RegionChange

__all__ = ["city_changes", "reasons_text", "region_changes"]


def region_changes(
    key: str,
    title: str,
    changes: Sequence[RegionChange],
    *,
    days: bool = True,
    shown: int | None = None,
) -> Section[RegionChange]:
    """Return regions gained and lost; the days of the reasons are said unless told not."""
    columns: tuple[Column[RegionChange], ...] = (
        Column("region", lambda change: change.region.id, "id"),
        Column("name", lambda change: change.region.name),
        Column("country", lambda change: change.region.country),
        Column("change", lambda change: _gained_or_lost(gained=change.gained)),
        Column("before", lambda change: change.before),
        Column("after", lambda change: change.after),
        Column("demand", lambda change: change.region.demand, "number"),
        Column("why", lambda change: reasons_text(change.reasons, days=days)),
    )
    return Section(key, title, columns, changes, shown=shown)


def city_changes(
    key: str,
    title: str,
    changes: Sequence[CityChange],
    *,
    days: bool = True,
    shown: int | None = None,
) -> Section[CityChange]:
    """Return key cities gained and lost; the days of the reasons are said unless told not."""
    columns: tuple[Column[CityChange], ...] = (
        Column("city", lambda change: change.id, "id"),
        Column("name", lambda change: change.name),
        Column("change", lambda change: _gained_or_lost(gained=change.gained)),
        Column("why", lambda change: reasons_text(change.reasons, days=days)),
    )
    return Section(key, title, columns, changes, shown=shown)


def reasons_text(reasons: Sequence[Reason], *, days: bool = True) -> str:
    """Return the reasons of a change in one cell, by partner, with their days unless told not."""
    parts = []
    for _, group in groupby(reasons, key=lambda reason: reason.partner):
        own = list(group)
        what = (f"{one.what} {one.day}" if days and one.day else one.what for one in own)
        parts.append(f"{own[0].name}: {', '.join(what)}")
    return "; ".join(parts)


def _gained_or_lost(*, gained: bool) -> str:
    return "gained" if gained else "lost"

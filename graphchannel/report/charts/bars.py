"""Ranked bars, and changes from a value before to a value after."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import altair as alt

from graphchannel.report.charts.style import (
    COLOURS,
    HALO,
    HIGH,
    INK,
    WIDTH,
    Panel,
    Tone,
    figure_text,
    inline,
    tone_colour,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["MOST", "Bar", "BarChange", "changes", "ranked_bars"]

MOST = 30  # rows of a chart; how many more there are, its heading says
_NAMES, _LABEL = 150, 260  # pixels that names of rows take at least and at most


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: its name, its length, what it stands for, and a note behind its figure.

    `figure` is what is said instead of the length.
    """

    name: str
    value: float
    tone: Tone = Tone.GOOD
    note: str = ""
    figure: str | None = None


@dataclass(frozen=True, slots=True)
class BarChange:
    """One row: its name, its value before and after."""

    name: str
    before: float
    after: float


_Row = TypeVar("_Row", Bar, BarChange)


def ranked_bars(
    bars: Sequence[Bar],
    heading: str,
    *,
    unit: str = "",
    tones: Mapping[Tone, str] | None = None,
    target: float | None = None,
    target_name: str = "",
) -> Panel:
    """Draw bars in the given order, the first `MOST` of them; `tones` names the colours.

    A `target` is a line across all bars.
    """
    shown = _distinct(bars)
    present = {bar.tone for bar in shown}
    known = tones or {tone: tone.value for tone in Tone}
    names = {tone: name for tone, name in known.items() if tone in present}
    rows = [
        {
            "place": place,
            "name": bar.name,
            "value": bar.value,
            "tone": names[bar.tone],
            "label": _label(bar, unit),
        }
        for place, bar in enumerate(shown)
    ]
    longest = max([bar.value for bar in shown] + [target or 0.0], default=0.0)
    base = alt.Chart(inline(rows)).encode(y=_rows(rows), x=_along("value", longest))
    layers: list[alt.Chart] = [base.mark_bar(height=HIGH * 0.7).encode(color=tone_colour(names))]
    if target is not None:
        layers += _target(target, target_name, _along("target", longest), len(rows))
    layers += [
        base.mark_text(align="left", dx=5, fontSize=11, **style).encode(text="label:N")
        for style in (HALO, {"color": INK})
    ]
    return alt.layer(*layers).properties(
        width=WIDTH * 0.7, height=HIGH * max(1, len(rows)), title=_heading(heading, len(bars))
    )


def changes(
    rows_: Sequence[BarChange], heading: str, *, before: str, after: str, unit: str = ""
) -> Panel:
    """Draw each row's value before and after, joined by a line; the first `MOST` of them."""
    shown = _distinct(rows_)
    rows = [
        {
            "place": place,
            "name": row.name,
            "before": row.before,
            "after": row.after,
            "label": _changed(row, unit),
            "edge": max(row.before, row.after),
        }
        for place, row in enumerate(shown)
    ]
    ends = [
        {"name": row.name, "value": value, "tone": tone}
        for row in shown
        for value, tone in ((row.before, before), (row.after, after))
    ]
    least = min([0.0, *(min(row.before, row.after) for row in shown)])
    most = max((max(row.before, row.after) for row in shown), default=1.0) or 1.0
    scale = alt.Scale(domain=[least, most], nice=True)
    axis = alt.Axis(title=unit or None, grid=True, tickCount=5)
    base = alt.Chart(inline(rows)).encode(y=_rows(rows))
    rule = base.mark_rule(strokeWidth=2, color=COLOURS[Tone.QUIET]).encode(
        x=alt.X("before:Q", scale=scale, axis=axis), x2="after:Q"
    )
    labels = base.mark_text(align="left", dx=9, color=INK, fontSize=11).encode(
        x=alt.X("edge:Q", scale=scale), text="label:N"
    )
    dots = _ends(ends, scale, (before, after)).encode(y=_rows(rows))
    return alt.layer(rule, dots, labels).properties(
        width=WIDTH * 0.7, height=HIGH * max(1, len(rows)), title=_heading(heading, len(rows_))
    )


def _ends(
    ends: Sequence[Mapping[str, object]], scale: alt.Scale, names: tuple[str, str]
) -> alt.Chart:
    """Draw both ends of each change, told apart by colour and shape."""
    colours = alt.Scale(domain=list(names), range=[COLOURS[Tone.WEAK], COLOURS[Tone.GOOD]])
    shapes = alt.Scale(domain=list(names), range=["diamond", "circle"])
    legend = alt.Legend(title=None, orient="top")
    drawn: alt.Chart = (
        alt.Chart(inline(ends))
        .mark_point(filled=True, size=90, opacity=1)
        .encode(
            x=alt.X("value:Q", scale=scale),
            color=alt.Color("tone:N", scale=colours, legend=legend),
            shape=alt.Shape("tone:N", scale=shapes, legend=legend),
        )
    )
    return drawn


def _along(column: str, longest: float) -> alt.X:
    return alt.X(f"{column}:Q", title=None, axis=None, scale=alt.Scale(domain=[0, longest or 1]))


def _rows(rows: Sequence[Mapping[str, object]]) -> alt.Y:
    return alt.Y(
        "name:N",
        sort=[str(row["name"]) for row in rows],
        title=None,
        axis=alt.Axis(
            labelLimit=_LABEL, minExtent=_NAMES, ticks=False, domain=False, labelPadding=6
        ),
    )


def _label(bar: Bar, unit: str) -> str:
    figure = figure_text(bar.value, unit) if bar.figure is None else bar.figure
    return f"{figure} {bar.note}" if bar.note else figure


def _distinct(rows: Sequence[_Row]) -> list[_Row]:
    """Return the first `MOST` rows; of those of one name all but the first get a number."""
    seen: Counter[str] = Counter()
    found = []
    for row in rows[:MOST]:
        seen[row.name] += 1
        again = seen[row.name] > 1
        found.append(replace(row, name=f"{row.name} ({seen[row.name]})") if again else row)
    return found


def _heading(heading: str, rows: int) -> str:
    if not rows:
        return f"{heading}: none"
    return heading if rows <= MOST else f"{heading} (the first {MOST} of {rows:,})"


def _changed(row: BarChange, unit: str) -> str:
    return f"{figure_text(row.before)} → {figure_text(row.after, unit)}"


def _target(target: float, name: str, x: alt.X, rows: int) -> list[alt.Chart]:
    line = alt.Chart(inline([{"target": target, "name": name}])).encode(x=x)
    return [
        line.mark_rule(strokeDash=[4, 3], strokeWidth=2, color=INK),
        line.mark_text(align="center", baseline="top", dy=4, fontSize=11, color=INK).encode(
            y=alt.value(rows * HIGH), text="name:N"
        ),
    ]

"""The course of a figure over time, against what it is to reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from graphchannel.report.charts.style import COLOURS, INK, WIDTH, Tone, figure_text, inline

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from graphchannel.report.charts.style import Panel

__all__ = ["course"]

_HIGH = 220  # pixels
_NAMED = 13  # points up to which each one has its figure


def course(
    points: Sequence[tuple[date, float]],
    heading: str,
    *,
    goal: float | None = None,
    goal_name: str = "",
) -> Panel:
    """Draw points joined by a line, from 0 up; `goal` is a line across."""
    rows = [
        {"day": day.isoformat(), "value": value, "label": figure_text(value)}
        for day, value in points
    ]
    labelled = rows if len(rows) <= _NAMED else [rows[0], rows[-1]]
    most = max([value for _, value in points] + [goal or 0.0], default=1.0)
    # A day as text is a midnight of UTC: on a local scale it would be drawn by the time zone.
    x = alt.X(
        "day:T",
        title=None,
        scale=alt.Scale(type="utc"),
        axis=alt.Axis(format="%Y-%m-%d", labelAngle=0, labelOverlap=True),
    )
    y = alt.Y("value:Q", title=None, scale=alt.Scale(domain=[0, most * 1.12 or 1]))
    base = alt.Chart(inline(rows)).encode(x=x, y=y)
    layers: list[alt.Chart] = [
        base.mark_line(color=COLOURS[Tone.GOOD], strokeWidth=2),
        base.mark_point(color=COLOURS[Tone.GOOD], filled=True, opacity=1, size=40),
        alt.Chart(inline(labelled))
        .mark_text(dy=-10, fontSize=11, color=INK)
        .encode(x=x, y=y, text="label:N"),
    ]
    if goal is not None:
        line = alt.Chart(inline([{"value": goal, "name": goal_name}])).encode(y=y)
        layers += [
            line.mark_rule(strokeDash=[4, 3], strokeWidth=2, color=INK),
            line.mark_text(align="left", baseline="bottom", dy=-3, fontSize=11).encode(
                x=alt.value(4), text="name:N"
            ),
        ]
    return alt.layer(*layers).properties(width=WIDTH, height=_HIGH, title=heading)

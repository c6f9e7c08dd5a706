"""How all charts look: colours that colour-blind readers tell apart, sizes, titles.

Colours are those of Okabe and Ito (2008). A tone means the same in every chart.
"""

from __future__ import annotations

import textwrap
from enum import StrEnum
from typing import TYPE_CHECKING

import altair as alt

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = [
    "COLOURS",
    "HALO",
    "HIGH",
    "INK",
    "WIDTH",
    "Panel",
    "Tone",
    "composed",
    "figure_text",
    "inline",
    "tone_colour",
]

Panel = alt.LayerChart | alt.FacetChart

WIDTH = 620  # pixels of a plot, without its axes
HIGH = 20  # pixels of a row

INK, _QUIET, _LINE = "#222222", "#595959", "#d9d9d9"
# What lies under a text that would be hard to read on lines or spots.
HALO = {"stroke": "white", "strokeWidth": 2.5, "strokeJoin": "round", "opacity": 0.85}
_FONT = "Arial, Liberation Sans, Helvetica, sans-serif"
_TITLE_CHARACTERS, _SUBTITLE_CHARACTERS = 84, 122


class Tone(StrEnum):
    """What a mark stands for."""

    GOOD = "good"
    GAP = "gap"
    PLAN = "plan"
    WEAK = "weak"
    PLAIN = "plain"
    QUIET = "quiet"


COLOURS: Mapping[Tone, str] = {
    Tone.GOOD: "#0072B2",
    Tone.GAP: "#D55E00",
    Tone.PLAN: "#009E73",
    Tone.WEAK: "#E69F00",
    Tone.PLAIN: "#56B4E9",
    Tone.QUIET: "#999999",
}


def inline(rows: Iterable[Mapping[str, object]]) -> alt.InlineData:
    """Return rows as data of a chart.

    They are a tuple, since the library copies lists, to their depths, with each step of a chart.
    """
    return alt.InlineData(values=tuple(dict(row) for row in rows))


def tone_colour(names: Mapping[Tone, str]) -> alt.Color:
    """Encode `tone`, a name of the mapping, in its colour; a legend tells two or more apart."""
    return alt.Color(
        "tone:N",
        scale=alt.Scale(domain=list(names.values()), range=[COLOURS[tone] for tone in names]),
        legend=alt.Legend(title=None, orient="top") if len(names) > 1 else None,
    )


def figure_text(value: float, unit: str = "") -> str:
    """Return a number for a label: at most one decimal, and its unit.

    >>> figure_text(1234567.0), figure_text(12.34, "km").split()
    ('1,234,567', ['12.3', 'km'])
    """
    rounded = round(value, 1)
    text = f"{rounded:,.0f}" if float(rounded).is_integer() else f"{rounded:,.1f}"
    return f"{text}\N{NO-BREAK SPACE}{unit}" if unit else text


def composed(title: str, subtitle: str, parts: Sequence[Panel]) -> alt.ConcatChart:
    """Put charts below each other under a title and a subtitle, in the style of all charts."""
    headed = alt.TitleParams(
        textwrap.wrap(title, _TITLE_CHARACTERS),
        subtitle=textwrap.wrap(subtitle, _SUBTITLE_CHARACTERS),
        anchor="start",
        fontSize=16,
        subtitleFontSize=12,
        subtitleColor=_QUIET,
        subtitlePadding=6,
        offset=18,
    )
    chart = alt.concat(*parts, columns=1, spacing=34, title=headed, align="none", bounds="full")
    chart = chart.resolve_scale(color="independent", size="independent", shape="independent")
    styled: alt.ConcatChart = chart.configure(
        background="white",
        font=_FONT,
        padding=16,
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(
            labelColor=INK,
            titleColor=_QUIET,
            titleFontWeight="normal",
            gridColor=_LINE,
            domainColor=_LINE,
            tickColor=_LINE,
            labelFontSize=12,
            titleFontSize=12,
        ),
        legend=alt.LegendConfig(
            labelFontSize=12, labelColor=INK, labelLimit=400, symbolStrokeWidth=0
        ),
        title=alt.TitleConfig(color=INK, fontSize=13, anchor="start", frame="group"),
    )
    return styled

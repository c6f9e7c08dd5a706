"""The charts of a report, drawn beforehand: pictures that stand in the page itself."""

from __future__ import annotations

import base64
import importlib.util
from typing import TYPE_CHECKING

from graphchannel.report.pages.views import ChartView

if TYPE_CHECKING:
    import altair as alt

    from graphchannel.channel.report_facts import ChannelFigures

__all__ = ["can_draw", "pictures"]


def can_draw() -> bool:
    """Tell whether the libraries of the extra `charts` are there."""
    return all(importlib.util.find_spec(name) for name in ("altair", "vl_convert"))


def pictures(figures: ChannelFigures) -> dict[str, ChartView]:
    """Return the charts by the part of the report that has them."""
    from graphchannel.report.charts.dependencies import resilience_chart  # noqa: PLC0415 - an extra
    from graphchannel.report.charts.key_figures import key_figures_chart  # noqa: PLC0415 - with it
    from graphchannel.report.charts.places import (  # noqa: PLC0415 - with it
        cities_chart,
        distributors_chart,
        regions_chart,
    )

    return {
        "coverage": _picture(regions_chart(figures.regions), "Regions by how they are covered"),
        "cities": _picture(cities_chart(figures.cities), "Key cities with and without a branch"),
        "reach": _picture(distributors_chart(figures.reaches), "What distributors reach"),
        "resilience": _picture(resilience_chart(figures.resilience), "What depends on whom"),
        "kpi": _picture(key_figures_chart(figures.key_figures.figures), "Goals and their course"),
    }


def _picture(chart: alt.TopLevelMixin, text: str) -> ChartView:
    from graphchannel.report.charts.write import chart_svg  # noqa: PLC0415 - an extra

    encoded = base64.b64encode(chart_svg(chart).encode()).decode()
    return ChartView(f"data:image/svg+xml;base64,{encoded}", text)

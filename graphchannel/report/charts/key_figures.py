"""Charts of key figures: goals, recruitment, roles, markets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.report.charts.bars import Bar, BarChange, changes, ranked_bars
from graphchannel.report.charts.courses import course
from graphchannel.report.charts.style import Tone, composed, figure_text

if TYPE_CHECKING:
    import altair as alt

    from graphchannel.analysis.kpi.figures import KeyFigures
    from graphchannel.analysis.kpi.goals import GoalProgress

__all__ = ["key_figures_chart"]

_SMALLEST = 0.001  # share of a market that is drawn
_TONES = {
    "reached": Tone.GOOD,
    "kept": Tone.GOOD,
    "on the way": Tone.PLAIN,
    "late": Tone.WEAK,
    "not at this pace": Tone.WEAK,
    "missed": Tone.GAP,
    "exceeded": Tone.GAP,
}
_NAMES = {
    Tone.GOOD: "reached or kept",
    Tone.PLAIN: "on the way",
    Tone.WEAK: "late, or not at this pace",
    Tone.GAP: "missed or exceeded",
}
_MEASURES = {
    "partners": "partners",
    "partner_revenue_share": "revenue through partners",
    "top_market_share": "largest market (at most)",
}


def key_figures_chart(figures: KeyFigures) -> alt.ConcatChart:
    """Draw how far the goals are, the partners by month and role, and the markets by share."""
    period, partners = figures.period, figures.partners
    goal = next(
        (g.goal for g in figures.goals if g.goal.measure == "partners" and g.scope is None), None
    )
    months = [(month.ends_on, float(month.partners)) for month in partners.months]
    markets = [
        Bar(f"{market.country or 'unknown'}, {market.currency or '?'}", 100 * market.share)
        for revenue in figures.revenue.currencies
        for market in revenue.markets
        if market.share is not None and market.share >= _SMALLEST
    ]
    return composed(
        f"{partners.total.now:,} partners, {partners.total.net:+,} since {period.since}",
        f"Key figures as of {period.as_of}.",
        [
            ranked_bars(
                [_goal(entry) for entry in figures.goals if entry.status in _TONES],
                "Goals: what there is in percent of what there should be",
                unit="%",
                tones=_NAMES,
                target=100,
                target_name="goal",
            ),
            course(
                [(period.before, float(partners.total.before)), *months],
                "Partners at the end of each month",
                goal=goal.value if goal else None,
                goal_name=f"goal {figure_text(goal.value)}" if goal else "",
            ),
            changes(
                [BarChange(role.name or "?", role.before, role.now) for role in partners.roles],
                "Partners by role",
                before=str(period.before),
                after=str(period.as_of),
            ),
            ranked_bars(
                sorted(markets, key=lambda bar: (-bar.value, bar.name)),
                "Share of each market in the revenue of its currency, from 0.1 % on",
                unit="%",
            ),
        ],
    )


def _goal(entry: GoalProgress) -> Bar:
    goal, now = entry.goal, entry.now or 0.0
    return Bar(
        f"{_MEASURES[goal.measure]}{f', {entry.scope}' if entry.scope else ''}",
        100 * now / goal.value if goal.value else 0.0,
        _TONES.get(entry.status, Tone.QUIET),
        figure=f"{_figure(entry, now)} of {_figure(entry, goal.value)}",
    )


def _figure(entry: GoalProgress, value: float) -> str:
    """Return a count, or a share in percent; a share that just misses its goal in more digits."""
    if entry.goal.measure == "partners":
        return figure_text(value)
    near = value != entry.goal.value and round(100 * (value - entry.goal.value), 1) == 0
    return f"{100 * value:.7g} %" if near else figure_text(100 * value, "%")

"""How far the policy's goals are, and when they are reached if things go on like this."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from graphchannel.analysis.kpi.partners import Headcount

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphchannel.analysis.kpi.calendar import CalendarMonths
    from graphchannel.analysis.kpi.partners import PartnerFigures
    from graphchannel.analysis.kpi.revenue import RevenueFigures
    from graphchannel.policy import Goal, Policy

__all__ = ["DAYS_A_MONTH", "GoalProgress", "GoalStatus", "goal_progress", "reached_on"]

GoalStatus = Literal[
    "reached",
    "on the way",
    "late",
    "not at this pace",
    "missed",
    "kept",
    "exceeded",
    "not judged: one market",
    "unknown",
]
DAYS_A_MONTH = Fraction(146_097, 4_800)  # 400 years of the calendar have 4,800 months


@dataclass(frozen=True, slots=True)
class GoalProgress:
    """One goal, of one scope: all partners, a role, a country, or the revenue in a currency.

    `now` is None where nothing can be said. `net_a_month` is the net recruitment of the period,
    `reached_on` the first day on which it reaches the goal if it goes on evenly (`late`: after the
    goal is due), and `needed_a_month` what it takes to reach it when it is due; these are of
    partners only. Of a share only `reached` or `missed` is known; the largest market of a currency
    in which there is but one is all of it, and not judged.
    """

    goal: Goal
    scope: str | None
    now: float | None
    status: GoalStatus
    net_a_month: Fraction | None = None
    reached_on: date | None = None
    needed_a_month: Fraction | None = None


def goal_progress(
    policy: Policy, partners: PartnerFigures, revenue: RevenueFigures, period: CalendarMonths
) -> tuple[GoalProgress, ...]:
    """Hold the figures against the goals, in the policy's order."""
    found: list[GoalProgress] = []
    for goal in policy.goals:
        if goal.measure == "partners":
            found.append(_partners(goal, _headcount(goal, partners), period))
        else:
            found += _shares(goal, revenue)
    return tuple(found)


def reached_on(count: Headcount, value: float, period: CalendarMonths) -> date | None:
    """Return the first day on which a count reaches `value`, at the period's pace from its end on.

    None if it does not grow, or not before the end of the calendar; the last day of the period if
    it has reached it.
    """
    missing = Fraction(value) - count.now
    if missing <= 0:
        return period.as_of
    if count.net <= 0:
        return None
    days = -(-missing * period.days // count.net)
    left = (date.max - period.as_of).days
    return period.as_of + timedelta(days=int(days)) if days <= left else None


def _headcount(goal: Goal, partners: PartnerFigures) -> Headcount:
    """Return the partners that a goal is about; none where a country has none."""
    key = goal.role or goal.country
    if key is None:
        return partners.total
    counts = partners.roles if goal.role else partners.countries
    return next((count for count in counts if count.key == key), Headcount(key, key, 0, 0))


def _partners(goal: Goal, count: Headcount, period: CalendarMonths) -> GoalProgress:
    day = reached_on(count, goal.value, period)
    reached = count.now >= goal.value
    status: GoalStatus = "on the way"
    if reached:
        status = "reached"
    elif day is None:
        status = "not at this pace"
    elif goal.due is not None and day > goal.due:
        status = "late"
    needed = None
    if goal.due is not None and goal.due > period.as_of and not reached:
        missing = Fraction(goal.value) - count.now
        needed = missing * DAYS_A_MONTH / (goal.due - period.as_of).days
    return GoalProgress(
        goal,
        count.key,
        count.now,
        status,
        Fraction(count.net) * DAYS_A_MONTH / period.days,
        None if reached else day,
        needed,
    )


def _shares(goal: Goal, revenue: RevenueFigures) -> Iterator[GoalProgress]:
    """Judge a share in each currency in which the vendor has revenue."""
    entries = [entry for entry in revenue.currencies if entry.lines]
    for entry in entries:
        if goal.measure == "partner_revenue_share":
            now = entry.partner_share
            status = _status(now, goal.value, "reached", "missed")
        else:
            now = entry.top_market.share if entry.top_market else None
            one = sum(bool(market.share) for market in entry.markets) == 1
            status = (
                "not judged: one market"
                if one and now is not None
                else _status(None if now is None else -now, -goal.value, "kept", "exceeded")
            )
        yield GoalProgress(goal, entry.currency, now, status)
    if not entries:
        yield GoalProgress(goal, None, None, "unknown")


def _status(now: float | None, least: float, good: GoalStatus, bad: GoalStatus) -> GoalStatus:
    return "unknown" if now is None else good if now >= least else bad

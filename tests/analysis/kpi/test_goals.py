"""Goals: the numbers of the market situation, and when a pace reaches them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from graphchannel.analysis.kpi import CalendarMonths, Headcount, last_months, reached_on
from graphchannel.analysis.kpi.goals import GoalProgress, goal_progress
from graphchannel.analysis.kpi.partners import PartnerFigures
from graphchannel.analysis.kpi.revenue import RevenueFigures, revenue_figures
from graphchannel.errors import GraphChannelError
from graphchannel.policy import Goal, Policy
from tests.findings.network import POLICY

YEAR = last_months(date(2014, 12, 31), 12, 90)
NOTHING = RevenueFigures((), 0)


def partners(before: int, now: int, **countries: tuple[int, int]) -> PartnerFigures:
    """Return figures with a total and some countries."""
    total = Headcount(None, None, before, now)
    places = tuple(Headcount(key, key, *counts) for key, counts in countries.items())
    roles = (Headcount("gold", "Gold partner", 3, 4),)
    return PartnerFigures(total, roles, places, (), ())


def policy(*goals: Goal) -> Policy:
    return replace(POLICY, goals=goals)


def progress(
    goal: Goal,
    figures: PartnerFigures | None = None,
    revenue: RevenueFigures = NOTHING,
    period: CalendarMonths = YEAR,
) -> GoalProgress:
    (found,) = goal_progress(policy(goal), figures or partners(600, 700), revenue, period)
    return found


def test_from_700_partners_to_1000() -> None:
    goal = POLICY.goals[0]
    assert (goal.measure, goal.value, goal.due) == ("partners", 1000, date(2015, 12, 31))
    found = progress(goal)
    assert (found.now, found.status, found.scope) == (700, "late", None)
    # 100 in 365 days: the 300 that are missing take 1,095 days.
    assert found.reached_on == date(2014, 12, 31) + timedelta(days=1095)
    assert found.net_a_month == Fraction(100 * 146_097, 365 * 4_800)
    assert found.needed_a_month == Fraction(300 * 146_097, 365 * 4_800)
    assert round(float(found.needed_a_month or 0)) == 25


@pytest.mark.parametrize(
    ("before", "now", "status", "day"),
    [
        (700, 1000, "reached", None),
        (1100, 1050, "reached", None),
        (700, 700, "not at this pace", None),
        (700, 650, "not at this pace", None),
        (0, 999, "on the way", date(2015, 1, 1)),  # 1 of 999 a year: within the day
        (634, 999, "on the way", date(2015, 1, 1)),  # exactly one a day
        (635, 999, "on the way", date(2015, 1, 2)),  # a little less
    ],
)
def test_when_a_pace_reaches_the_goal(before: int, now: int, status: str, day: date | None) -> None:
    found = progress(POLICY.goals[0], partners(before, now))
    assert (found.status, found.reached_on) == (status, day)
    assert (found.needed_a_month is None) == (status == "reached")


@pytest.mark.parametrize("net", [1, 7, 100, 365, 1000])
@pytest.mark.parametrize("missing", [1, 2, 299, 300, 5000])
def test_the_day_is_the_first_that_is_late_enough(net: int, missing: int) -> None:
    count = Headcount(None, None, 0, net)
    day = reached_on(count, net + missing, YEAR)
    assert day is not None
    days = (day - YEAR.as_of).days
    assert Fraction(net, YEAR.days) * days >= missing
    assert Fraction(net, YEAR.days) * (days - 1) < missing


def test_a_pace_that_outlasts_the_calendar_reaches_nothing() -> None:
    assert reached_on(Headcount(None, None, 0, 1), 10_000, YEAR) is None
    assert progress(Goal("partners", 10_000, "x"), partners(0, 1)).status == "not at this pace"


def test_goals_of_a_country_and_of_a_role() -> None:
    found = progress(Goal("partners", 5, "x", country="DE"), partners(9, 9, DE=(2, 3), FR=(9, 9)))
    assert (found.scope, found.now) == ("DE", 3)
    assert progress(Goal("partners", 5, "x", role="gold")).now == 4
    none = progress(Goal("partners", 5, "x", country="IT"), partners(9, 9, DE=(2, 3)))
    assert (none.now, none.status) == (0, "not at this pace")


def test_a_goal_that_was_due_needs_no_pace() -> None:
    found = progress(Goal("partners", 1000, "x", due=YEAR.as_of))
    assert (found.status, found.needed_a_month) == ("late", None)


def test_a_goal_is_on_the_way_until_the_day_on_which_it_is_due() -> None:
    day = progress(Goal("partners", 1000, "x")).reached_on
    assert day is not None
    on_time = Goal("partners", 1000, "x", due=day)
    assert progress(on_time).status == "on the way"
    assert progress(replace(on_time, due=day - timedelta(days=1))).status == "late"
    assert progress(replace(on_time, due=None)).status == "on the way"


def row(buyer: str, market: str | None, amount: int, currency: str = "USD") -> dict[str, object]:
    """Return a row of `kpi_revenue`; `amount` in millions."""
    return {
        "seller_role": "vendor",
        "buyer_role": buyer,
        "market": market,
        "currency": currency,
        "lines": 1,
        "priced": 1,
        "amount": amount * 10**10,
    }


def test_78_percent_through_partners_and_60_percent_in_one_market() -> None:
    # 3.1 billion, 60 % of it in China, 78 % of it through partners.
    revenue = revenue_figures(
        [row("distributor", "CN", 1860), row("vap", "DE", 558), row("end_user", "DE", 682)]
    )
    (entry,) = revenue.currencies
    assert entry.total == Decimal(3_100_000_000)
    share = progress(POLICY.goals[1], revenue=revenue)
    assert (share.now, share.status, share.scope) == (0.78, "missed", "USD")
    top = progress(POLICY.goals[2], revenue=revenue)
    assert (top.now, top.status) == (0.6, "kept")
    assert entry.top_market is not None
    assert entry.top_market.country == "CN"
    assert entry.herfindahl == pytest.approx(0.6**2 + 0.4**2)


def test_shares_are_judged_in_each_currency_of_the_vendor() -> None:
    others = row("end_user", "DE", 5, "CHF") | {"seller_role": "gold"}
    revenue = revenue_figures([row("vap", "CN", 1), row("vap", None, 1, "EUR"), others])
    found = goal_progress(policy(*POLICY.goals[1:]), partners(1, 1), revenue, YEAR)
    assert [(p.goal.measure, p.scope, p.status) for p in found] == [
        ("partner_revenue_share", "EUR", "reached"),
        ("partner_revenue_share", "USD", "reached"),
        ("top_market_share", "EUR", "unknown"),
        ("top_market_share", "USD", "not judged: one market"),
    ]
    assert progress(POLICY.goals[1]).status == "unknown"


@pytest.mark.parametrize(
    ("rows", "share", "status"),
    [
        ([("CN", 7)], 1.0, "not judged: one market"),
        ([("CN", 7), ("DE", 0)], 1.0, "not judged: one market"),
        ([("CN", 7), ("DE", 3)], 0.7, "exceeded"),
        ([("CN", 7), (None, 3)], 0.7, "exceeded"),
        ([("CN", 8), ("DE", -3)], 1.0, "not judged: one market"),
        ([("CN", 8), ("FR", 2), ("DE", -3)], 0.8, "exceeded"),
        ([("CN", 1), ("DE", 1)], 0.5, "kept"),
        ([(None, 1)], None, "unknown"),
    ],
)
def test_the_largest_of_one_market_is_not_judged(
    rows: list[tuple[str | None, int]], share: float | None, status: str
) -> None:
    figures = revenue_figures([row("vap", market, amount) for market, amount in rows])
    top = progress(POLICY.goals[2], revenue=figures)
    assert (top.now, top.status) == (share, status)


def test_months_and_quarters_end_with_the_as_of_day() -> None:
    period = last_months(date(2016, 2, 29), 3, 90)
    assert [str(day) for day in period.month_ends] == [
        "2015-11-30",
        "2015-12-31",
        "2016-01-31",
        "2016-02-29",
    ]
    assert [str(day) for day in period.quarter_ends] == ["2015-12-31", "2016-02-29"]
    assert (period.since, period.until) == (date(2015, 12, 1), date(2016, 5, 29))
    assert last_months(date.max, 1, 90).until == date.max
    assert last_months(date(2015, 6, 30), 1, 10**12).until == date.max


@pytest.mark.parametrize("months", range(1, 40))
def test_the_calendar_has_a_beginning(months: int) -> None:
    """Every period is either refused or whole."""
    for year, month in ((1, 1), (1, 12), (2, 5), (4, 1)):
        try:
            period = last_months(date(year, month, 15), months, 90)
        except GraphChannelError:
            continue
        assert len(period.month_ends) == months + 1
        assert len(period.quarter_ends) == -(-months // 3) + 1

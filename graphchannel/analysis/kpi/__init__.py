"""Key figures: partners and their roles, revenue, promises, and how far the goals are."""

from __future__ import annotations

from graphchannel.analysis.kpi.calendar import CalendarMonths, last_months
from graphchannel.analysis.kpi.figures import KeyFigures, Recertification, key_figures
from graphchannel.analysis.kpi.goals import GoalProgress, reached_on
from graphchannel.analysis.kpi.partners import Headcount, Month, PartnerFigures, Quarter
from graphchannel.analysis.kpi.revenue import Market, Promises, Revenue, RevenueFigures

__all__ = [
    "CalendarMonths",
    "GoalProgress",
    "Headcount",
    "KeyFigures",
    "Market",
    "Month",
    "PartnerFigures",
    "Promises",
    "Quarter",
    "Recertification",
    "Revenue",
    "RevenueFigures",
    "key_figures",
    "last_months",
    "reached_on",
]

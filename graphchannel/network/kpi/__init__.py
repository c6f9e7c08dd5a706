"""Key figures: partners and their roles, revenue, promises, and how far the goals are."""

from __future__ import annotations

from graphchannel.network.kpi.calendar import Period, last_months
from graphchannel.network.kpi.figures import KeyFigures, Recertification, key_figures
from graphchannel.network.kpi.goals import GoalProgress, reached_on
from graphchannel.network.kpi.partners import Headcount, Month, PartnerFigures, Quarter
from graphchannel.network.kpi.revenue import Market, Promises, Revenue, RevenueFigures

__all__ = [
    "GoalProgress",
    "Headcount",
    "KeyFigures",
    "Market",
    "Month",
    "PartnerFigures",
    "Period",
    "Promises",
    "Quarter",
    "Recertification",
    "Revenue",
    "RevenueFigures",
    "key_figures",
    "last_months",
    "reached_on",
]

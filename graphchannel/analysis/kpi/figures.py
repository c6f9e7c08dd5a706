"""All key figures of a day: the queries `kpi_*` on an engine, summed up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphchannel.analysis.kpi.goals import goal_progress
from graphchannel.analysis.kpi.partners import issuer_figures, partner_figures
from graphchannel.analysis.kpi.revenue import promise_figures, revenue_figures

if TYPE_CHECKING:
    from datetime import date

    from graphchannel.analysis.fetch import Fetch
    from graphchannel.analysis.kpi.calendar import CalendarMonths
    from graphchannel.analysis.kpi.goals import GoalProgress
    from graphchannel.analysis.kpi.partners import Headcount, PartnerFigures
    from graphchannel.analysis.kpi.revenue import Promises, RevenueFigures
    from graphchannel.policy import Policy

__all__ = ["KeyFigures", "Recertification", "key_figures"]


@dataclass(frozen=True, slots=True)
class Recertification:
    """A certificate that ends soon, with no other for the role to follow it."""

    ends_on: date
    partner: str
    name: str
    role: str
    country: str | None
    issuer: str


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """The channel on a day, and over the months up to it.

    `issuers` are those who certify partners, the vendor among them. `recertifications` are in the
    order of the days on which they are due.
    """

    period: CalendarMonths
    goals: tuple[GoalProgress, ...]
    partners: PartnerFigures
    issuers: tuple[Headcount, ...]
    revenue: RevenueFigures
    promises: tuple[Promises, ...]
    recertifications: tuple[Recertification, ...]


def key_figures(fetch: Fetch, policy: Policy, period: CalendarMonths) -> KeyFigures:
    """Compute the key figures; `fetch` knows the parameters of the period. Raises EngineError."""
    partners = partner_figures(fetch.rows("kpi_histories"), policy, period)
    revenue = revenue_figures(fetch.rows("kpi_revenue"))
    due: list[dict[str, Any]] = fetch.rows("kpi_recertifications")
    return KeyFigures(
        period,
        goal_progress(policy, partners, revenue, period),
        partners,
        issuer_figures(fetch.rows("kpi_issuers"), period),
        revenue,
        promise_figures(fetch.rows("kpi_promises"), period.as_of),
        tuple(Recertification(**row) for row in due),
    )

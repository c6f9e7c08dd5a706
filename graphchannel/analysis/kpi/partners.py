"""How many partners there are, of which role and where, and how that changes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from graphchannel.analysis.kpi.calendar import CalendarMonths
    from graphchannel.policy import Policy

__all__ = ["Headcount", "Month", "PartnerFigures", "Quarter", "issuer_figures", "partner_figures"]

_UPPER_TIER = 1  # its roles are no levels of one ladder


@dataclass(frozen=True, slots=True)
class Headcount:
    """Partners that have something in common, on the day before the period and on its last day.

    `key` is a role, a country (None: not recorded) or an issuer.
    """

    key: str | None
    name: str | None
    before: int
    now: int

    @property
    def net(self) -> int:
        """Net recruitment of the period."""
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class Month:
    """A month, by its last day: the partners then, and who was not there when the last one ended.

    `lost` are those that were there then and are no more.
    """

    ends_on: date
    partners: int
    recruited: int
    lost: int

    @property
    def net(self) -> int:
        """Net recruitment of the month."""
        return self.recruited - self.lost


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter, by its last day: partners that were there at both ends, and how they moved.

    Upgrades and downgrades are moves between the tier-2 roles, which the policy lists from the
    highest level down; any other change of role is one to another kind of partner.
    """

    ends_on: date
    stayed: int
    upgrades: int
    downgrades: int
    other_changes: int


@dataclass(frozen=True, slots=True)
class PartnerFigures:
    """The partners as a whole and by role (the policy's order), country, month and quarter."""

    total: Headcount
    roles: tuple[Headcount, ...]
    countries: tuple[Headcount, ...]
    months: tuple[Month, ...]
    quarters: tuple[Quarter, ...]


@dataclass(frozen=True, slots=True)
class _History:
    """What `partners` partners of a country have in common: the rank of their role by day."""

    country: str | None
    ranks: Mapping[date, int]
    partners: int


def partner_figures(
    rows: Iterable[Mapping[str, Any]], policy: Policy, period: CalendarMonths
) -> PartnerFigures:
    """Sum up the rows of `kpi_histories`."""
    histories = [
        _History(row["country"], dict(zip(row["days"], row["ranks"], strict=True)), row["partners"])
        for row in rows
    ]
    days = (period.before, period.as_of)
    by_role = [Counter[int]() for _ in days]
    by_country = [Counter[str | None]() for _ in days]
    for history in histories:
        for day, roles, countries in zip(days, by_role, by_country, strict=True):
            if day in history.ranks:
                roles[history.ranks[day]] += history.partners
                countries[history.country] += history.partners
    return PartnerFigures(
        Headcount(None, None, by_role[0].total(), by_role[1].total()),
        tuple(
            Headcount(role.id, role.name, by_role[0][role.rank], by_role[1][role.rank])
            for role in policy.roles
        ),
        _by_number(
            Headcount(country, country, by_country[0][country], by_country[1][country])
            for country in by_country[0] | by_country[1]
        ),
        tuple(
            _month(histories, start, end)
            for start, end in zip(period.month_ends, period.month_ends[1:], strict=False)
        ),
        tuple(
            _quarter(histories, policy, start, end)
            for start, end in zip(period.quarter_ends, period.quarter_ends[1:], strict=False)
        ),
    )


def issuer_figures(
    rows: Iterable[Mapping[str, Any]], period: CalendarMonths
) -> tuple[Headcount, ...]:
    """Sum up the rows of `kpi_issuers`, those with the most partners first."""
    names: dict[str, str] = {}
    counts: Counter[tuple[str, date]] = Counter()
    for row in rows:
        names[row["issuer"]] = row["name"]
        counts[row["issuer"], row["day"]] += row["partners"]
    return _by_number(
        Headcount(issuer, name, counts[issuer, period.before], counts[issuer, period.as_of])
        for issuer, name in names.items()
    )


def _month(histories: Iterable[_History], start: date, end: date) -> Month:
    partners = recruited = lost = 0
    for history in histories:
        at_start, at_end = start in history.ranks, end in history.ranks
        partners += history.partners * at_end
        recruited += history.partners * (at_end and not at_start)
        lost += history.partners * (at_start and not at_end)
    return Month(end, partners, recruited, lost)


def _quarter(histories: Iterable[_History], policy: Policy, start: date, end: date) -> Quarter:
    levels = {role.rank for role in policy.roles if role.supply_tier > _UPPER_TIER}
    stayed = up = down = other = 0
    for history in histories:
        before, after = history.ranks.get(start), history.ranks.get(end)
        if before is None or after is None:
            continue
        stayed += history.partners
        if before == after:
            continue
        if not {before, after} <= levels:
            other += history.partners
        elif after < before:
            up += history.partners
        else:
            down += history.partners
    return Quarter(end, stayed, up, down, other)


def _by_number(counts: Iterable[Headcount]) -> tuple[Headcount, ...]:
    return tuple(sorted(counts, key=lambda c: (-c.now, -c.before, c.key is None, c.key or "")))

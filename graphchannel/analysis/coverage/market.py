"""How much of its market a distributor reaches: the policy asks for most of it in each country.

A distributor's market in a country is the demand of the smallest regions there in which it is
authorized by name. It reaches one of them with a branch of its own that is open on the day in a
city of the region, or through a partner that it certified, in a role that it may supply, whose
certificate holds on the day, that is active and authorized in the region.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING

from graphchannel.analysis.coverage.places import country_of, demand_of
from graphchannel.analysis.coverage.regions import presences
from graphchannel.analysis.coverage.routes import distributing_roles, may_supply

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from graphchannel.analysis.coverage.facts import Facts
    from graphchannel.policy import Policy

__all__ = ["MarketReach", "Standpoint", "market_reach", "reaches", "threshold_of"]


@dataclass(frozen=True, slots=True)
class Standpoint:
    """A certificate that holds on the day, of an active partner authorized in a smallest region.

    `demand` is that stated for the region, `branch` tells of an open branch of the partner there.
    """

    region: str
    country: str | None
    demand: float | None
    partner: str
    role: str
    issuer: str | None
    branch: bool


@dataclass(frozen=True, slots=True)
class MarketReach:
    """A distributor in one country.

    `regions` are those of its market, `by_branch` and `by_resellers` those that it reaches, in the
    order of ids, `missing` the others, by falling demand; `resellers` are the partners through
    which it reaches them. `share` is the part of `demand` that is reached, None where a region that
    it reaches states no demand, or none does.
    """

    distributor: str
    country: str | None
    regions: tuple[str, ...]
    by_branch: tuple[str, ...]
    by_resellers: tuple[str, ...]
    missing: tuple[str, ...]
    resellers: tuple[str, ...]
    demand: float | None
    reached: float | None
    share: float | None


def market_reach(facts: Facts, country: str | None = None) -> list[MarketReach]:
    """Measure every distributor in every country, or in one.

    The smallest shares come first, unknown ones last.
    """
    found = reaches(_standpoints(facts), facts.policy)
    return [market for market in found if country in (None, market.country)]


def threshold_of(policy: Policy) -> float | None:
    """Return the least share that the policy asks for, None if it sets none."""
    parameter = policy.parameters.get("market_share_threshold")
    value = parameter.value if parameter else None
    return float(value) if isinstance(value, int | float) else None


def reaches(rows: Iterable[Standpoint], policy: Policy) -> list[MarketReach]:
    """Measure what `market_reach` does, from rows."""
    there: defaultdict[str, list[Standpoint]] = defaultdict(list)
    markets: defaultdict[tuple[str, str], dict[str, list[Standpoint]]] = defaultdict(dict)
    for row in rows:
        there[row.region].append(row)
    roles = distributing_roles(policy)
    for region in sorted(there):
        for row in there[region]:
            if row.role in roles:
                markets[row.partner, row.country or ""].setdefault(region, there[region])
    found = [_measured(*key, market, policy) for key, market in markets.items()]
    return sorted(
        found,
        key=lambda m: (m.share is None, m.share or 0.0, m.country or "", m.distributor),
    )


def _standpoints(facts: Facts) -> Iterable[Standpoint]:
    held = presences(facts)
    demand = demand_of(facts.regions)
    branches = {(branch.partner, facts.cities[branch.city].region) for branch in facts.branches}
    for authorization in facts.authorizations:
        region = authorization.region
        for row in held.get(authorization.partner, ()):
            if row.holds and row.active:
                yield Standpoint(
                    region=region,
                    country=country_of(facts.regions, region),
                    demand=demand[region].amount if demand[region].stated else None,
                    partner=row.partner,
                    role=row.role,
                    issuer=row.issuer,
                    branch=(row.partner, region) in branches,
                )


def _measured(
    distributor: str, country: str, market: dict[str, list[Standpoint]], policy: Policy
) -> MarketReach:
    roles = {row.role for rows in market.values() for row in rows if row.partner == distributor}
    buyers = {b for b in policy.role_ids for role in roles if may_supply(policy, role, b)}
    by_branch = [region for region, rows in market.items() if _has_branch(rows, distributor)]
    resellers: defaultdict[str, set[str]] = defaultdict(set)
    for region, rows in market.items():
        for row in rows:
            if row.issuer == distributor and row.role in buyers:
                resellers[region].add(row.partner)
    demands = {region: rows[0].demand for region, rows in market.items()}
    reached = {*by_branch, *resellers}
    known = [value for value in demands.values() if value is not None]
    demand = fsum(known) if known else None
    covered = _sum([demands[region] for region in reached])
    return MarketReach(
        distributor=distributor,
        country=country or None,
        regions=tuple(market),
        by_branch=tuple(by_branch),
        by_resellers=tuple(sorted(resellers)),
        missing=tuple(sorted(market.keys() - reached, key=lambda r: (-(demands[r] or 0.0), r))),
        resellers=tuple(sorted(set[str]().union(*resellers.values()))),
        demand=demand,
        reached=covered,
        share=covered / demand if demand and covered is not None else None,
    )


def _has_branch(rows: Iterable[Standpoint], distributor: str) -> bool:
    return any(row.partner == distributor and row.branch for row in rows)


def _sum(values: Collection[float | None]) -> float | None:
    """Return the sum, None if one of the values is unknown."""
    known = [value for value in values if value is not None]
    return fsum(known) if len(known) == len(values) else None

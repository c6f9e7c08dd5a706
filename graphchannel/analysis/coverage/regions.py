"""Coverage by region: where partners are, where a route that obeys the policy leads, where nothing.

The market is cut into its smallest regions. A region is *covered* if a partner is authorized there
on the day, active, and certified in a role that may supply end users (or in the role asked for). It
is *served* if, besides, a whole route from the vendor leads there; see `routes`. *White space* is
demand where no partner is.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from math import fsum
from typing import TYPE_CHECKING, Literal

from graphchannel.analysis.coverage.places import Point, country_of, demand_of, places
from graphchannel.analysis.coverage.routes import Presence, Reach, last_roles, reach

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from graphchannel.analysis.coverage.facts import Facts, Sale
    from graphchannel.analysis.coverage.places import Demand, Place

__all__ = [
    "Coverage",
    "RegionCoverage",
    "Share",
    "coverage",
    "money",
    "presences",
    "reach_of_places",
]

_CURRENCY_UNIT = 4  # amounts of sales are whole ten-thousandths


@dataclass(frozen=True, slots=True)
class RegionCoverage:
    """One smallest region.

    `demand` is None where unknown; `weight` is what it counts in weighted coverage. `units` and
    `sales` (by currency) went to end users there in the period. `roles` counts the partners by
    role, all roles of the policy. `partners` are those that cover it, `covered` tells whether there
    are any. `reach` holds the routes.
    """

    id: str
    name: str
    country: str | None
    point: Point | None
    demand: float | None
    weight: float
    units: int
    sales: Mapping[str, Decimal]
    end_users: int
    roles: Mapping[str, int]
    partners: tuple[str, ...]
    reach: Reach

    @property
    def covered(self) -> bool:
        """Whether a partner is there that counts."""
        return bool(self.partners)

    @property
    def served(self) -> bool:
        """Whether a route that obeys the policy leads there."""
        return self.reach.served


@dataclass(frozen=True, slots=True)
class Share:
    """Coverage of a country, of a region above others, or of all (`id` None).

    `numeric` is the share of the smallest regions that is covered, `weighted` the share of their
    weight; `served` and `served_weighted` are the same of those that are served. A share of nothing
    is None. `demand` and `units` are sums, `roles` counts distinct partners.
    """

    id: str | None
    regions: int
    covered: int
    numeric: float | None
    weighted: float | None
    served: int
    served_numeric: float | None
    served_weighted: float | None
    demand: float | None
    units: int
    sales: Mapping[str, Decimal]
    end_users: int
    roles: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Coverage:
    """All of it, gaps first: without partner by falling weight, without route, then the rest.

    `roles` are those that cover a region. `weighted_by` is `demand`, or `units` sold where no
    region of the market states any demand. `without_demand` counts regions that weigh nothing for
    that reason, `spread` those whose demand is an equal share of that of a region around them.
    Units that no smallest region has: `larger` by the larger region that their city is in,
    `nowhere` those that went to no known city.
    """

    roles: tuple[str, ...]
    weighted_by: Literal["demand", "units"]
    without_demand: int
    spread: int
    regions: tuple[RegionCoverage, ...]
    countries: tuple[Share, ...]
    total: Share
    larger: Mapping[str, int]
    nowhere: int

    @property
    def white_space(self) -> tuple[RegionCoverage, ...]:
        """Regions without any partner, by falling weight."""
        return tuple(region for region in self.regions if not region.covered)

    @property
    def unserved(self) -> tuple[RegionCoverage, ...]:
        """Regions that have partners on paper but no route that obeys the policy."""
        return tuple(r for r in self.regions if r.reach.on_paper and not r.served)


def coverage(facts: Facts, role: str | None = None, country: str | None = None) -> Coverage:
    """Measure coverage on the day of the facts.

    `role` lets partners of that role alone count; `country` leaves out regions of others.
    """
    roles = (role,) if role else last_roles(facts.policy)
    chosen = {
        place.id: place
        for place in places(facts.regions, facts.cities.values()).values()
        if country is None or place.country == country
    }
    every = demand_of(facts.regions)
    known = any(entry.amount is not None for entry in every.values())
    demand = {id_: every[id_] for id_ in chosen}
    sold = _by_region(facts.sales)
    reaches = reach_of_places(facts)
    weighed = demand if known else None
    found = [
        _region(facts, place, sold[place.id], reaches[place.id], roles, demand=weighed)
        for place in chosen.values()
    ]
    found.sort(key=lambda r: (r.covered + r.served, -r.weight, r.id))
    countries = sorted({region.country or "" for region in found})
    return Coverage(
        roles=roles,
        weighted_by="demand" if known else "units",
        without_demand=sum(d.amount is None for d in demand.values()) if known else 0,
        spread=sum(d.amount is not None and not d.stated for d in demand.values()),
        regions=tuple(found),
        countries=tuple(
            share(country or None, [r for r in found if (r.country or "") == country], facts)
            for country in countries
        ),
        total=share(None, found, facts),
        larger={
            id_: sum(sale.units for sale in sold[id_])
            for id_ in sorted(sold.keys() - every.keys())
            if country is None or country_of(facts.regions, id_) == country
        },
        nowhere=sum(sale.units for sale in facts.sales if sale.region is None),
    )


def _region(
    facts: Facts,
    place: Place,
    sales: Sequence[Sale],
    reach: Reach,
    roles: Collection[str],
    *,
    demand: Mapping[str, Demand] | None,
) -> RegionCoverage:
    """Measure one region; without any demand known, it weighs what was sold there."""
    units = sum(sale.units for sale in sales)
    amount = demand[place.id].amount if demand is not None else None
    return RegionCoverage(
        id=place.id,
        name=place.name,
        country=place.country,
        point=place.point,
        demand=amount,
        weight=float(units) if demand is None else amount or 0.0,
        units=units,
        sales=money(sales),
        end_users=facts.end_users.get(place.id, 0),
        roles=_counted(reach.members.values(), facts),
        partners=tuple(p for p, held in reach.members.items() if held in roles),
        reach=reach,
    )


def reach_of_places(facts: Facts) -> dict[str, Reach]:
    """Return what there is in each smallest region."""
    rows = presences(facts)
    there: defaultdict[str, list[Presence]] = defaultdict(list)
    for authorization in facts.authorizations:
        there[authorization.region] += rows.get(authorization.partner, [])
    return {leaf: reach(there[leaf], facts.policy) for leaf in places(facts.regions, ())}


def presences(facts: Facts) -> dict[str, list[Presence]]:
    """Return the certificates of each partner as the day sees them."""
    found: defaultdict[str, list[Presence]] = defaultdict(list)
    for c in facts.certificates:
        active = facts.partners[c.partner].active(facts.as_of)
        found[c.partner].append(Presence(c.partner, c.role, c.issuer, c.by_vendor, c.holds, active))
    return dict(found)


def share(id_: str | None, regions: list[RegionCoverage], facts: Facts) -> Share:
    """Sum regions up."""
    covered = [region for region in regions if region.covered]
    served = [region for region in regions if region.served]
    weight = fsum(region.weight for region in regions)
    stated = [region.demand for region in regions if region.demand is not None]
    partners = {p: role for region in regions for p, role in region.reach.members.items()}
    return Share(
        id=id_,
        regions=len(regions),
        covered=len(covered),
        numeric=_ratio(len(covered), len(regions)),
        weighted=_ratio(fsum(region.weight for region in covered), weight),
        served=len(served),
        served_numeric=_ratio(len(served), len(regions)),
        served_weighted=_ratio(fsum(region.weight for region in served), weight),
        demand=fsum(stated) if stated else None,
        units=sum(region.units for region in regions),
        sales=_added(region.sales for region in regions),
        end_users=sum(region.end_users for region in regions),
        roles=_counted(partners.values(), facts),
    )


def money(sales: Iterable[Sale]) -> dict[str, Decimal]:
    """Return amounts by currency, those that state one and are not zero."""
    totals: defaultdict[str, int] = defaultdict(int)
    for sale in sales:
        if sale.currency and sale.amount:
            totals[sale.currency] += sale.amount
    return {code: Decimal(totals[code]).scaleb(-_CURRENCY_UNIT) for code in sorted(totals)}


def _by_region(sales: Iterable[Sale]) -> defaultdict[str, list[Sale]]:
    found: defaultdict[str, list[Sale]] = defaultdict(list)
    for sale in sales:
        if sale.region is not None:
            found[sale.region].append(sale)
    return found


def _counted(held: Iterable[str], facts: Facts) -> dict[str, int]:
    """Count partners by role, every role of the policy in its order."""
    listed = list(held)
    return {role: listed.count(role) for role in facts.policy.role_ids}


def _added(parts: Iterable[Mapping[str, Decimal]]) -> dict[str, Decimal]:
    totals: defaultdict[str, Decimal] = defaultdict(Decimal)
    for part in parts:
        for code, amount in part.items():
            totals[code] += amount
    return {code: totals[code] for code in sorted(totals)}


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None

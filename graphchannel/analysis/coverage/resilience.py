"""What depends on each partner: places, key cities and partners that would be lost with it.

Everything follows from dominators of graphs of routes that obey the policy: a node depends on the
partners that every route from the vendor to it leads through. In each smallest region the target
are its end users. For partners and key cities the graphs of all regions are laid over each other: a
partner can be supplied wherever it and its supplier are both authorized, or have the seat there.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING

import networkx as nx

from graphchannel.analysis.coverage.key_cities import holders, key_cities
from graphchannel.analysis.coverage.regions import coverage, money, presences
from graphchannel.analysis.coverage.routes import (
    SINK,
    SOURCE,
    Standing,
    distributing_roles,
    route_graph,
    standings,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping
    from decimal import Decimal

    from graphchannel.analysis.coverage.facts import Facts, Sale
    from graphchannel.analysis.coverage.key_cities import CityCoverage
    from graphchannel.analysis.coverage.places import Point
    from graphchannel.analysis.coverage.regions import RegionCoverage

__all__ = [
    "Loss",
    "Resilience",
    "members_of",
    "resilience",
    "supply_graph",
    "unsupplied",
    "whereabouts",
]


@dataclass(frozen=True, slots=True)
class Loss:
    """What would be lost with one partner.

    `regions` are those that are served today and would not be, `demand` and `end_users` are theirs.
    `cities` are key cities whose only covering distributor it is. `cut_off` are partners that no
    other could supply any more, in the order of ids. `units` and `sales` were sold to end users in
    the period by the partner itself and by those that it cuts off. `stake` is the mean of the
    shares of the whole demand and of all units sold that these are; where the market has no demand
    or nothing was sold, it is the other share alone.
    """

    partner: str
    name: str
    role: str
    country: str | None
    point: Point | None
    regions: tuple[RegionCoverage, ...]
    cities: tuple[CityCoverage, ...]
    cut_off: tuple[str, ...]
    demand: float
    end_users: int
    units: int
    sales: Mapping[str, Decimal]
    stake: float

    @property
    def harmless(self) -> bool:
        """Whether nothing else depends on it."""
        return not (self.regions or self.cities or self.cut_off)


@dataclass(frozen=True, slots=True)
class Resilience:
    """Losses with partners on which something depends, and with every distributor, worst first.

    Ranked by what is at stake, then by regions, key cities and partners cut off. `served` counts
    the regions that are served today; `unsupplied` are partners with a role that nobody could
    supply even today.
    """

    losses: tuple[Loss, ...]
    served: int
    regions: int
    key_cities: int
    partners: int
    unsupplied: tuple[str, ...]


def resilience(facts: Facts, population: int | None = None) -> Resilience:
    """Measure the loss of each partner; `population` makes unmarked cities key cities."""
    standing = members_of(facts)
    graph = supply_graph(facts, standing)
    dependents = _dependents(graph)
    covered = coverage(facts)
    regions: defaultdict[str, list[RegionCoverage]] = defaultdict(list)
    for region in covered.regions:
        for partner in region.reach.sole:
            regions[partner].append(region)
    cities: defaultdict[str, list[CityCoverage]] = defaultdict(list)
    keys = key_cities(facts, population).cities
    for city in keys:
        if len(city.distributors) == 1:
            cities[city.distributors[0]].append(city)
    distributors = holders(facts, distributing_roles(facts.policy))
    market = _WholeMarket(
        fsum(region.demand or 0.0 for region in covered.regions),
        sum(sale.units for sale in facts.sales),
        _by_seller(facts.sales),
    )
    losses = [
        _loss(
            facts,
            partner,
            standing[partner],
            regions=regions[partner],
            cities=cities[partner],
            cut_off=dependents[partner],
            market=market,
        )
        for partner in standing
        if partner in distributors or regions[partner] or cities[partner] or dependents[partner]
    ]
    losses.sort(key=_heaviest)
    return Resilience(
        losses=tuple(losses),
        served=covered.total.served,
        regions=covered.total.regions,
        key_cities=len(keys),
        partners=len(standing),
        unsupplied=unsupplied(graph, standing),
    )


def _heaviest(loss: Loss) -> tuple[float | str, ...]:
    """Order losses by what is at stake, then by how much would be left without anyone."""
    lost = (loss.regions, loss.cities, loss.cut_off)
    return (-loss.stake, *(-len(those) for those in lost), loss.partner)


def unsupplied(graph: nx.DiGraph[Hashable], standing: Mapping[str, Standing]) -> tuple[str, ...]:
    """Return the partners with a role that nobody could supply, by a `supply_graph`."""
    supplied = nx.descendants(graph, SOURCE)
    return tuple(partner for partner in standing if partner not in supplied)


def supply_graph(facts: Facts, standing: Mapping[str, Standing]) -> nx.DiGraph[Hashable]:
    """Return who could supply whom anywhere, from SOURCE down.

    A partner is where it is authorized by name, and in the region of its seat; one that is nowhere
    may buy from whoever is anywhere.
    """
    at: defaultdict[str, dict[str, Standing]] = defaultdict(dict)
    for partner, region in sorted(whereabouts(facts)):
        if partner in standing:
            at[region][partner] = standing[partner]
    somewhere = {partner for members in at.values() for partner in members}
    homeless = standing.keys() - somewhere
    if homeless:
        at[""] = dict(standing)
    graph: nx.DiGraph[Hashable] = nx.DiGraph()
    graph.add_node(SOURCE)
    for region, members in at.items():
        hops = route_graph(members, facts.policy, region)
        graph.add_edges_from(
            (seller, buyer)
            for seller, buyer in hops.edges
            if buyer != SINK and (region or seller == SOURCE or _ends_at(buyer, homeless))
        )
    return graph


def _ends_at(buyer: Hashable, homeless: set[str]) -> bool:
    """Tell whether a hop without a place is one to a partner without a place, or to a role."""
    return buyer in homeless or not isinstance(buyer, str)


def members_of(facts: Facts) -> dict[str, Standing]:
    """Return what each active partner with a role is on the day, by id in order."""
    return standings((row for rows in presences(facts).values() for row in rows), facts.policy)


def whereabouts(facts: Facts) -> set[tuple[str, str]]:
    """Return partners with the regions in which they are authorized or have their seat."""
    named = {(row.partner, row.region) for row in facts.authorizations}
    seats = {
        (partner.id, facts.cities[partner.city].region)
        for partner in facts.partners.values()
        if partner.city is not None
    }
    return named | seats


def _dependents(graph: nx.DiGraph[Hashable]) -> defaultdict[str, tuple[str, ...]]:
    """Return, for each partner, those that no route leads to except through it."""
    above = nx.immediate_dominators(graph, SOURCE)
    found: defaultdict[str, list[str]] = defaultdict(list)
    for partner in sorted(node for node in above if isinstance(node, str)):
        node = above[partner]
        while node is not None and node != SOURCE:
            if isinstance(node, str):
                found[node].append(partner)
            node = above[node]
    result: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    result.update((partner, tuple(below)) for partner, below in found.items())
    return result


@dataclass(frozen=True, slots=True)
class _WholeMarket:
    """All demand, all units sold to end users, and who sold them."""

    demand: float
    units: int
    sold: Mapping[str, list[Sale]]

    def stake(self, demand: float, units: int) -> float:
        """Return the mean share that this is of what there is."""
        parts = [(demand, self.demand), (units, self.units)]
        shares = [part / whole for part, whole in parts if whole]
        return fsum(shares) / len(shares) if shares else 0.0


def _by_seller(sales: Iterable[Sale]) -> defaultdict[str, list[Sale]]:
    found: defaultdict[str, list[Sale]] = defaultdict(list)
    for sale in sales:
        found[sale.seller].append(sale)
    return found


def _loss(
    facts: Facts,
    partner: str,
    standing: Standing,
    *,
    regions: list[RegionCoverage],
    cities: list[CityCoverage],
    cut_off: tuple[str, ...],
    market: _WholeMarket,
) -> Loss:
    known = facts.partners[partner]
    city = facts.cities[known.city] if known.city else None
    sales = [sale for seller in (partner, *cut_off) for sale in market.sold.get(seller, ())]
    demand = fsum(region.demand or 0.0 for region in regions)
    units = sum(sale.units for sale in sales)
    return Loss(
        partner=partner,
        name=known.name,
        role=standing.role,
        country=known.country,
        point=city.point if city else None,
        regions=tuple(regions),
        cities=tuple(cities),
        cut_off=cut_off,
        demand=demand,
        end_users=sum(region.end_users for region in regions),
        units=units,
        sales=money(sales),
        stake=market.stake(demand, units),
    )

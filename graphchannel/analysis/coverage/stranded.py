"""Partners that a change leaves without a supplier, and the nearest that could take them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import networkx as nx

from graphchannel.analysis.coverage.distance import kilometres
from graphchannel.analysis.coverage.resilience import (
    members_of,
    supply_graph,
    unsupplied,
    whereabouts,
)
from graphchannel.analysis.coverage.routes import SOURCE, distributing_roles, may_supply

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from graphchannel.analysis.coverage.facts import City, Facts, Point
    from graphchannel.analysis.coverage.routes import Standing

__all__ = ["Stranded", "Takeover", "stranded"]


@dataclass(frozen=True, slots=True)
class Takeover:
    """A distributor that could supply a partner if it certified it.

    `city` is the one of its seat and branches that is nearest, `kilometres` how far it is from the
    partner's seat; both None where coordinates are missing.
    """

    distributor: str
    name: str
    city: str | None
    kilometres: float | None


@dataclass(frozen=True, slots=True)
class Stranded:
    """A partner that could be supplied before, and still has its role, but no supplier after.

    `suppliers` are those who certified it, as the change leaves them. `nearest` is None where no
    distributor is authorized, or has its seat, where the partner is. `located` tells whether the
    partner's own coordinates are known.
    """

    partner: str
    name: str
    role: str
    country: str | None
    suppliers: tuple[str, ...]
    candidates: int
    nearest: Takeover | None
    located: bool


def stranded(before: Facts, after: Facts) -> tuple[Stranded, ...]:
    """Return the partners that a change leaves without a supplier, in the order of ids.

    A distributor could take one if the policy lets it supply the partner's role, it can be supplied
    itself, and both are in one smallest region: authorized there, or with their seat. One that is
    nowhere may buy from any.
    """
    was = members_of(before)
    lost_before = set(unsupplied(supply_graph(before, was), was))
    standing = members_of(after)
    graph = supply_graph(after, standing)
    found = [
        partner
        for partner in unsupplied(graph, standing)
        if partner in was and partner not in lost_before
    ]
    supplied = nx.descendants(graph, SOURCE)
    roles = distributing_roles(after.policy)
    distributors = {
        id_: held for id_, held in standing.items() if held.role in roles and id_ in supplied
    }
    there = _neighbours(after, distributors)
    offices = {id_: list(_offices(after, id_)) for id_ in distributors}
    return tuple(_stranded(after, partner, standing, there, offices) for partner in found)


def _stranded(
    facts: Facts,
    partner: str,
    standing: Mapping[str, Standing],
    there: Mapping[str, set[str]],
    offices: Mapping[str, list[City]],
) -> Stranded:
    known, held = facts.partners[partner], standing[partner]
    candidates = sorted(
        id_
        for id_ in there.get(partner, offices)
        if id_ != partner and may_supply(facts.policy, standing[id_].role, held.role)
    )
    seat = facts.cities[known.city] if known.city else None
    point = seat.point if seat else None
    return Stranded(
        partner,
        known.name,
        held.role,
        known.country,
        tuple(sorted(held.issuers)),
        len(candidates),
        _nearest(facts, point, candidates, offices),
        point is not None,
    )


def _nearest(
    facts: Facts,
    point: Point | None,
    candidates: Iterable[str],
    offices: Mapping[str, list[City]],
) -> Takeover | None:
    """Return the nearest by its nearest office; those without known places come last."""
    options = []
    for id_ in candidates:
        distances = [
            (kilometres(point, city.point), city.id)
            for city in offices[id_]
            if point is not None and city.point is not None
        ]
        away, city_id = min(distances, default=(None, None))
        options.append((away is None, away or 0.0, id_, city_id, away))
    if not options:
        return None
    _, _, id_, city_id, away = min(options, key=lambda option: option[:3])
    return Takeover(
        id_, facts.partners[id_].name, city_id, None if away is None else round(away, 1)
    )


def _neighbours(facts: Facts, distributors: Mapping[str, Standing]) -> dict[str, set[str]]:
    """Return, for each partner, the distributors in one of the smallest regions where it is."""
    at: defaultdict[str, set[str]] = defaultdict(set)
    where: defaultdict[str, set[str]] = defaultdict(set)
    for partner, region in whereabouts(facts):
        where[partner].add(region)
        if partner in distributors:
            at[region].add(partner)
    return {
        partner: set[str]().union(*(at[region] for region in regions))
        for partner, regions in where.items()
    }


def _offices(facts: Facts, partner: str) -> Iterator[City]:
    """Yield the cities of a partner's seat and open branches."""
    seat = facts.partners[partner].city
    if seat is not None:
        yield facts.cities[seat]
    for branch in facts.branches:
        if branch.partner == partner:
            yield facts.cities[branch.city]

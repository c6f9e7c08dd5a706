"""Which existing partners could be granted a region: active ones of its country, nearest first."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.analysis.coverage.distance import kilometres
from graphchannel.analysis.coverage.key_cities import holders
from graphchannel.analysis.coverage.places import places

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from graphchannel.analysis.coverage.facts import City, Facts
    from graphchannel.analysis.coverage.places import Place, Point
    from graphchannel.analysis.coverage.regions import RegionCoverage

__all__ = ["Grant", "grants"]


@dataclass(frozen=True, slots=True)
class Grant:
    """A partner that is authorized elsewhere in the country of a region, and not in the region.

    `km` is from the region to its nearest place (seat or open branch), None if unknown.
    `neighbour` is the nearest region in which it is authorized; `issuers` certified it.
    """

    partner: str
    role: str
    km: float | None
    neighbour: str
    issuers: tuple[str, ...]


def grants(
    facts: Facts, regions: Sequence[RegionCoverage], roles: Sequence[str], most: int
) -> dict[str, tuple[Grant, ...]]:
    """Return at most so many partners in one of the roles for each region.

    They stand by distance, unknown distances last, then by role in the policy's order, then by id.
    """
    held = holders(facts, roles)
    spots = places(facts.regions, facts.cities.values())
    territory: defaultdict[str | None, dict[str, list[str]]] = defaultdict(dict)
    present: defaultdict[str, set[str]] = defaultdict(set)
    for authorization in facts.authorizations:
        if authorization.partner in held:
            present[authorization.region].add(authorization.partner)
            there = territory[spots[authorization.region].country]
            there.setdefault(authorization.partner, []).append(authorization.region)
    seats = _seats(facts, held)
    seated = {country: _by_city(there, seats) for country, there in territory.items()}
    issuers: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for c in facts.certificates:
        if c.holds and c.issuer is not None:
            issuers[c.partner, c.role].append(c.issuer)
    rank = {role: number for number, role in enumerate(facts.policy.role_ids)}
    found: dict[str, tuple[Grant, ...]] = {}
    for region in regions:
        authorized = territory[region.country] if region.country else {}
        others = authorized.keys() - present[region.id]
        known = _within(region.point, seated.get(region.country, {}), facts.cities, most, others)
        chosen = sorted(known, key=lambda p: (known[p], rank[held[p]], p))
        if len(known) < most:
            chosen += sorted(others - known.keys(), key=lambda p: (rank[held[p]], p))
        found[region.id] = tuple(
            Grant(
                partner,
                held[partner],
                known.get(partner),
                _nearest(region, authorized[partner], spots),
                tuple(sorted(issuers[partner, held[partner]])),
            )
            for partner in chosen[:most]
        )
    return found


def _seats(facts: Facts, held: Mapping[str, str]) -> dict[str, set[str]]:
    """Return the cities in which each partner is: its seat, its open branches."""
    found: dict[str, set[str]] = {partner: set() for partner in held}
    seats = [(partner.id, partner.city) for partner in facts.partners.values()]
    for partner, city in [*seats, *((b.partner, b.city) for b in facts.branches)]:
        if partner in found and city is not None:
            found[partner].add(city)
    return found


def _by_city(partners: Iterable[str], seats: Mapping[str, set[str]]) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for partner in partners:
        for city in seats[partner]:
            found[city].append(partner)
    return dict(found)


def _within(
    point: Point | None,
    seated: Mapping[str, Sequence[str]],
    cities: Mapping[str, City],
    most: int,
    asked: Collection[str],
) -> dict[str, float]:
    """Return the distances of the nearest of the asked, so many and all as near as the last.

    Partners of unknown place are not among them.
    """
    found: dict[str, float] = {}
    if point is None:
        return found
    places = ((city, cities[city].point) for city in seated)
    by_distance = sorted((kilometres(point, at), city) for city, at in places if at is not None)
    last = 0.0
    for km, city in by_distance:
        if len(found) >= most and km > last:
            break
        for partner in seated[city]:
            if partner not in asked:
                continue
            found.setdefault(partner, km)
        last = km
    return found


def _nearest(region: RegionCoverage, authorized: Sequence[str], spots: Mapping[str, Place]) -> str:
    """Return the nearest of the regions; of those whose distance is unknown the first."""

    def order(other: str) -> tuple[bool, float, str]:
        point = spots[other].point
        if region.point is None or point is None:
            return True, 0.0, other
        return False, kilometres(region.point, point), other

    return min(authorized, key=order)

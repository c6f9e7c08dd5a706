"""Which existing partners could be granted a region: active ones of its country, nearest first."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.network.distance import kilometres
from graphchannel.network.key_cities import holders
from graphchannel.network.places import places

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphchannel.network.coverage import RegionCoverage
    from graphchannel.network.facts import Facts
    from graphchannel.network.places import Place, Point

__all__ = ["Grant", "grants"]


@dataclass(frozen=True, slots=True)
class Grant:
    """A partner that is authorized elsewhere in the country of a region.

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
    for authorization in facts.authorizations:
        if authorization.partner in held:
            there = territory[spots[authorization.region].country]
            there.setdefault(authorization.partner, []).append(authorization.region)
    seats = _seats(facts, held)
    issuers: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for c in facts.certificates:
        if c.holds and c.issuer is not None:
            issuers[c.partner, c.role].append(c.issuer)
    rank = {role: number for number, role in enumerate(facts.policy.role_ids)}
    found: dict[str, tuple[Grant, ...]] = {}
    for region in regions:
        authorized = territory[region.country] if region.country else {}
        by_distance = sorted(
            (_order(_least(region.point, seats[p])), rank[held[p]], p) for p in authorized
        )
        found[region.id] = tuple(
            Grant(
                partner,
                held[partner],
                None if unknown else km,
                _nearest(region, authorized[partner], spots),
                tuple(sorted(issuers[partner, held[partner]])),
            )
            for (unknown, km), _, partner in by_distance[:most]
        )
    return found


def _seats(facts: Facts, held: Mapping[str, str]) -> dict[str, list[Point]]:
    """Return where each partner is: its seat and its open branches, as far as known."""
    found: dict[str, list[Point]] = {partner: [] for partner in held}
    seats = [(partner.id, partner.city) for partner in facts.partners.values()]
    for partner, city in [*seats, *((b.partner, b.city) for b in facts.branches)]:
        point = facts.cities[city].point if city is not None else None
        if partner in found and point is not None:
            found[partner].append(point)
    return found


def _least(point: Point | None, others: Sequence[Point]) -> float | None:
    if point is None:
        return None
    return min((kilometres(point, other) for other in others), default=None)


def _order(km: float | None) -> tuple[bool, float]:
    """Return what a distance sorts by; an unknown one goes last."""
    return km is None, km or 0.0


def _nearest(region: RegionCoverage, authorized: Sequence[str], spots: Mapping[str, Place]) -> str:
    """Return the nearest of the regions; of those whose distance is unknown the first."""
    points = {other: spots[other].point for other in authorized}
    return min(
        authorized,
        key=lambda other: (
            _order(_least(region.point, [point] if (point := points[other]) else [])),
            other,
        ),
    )

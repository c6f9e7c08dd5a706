"""What coverage was gained and lost between two days, and why."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from graphchannel.analysis.coverage.key_cities import key_cities
from graphchannel.analysis.coverage.regions import coverage
from graphchannel.analysis.coverage.routes import distributing_roles

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import date

    from graphchannel.analysis.coverage.facts import Authorization, Branch, Certificate, Facts
    from graphchannel.analysis.coverage.regions import Coverage, RegionCoverage

__all__ = [
    "CityChange",
    "Reason",
    "RegionChange",
    "city_changes",
    "compared",
    "region_changes",
    "state_of",
]

State = Literal["not covered", "no route", "served"]
_STATES: tuple[State, ...] = ("not covered", "no route", "served")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a partner counts on one of two days and not on the other.

    `gained` tells which; `day` is that of the event: the last day on which something held, or the
    first; None where the reason is another partner, or where nobody knows.
    """

    partner: str
    name: str
    gained: bool
    what: str
    day: date | None


@dataclass(frozen=True, slots=True)
class RegionChange:
    """A region whose state is another on the later of two days."""

    region: RegionCoverage
    before: State
    after: State
    reasons: tuple[Reason, ...]

    @property
    def gained(self) -> bool:
        """Whether it is the better of the two."""
        return _STATES.index(self.after) > _STATES.index(self.before)


@dataclass(frozen=True, slots=True)
class CityChange:
    """A key city that is covered on only one of two days."""

    id: str
    name: str
    gained: bool
    reasons: tuple[Reason, ...]


def state_of(region: RegionCoverage) -> State:
    """Return whether a region is served, has partners without a route, or none that counts."""
    if not region.covered:
        return "not covered"
    return "served" if region.served else "no route"


def region_changes(
    before: Facts,
    after: Facts,
    role: str | None = None,
    country: str | None = None,
) -> list[RegionChange]:
    """Return the regions that changed from `before` to `after`, two days or two states of one day.

    Losses first, then by falling weight. `role` and `country` are those of `coverage`.
    """
    was, now = coverage(before, role, country), coverage(after, role, country)
    return compared(was, now, before, after)


def compared(was: Coverage, now: Coverage, before: Facts, after: Facts) -> list[RegionChange]:
    """Return what `region_changes` does, from coverage that is measured already."""
    old = {region.id: region for region in was.regions}
    days = _FactsOfDay.of(before), _FactsOfDay.of(after)
    found = [
        RegionChange(
            region,
            state_of(old[region.id]),
            state_of(region),
            tuple(_region_reasons(old[region.id], region, *days)),
        )
        for region in now.regions
        if state_of(old[region.id]) != state_of(region)
    ]
    return sorted(found, key=lambda c: (c.gained, -c.region.weight, c.region.id))


def city_changes(
    before: Facts, after: Facts, chosen: Collection[str], population: int | None = None
) -> list[CityChange]:
    """Return those of the chosen key cities that were covered on one of the days only.

    Losses first, then by falling population.
    """
    was = {city.id: city for city in key_cities(before, population).cities}
    days = _FactsOfDay.of(before), _FactsOfDay.of(after)
    found = []
    for city in key_cities(after, population).cities:
        old, new = was[city.id].distributors, city.distributors
        if city.id in chosen and bool(old) != bool(new):
            reasons = _city_reasons(city.id, old, new, *days)
            found.append((city, CityChange(city.id, city.name, bool(new), tuple(reasons))))
    found.sort(key=lambda pair: (pair[1].gained, -(pair[0].population or 0), pair[0].id))
    return [change for _, change in found]


@dataclass(frozen=True, slots=True)
class _FactsOfDay:
    """The facts of a day, to be looked up."""

    facts: Facts
    certificates: Mapping[str, Sequence[Certificate]]
    authorizations: Mapping[tuple[str, str], Authorization]
    branches: Mapping[tuple[str, str], Branch]

    @classmethod
    def of(cls, facts: Facts) -> _FactsOfDay:
        held: defaultdict[str, list[Certificate]] = defaultdict(list)
        for row in facts.certificates:
            if row.holds:
                held[row.partner].append(row)
        return cls(
            facts,
            held,
            {(row.partner, row.region): row for row in facts.authorizations},
            {(row.partner, row.city): row for row in facts.branches},
        )

    def certificate(self, partner: str, roles: Sequence[str]) -> Certificate | None:
        """Return the partner's certificate for the first of the roles that it holds."""
        held = {row.role: row for row in self.certificates.get(partner, ())}
        return next((held[role] for role in roles if role in held), None)


def _region_reasons(
    was: RegionCoverage, now: RegionCoverage, before: _FactsOfDay, after: _FactsOfDay
) -> Iterator[Reason]:
    """Yield what changed about each partner that can, or could, be part of a route there."""
    roles = before.facts.policy.role_ids
    for gained, here, there, day, other in (
        (False, was.reach, now.reach, before, after),
        (True, now.reach, was.reach, after, before),
    ):
        for partner in here.members:
            name = day.facts.partners[partner].name
            if partner not in there.members:
                yield from _events(partner, roles, day, other, gained=gained, region=now.id)
                continue
            if gained and here.members[partner] != there.members[partner]:
                what = f"{there.members[partner]} became {here.members[partner]}"
                yield Reason(partner, name, gained, what, None)
            if partner in here.sellers and partner not in there.sellers:
                what = "a supplier again" if gained else "no supplier left"
                yield Reason(partner, name, gained, what, None)


def _city_reasons(
    city: str, old: Sequence[str], new: Sequence[str], before: _FactsOfDay, after: _FactsOfDay
) -> Iterator[Reason]:
    roles = distributing_roles(before.facts.policy)
    region = after.facts.cities[city].region
    for partner in old:
        yield from _events(partner, roles, before, after, gained=False, region=region, city=city)
    for partner in new:
        yield from _events(partner, roles, after, before, gained=True, region=region, city=city)


def _events(
    partner: str,
    roles: Sequence[str],
    day: _FactsOfDay,
    other: _FactsOfDay,
    *,
    gained: bool,
    region: str,
    city: str | None = None,
) -> Iterator[Reason]:
    """Yield why a partner counts on `day` and not on the other: all that it lacks there.

    The partner itself, its certificate, its branch, its authorization, in this order. Of what
    differs between two states of one day nobody knows a date.
    """
    known = day.facts.partners[partner]
    on = other.facts.as_of
    began = on < day.facts.as_of or (on == day.facts.as_of and gained)

    def reason(what: str, first: date | None, last: date | None) -> Reason:
        event = first if began else last
        known_so = event is not None and (event > on if began else event < on)
        return Reason(partner, known.name, gained, what, event if known_so else None)

    there = other.facts.partners.get(partner, known)
    if not there.active(on):
        what = "joined the channel" if began else "left the channel"
        yield reason(what, known.joined_on, there.terminated_on)
    held = day.certificate(partner, roles)
    if held is not None and other.certificate(partner, roles) is None:
        what = f"certificate as {held.role} {'began' if began else 'ended'}"
        yield reason(what, held.first, held.last)
    branch = day.branches.get((partner, city or ""))
    if branch is not None and (partner, city) not in other.branches:
        yield reason(f"branch {'opened' if began else 'closed'}", branch.first, branch.last)
    row = day.authorizations.get((partner, region))
    if row is not None and (partner, region) not in other.authorizations:
        yield reason(f"authorization {'began' if began else 'ended'}", row.first, row.last)

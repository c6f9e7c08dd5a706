"""The clean part of the network: distributors and resellers, their certificates and territories.

Everything that a rule asks of a partner is there, by construction, on every day it trades.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from graphchannel.demo.days import AS_OF, END, START, WIND_DOWN, after, same_day
from graphchannel.demo.geography import COUNTRIES
from graphchannel.demo.names import INDUSTRIES
from graphchannel.demo.network import TIER_TWO, VENDOR

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphchannel.demo.draws import Draws
    from graphchannel.demo.geography import Town
    from graphchannel.demo.network import Network

# where a distributor is authorized; distributors take these in turn
_TERRITORIES = (
    ("AT", "CH", "DE"),
    ("BE", "FR", "LU"),
    ("GB", "IE"),
    ("IT",),
    ("ES", "PT"),
    ("BE", "NL"),
)
_WOUND_DOWN = len(_TERRITORIES)  # the second distributor of the first territory lost its contract
_FEWEST_DISTRIBUTORS = len(_TERRITORIES) + 1
_MOST_DISTRIBUTORS = 40

# (region or None, industry or None) of an authorization
Territory = tuple[tuple[str | None, str | None], ...]


@dataclass(frozen=True, slots=True)
class Distributor:
    """A distributor, and its last day as one if its contract has ended."""

    id: str
    countries: tuple[str, ...]
    last: date | None


@dataclass(frozen=True, slots=True)
class Stint:
    """An interval in which a reseller keeps one role, one supplier and one territory."""

    partner: str
    role: str
    country: str
    region: str
    issuer: str
    supplier: str
    first: date
    last: date
    territory: Territory


@dataclass(frozen=True, slots=True)
class Roster:
    """The clean partners; `industries` says which industry a value-added partner lives on."""

    distributors: tuple[Distributor, ...]
    stints: tuple[Stint, ...]
    industries: dict[str, str]


def add_partners(network: Network, draws: Draws, count: int) -> Roster:
    """Add `count` partners in the proportions of a large channel."""
    distributors = tuple(_distributors(network, draws, count))
    seats = _seats(network, draws, count - len(distributors))
    roles = _roles(len(seats))
    stints: list[Stint] = []
    industries: dict[str, str] = {}
    for turn, (role, seat) in enumerate(zip(roles, seats, strict=True)):
        settled = turn < len(COUNTRIES)  # one reseller a country stays all along
        career = list(
            _career(
                network, draws, role, seat, distributors=distributors, turn=turn, settled=settled
            )
        )
        stints += career
        if role == "vap":
            industries[career[0].partner] = career[0].territory[0][1] or ""
    _give_each_a_reseller(network, distributors, stints)
    _cover_regions(network, stints)
    return Roster(distributors, tuple(stints), industries)


def _distributors(network: Network, draws: Draws, count: int) -> Iterator[Distributor]:
    wanted = max(_FEWEST_DISTRIBUTORS, min(_MOST_DISTRIBUTORS, count * 17 // 1000))
    for number in range(wanted):
        countries = _TERRITORIES[number % len(_TERRITORIES)]
        last = WIND_DOWN if number == _WOUND_DOWN else None
        seat = draws.pick(network.geography.key_cities(countries[-1]))
        joined = date(2010 + draws.below(3), 1 + draws.below(12), 1)
        partner = network.new_partner(
            seat,
            seat.country,
            joined=joined,
            terminated=last,
            employees=300 + draws.below(3000),
            capital=10_000_000 + 100_000 * draws.below(900),
        )
        for year in range(joined.year, 2016):
            first = max(joined, date(year, 1, 1))
            if last is None or first <= last:
                end = date(year, 12, 31)
                network.certify(partner, "distributor", VENDOR, first, min(end, last or end))
        for country in countries:
            network.authorize(partner, country, None, joined, last)
            network.open_branches(partner, country, first=joined, last=last, judged=last is None)
        network.offer(partner, ("distributor",), joined)
        network.run_programs(partner)
        yield Distributor(partner, countries, last)


def _seats(network: Network, draws: Draws, count: int) -> list[Town]:
    """Draw cities in proportion to their size; the first ones are one in every country."""
    cities = [c for c in network.geography.cities if c.region not in network.untouched]
    drawn = draws.weighted([min(c.population, 900_000) for c in cities], count)
    seats = [cities[position] for position in drawn]
    for turn, country in enumerate(COUNTRIES):
        seats[turn] = next(city for city in cities if city.country == country)
    return seats


def _roles(count: int) -> list[str]:
    """Return roles in the proportions of the market, beginning with the most common."""
    shares = (("silver", 22), ("gold", 8), ("vap", 9), ("platinum", 3))
    rest: list[str] = []
    for role, percent in shares:
        rest += [role] * max(2, count * percent // 100)
    return ["recognized"] * (count - len(rest)) + rest


def _career(
    network: Network,
    draws: Draws,
    role: str,
    seat: Town,
    *,
    distributors: Sequence[Distributor],
    turn: int,
    settled: bool,
) -> Iterator[Stint]:
    """Add a reseller with its yearly certificates, and yield its stints."""
    joined = _joining_day(draws, settled=settled)
    years = list(_certificate_years(joined))
    if not settled and draws.chance(0.04):
        years = [year for year in years if year[1] < AS_OF] or years
    leaving = years[-1][1] if years[-1][1] < AS_OF else None
    group = f"G{turn // 9:04d}" if role != "vap" and draws.chance(0.06) else None
    partner = network.new_partner(
        seat,
        seat.country,
        joined=joined,
        terminated=leaving,
        group=group,
        employees=50 + draws.below(900),
        capital=1_000_000 + 10_000 * draws.below(900),
    )
    roles = _roles_by_year(draws, role, len(years))
    territories = {held: _territory(network, draws, held, seat) for held in dict.fromkeys(roles)}
    for held, year in zip(roles, years, strict=True):
        for supplier, start, end in _suppliers(held, seat, distributors, turn, year):
            issuer = VENDOR if held == "platinum" and turn % 3 == 0 else supplier
            network.certify(partner, held, issuer, start, end)
            for region, industry in territories[held]:
                network.authorize(partner, region, industry, start, end)
            if end >= START:
                yield Stint(
                    partner,
                    held,
                    seat.country,
                    seat.region,
                    issuer,
                    supplier,
                    start,
                    end,
                    territories[held],
                )
    network.offer(partner, roles, joined)


def _joining_day(draws: Draws, *, settled: bool) -> date:
    """Draw a day of a month that is in every year, and never the first, so that keys differ."""
    day = date(2010 + draws.below(4), 1 + draws.below(12), 3 + draws.below(26))
    if not settled and draws.chance(0.15):
        return date(2014, 1 + draws.below(12), day.day)
    return day


def _certificate_years(joined: date) -> Iterator[tuple[date, date]]:
    """Yield the years of the certificates that matter, each beginning the day after the other."""
    first = max(joined, same_day(2013, joined))
    while first <= END:
        following = same_day(first.year + 1, first)
        yield first, after(following, -1)
        first = following


def _roles_by_year(draws: Draws, role: str, years: int) -> list[str]:
    """Return the role of each year: tier-2 resellers are promoted or demoted now and then."""
    roles = [role]
    for _ in range(years - 1):
        level = TIER_TWO.index(roles[-1]) if roles[-1] in TIER_TWO else None
        if level is not None and draws.chance(0.08):
            level = min(max(level + draws.pick((-1, -1, 1)), 0), len(TIER_TWO) - 1)
        roles.append(roles[-1] if level is None else TIER_TWO[level])
    return roles


def _territory(network: Network, draws: Draws, role: str, seat: Town) -> Territory:
    """Draw where, or in which industries, a reseller may sell."""
    industry = draws.pick(INDUSTRIES)
    near = [r for r in network.geography.regions[seat.country] if r not in network.untouched]
    if role == "vap":
        return ((None, industry),)
    if role == "platinum" and seat.country in network.wide_countries:
        return ((seat.country, None),)
    if role in ("platinum", "gold"):
        regions = sorted({seat.region, *draws.sample(near, draws.below(3))})
        limit = industry if role == "gold" and draws.chance(0.3) else None
        return tuple((region, limit) for region in regions)
    if role == "silver":
        kind = draws.below(20)
        region = None if kind < 3 else seat.region
        return ((region, industry if kind < 10 else None),)
    return ((seat.region, None),) if draws.chance(0.5) else ()


def _suppliers(
    role: str,
    seat: Town,
    distributors: Sequence[Distributor],
    turn: int,
    year: tuple[date, date],
) -> Iterator[tuple[str, date, date]]:
    """Yield who supplies in a year; a distributor that leaves is followed by another."""
    first, last = year
    if role == "vap":
        yield VENDOR, first, last
        return
    near = [d for d in distributors if seat.country in d.countries]
    lasting = [d for d in near if d.last is None]
    chosen = near[turn % len(near)]
    if chosen.last is None:
        yield chosen.id, first, last
        return
    if first <= chosen.last:
        yield chosen.id, first, min(chosen.last, last)
    if last > chosen.last:
        yield lasting[turn % len(lasting)].id, max(first, after(chosen.last)), last


def _give_each_a_reseller(
    network: Network, distributors: Sequence[Distributor], stints: Sequence[Stint]
) -> None:
    """Let each distributor have certified somebody who is a reseller on the as-of day."""
    now = [s for s in stints if s.role in TIER_TWO and s.first <= AS_OF <= s.last]
    issuers = {s.issuer for s in now}
    for number, distributor in enumerate(distributors):
        if distributor.last is None and distributor.id not in issuers:
            near = [s for s in now if s.country in distributor.countries]
            holder = near[number % len(near)].partner
            # before the third of a month no yearly certificate begins, so the key is free
            first = date(2013 + number // 24, 1 + number % 12, 1 + number // 12 % 2)
            network.certify(holder, "recognized", distributor.id, first, None)


def _cover_regions(network: Network, stints: Sequence[Stint]) -> None:
    """Authorize a reseller of the country for each region that nobody has."""
    now = [s for s in stints if s.role in TIER_TWO and s.first <= AS_OF <= s.last]
    named = {region for s in now for region, _ in s.territory}
    for country, regions in network.geography.regions.items():
        near = [s for s in now if s.country == country]
        for turn, region in enumerate(regions):
            if not named & {region, country} and region not in network.untouched:
                network.authorize(near[turn % len(near)].partner, region, None, date(2013, 1, 1))

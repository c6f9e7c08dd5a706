"""Planted partners: each clean by default, so that a plant leaves out or adds just one thing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graphchannel.demo.days import END, SINCE, START, after
from graphchannel.demo.geography import COUNTRIES
from graphchannel.demo.names import INDUSTRIES
from graphchannel.demo.network import TIER_TWO, VENDOR, WITH_TARGETS, valid

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date

    from graphchannel.demo.draws import Draws
    from graphchannel.demo.geography import Town
    from graphchannel.demo.network import Interval, Network


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate to give: role, interval (default: always), issuer (default: the vendor)."""

    role: str
    first: date = SINCE
    last: date | None = None
    issuer: str = VENDOR


@dataclass(slots=True)
class Actors:
    """Adds planted partners and end users to a network.

    `stooge` is a partner to whom each planted distributor gives a certificate, of one role or
    another, so that it has certified somebody.
    """

    network: Network
    draws: Draws
    stooge: str = field(init=False)
    _distributors: int = 0
    _houses: dict[str, str] = field(default_factory=dict)
    _seats: dict[str, Town] = field(default_factory=dict)
    _regulars: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.stooge = self.partner("DE", *(Held(role) for role in TIER_TWO))

    def country(self, *but: str) -> str:
        """Draw a country other than those given."""
        return self.draws.pick([code for code in COUNTRIES if code not in but])

    def city(self, country: str) -> Town:
        """Draw one of the larger cities of a country, in a region that nothing is planted in."""
        cities = self.network.geography.by_country[country]
        return self.draws.pick([c for c in cities if c.region not in self.network.untouched][:6])

    def industry(self, *but: str) -> str:
        """Draw an industry other than those given."""
        return self.draws.pick([industry for industry in INDUSTRIES if industry not in but])

    def partner(
        self,
        country: str,
        *held: Held,
        city: Town | None = None,
        homeless: bool = False,
        joined: date | None = SINCE,
        terminated: date | None = None,
        group: str | None = None,
        without: Collection[str] = (),
        territory: Sequence[tuple[str | None, str | None]] | None = None,
        branches: Mapping[str, Interval] | None = None,
        employees: int = 120,
        capital: int = 2_500_000,
    ) -> str:
        """Add a partner that fulfils every obligation but those in `without`, and return its id.

        `without` holds capabilities, `target`, `incentive_plan`, `marketing_plan`, `reseller`,
        `branches`. `territory` replaces the usual authorizations, `branches` (city → interval) the
        usual ones in those cities.
        """
        seat = None if homeless else city or self.city(country)
        network = self.network
        partner = network.new_partner(
            seat,
            country,
            joined=joined,
            terminated=terminated,
            group=group,
            employees=employees,
            capital=capital,
        )
        for h in held:
            network.certify(partner, h.role, h.issuer, h.first, h.last)
        roles = [h.role for h in held]
        network.offer(partner, roles, SINCE, without=without)
        usual = self._territory(country, roles, seat) if territory is None else territory
        for region, industry in usual:
            network.authorize(partner, region, industry, SINCE, terminated)
        if set(roles) & set(WITH_TARGETS) and "target" not in without:
            currency = COUNTRIES[country].currency
            network.add("targets", partner, country, None, START, END, 1_000_000, currency)
        if "distributor" in roles:
            judged = valid(SINCE, terminated) and _distributes(held)
            places = _places(country, usual)
            network.run_programs(partner, without=without)
            self._open_branches(partner, places, judged=judged, without=without, planted=branches)
            if judged and "reseller" not in without:
                self._certify_reseller(partner, held)
        return partner

    def _open_branches(
        self,
        partner: str,
        places: Sequence[str],
        *,
        judged: bool,
        without: Collection[str],
        planted: Mapping[str, Interval] | None,
    ) -> None:
        for place in places:
            if "branches" in without:
                self.network.open_no_branches(partner, place)
            else:
                self.network.open_branches(partner, place, judged=judged, planted=planted)

    def _certify_reseller(self, partner: str, held: Sequence[Held]) -> None:
        """Let a distributor certify the partner that nobody looks at, each on another day."""
        self._distributors += 1
        start = max(h.first for h in held if h.role == "distributor")
        since = after(start, self._distributors)
        role = TIER_TWO[self._distributors % len(TIER_TWO)]
        self.network.certify(self.stooge, role, partner, since)

    def house(self, country: str) -> str:
        """Return the one clean distributor of a country that plants share."""
        if country not in self._houses:
            self._houses[country] = self.distributor(country)
        return self._houses[country]

    def seat(self, country: str) -> Town:
        """Return the city of a country's regulars."""
        if country not in self._seats:
            self._seats[country] = self.city(country)
        return self._seats[country]

    def regular(self, country: str, role: str) -> str:
        """Return the one clean partner of a role and country that plants share."""
        key = country, role
        if key not in self._regulars:
            self._regulars[key] = self.partner(country, Held(role), city=self.seat(country))
        return self._regulars[key]

    def distributor(
        self,
        country: str,
        *,
        without: Collection[str] = (),
        branches: Mapping[str, Interval] | None = None,
    ) -> str:
        """Add a distributor of a country."""
        return self.partner(country, Held("distributor"), without=without, branches=branches)

    def reseller(self, country: str, role: str, *, issuer: str = VENDOR) -> str:
        """Add a tier-2 partner, authorized in the region of its seat."""
        return self.partner(country, Held(role, issuer=issuer))

    def vap(self, country: str, *, without: Collection[str] = ()) -> str:
        """Add a value-added partner."""
        return self.partner(country, Held("vap"), without=without)

    def end_user(
        self,
        country: str,
        *,
        city: Town | None = None,
        homeless: bool = False,
        industry: str | None = "finance",
        segment: str | None = "enterprise",
    ) -> str:
        """Add an end user without certificate, and return its id."""
        seat = None if homeless else city or self.city(country)
        return self.network.new_end_user(seat, country, industry, segment)

    def _territory(
        self, country: str, roles: Collection[str], seat: Town | None
    ) -> list[tuple[str | None, str | None]]:
        territory: list[tuple[str | None, str | None]] = []
        if "distributor" in roles:
            territory.append((country, None))
        if "vap" in roles:
            territory.append((None, self.industry()))
        if set(roles) & set(TIER_TWO) and seat:
            territory.append((seat.region, None))
        return territory


def _distributes(held: Iterable[Held]) -> bool:
    """Whether one of the certificates is a distributor's, and holds on the as-of day."""
    return any(h.role == "distributor" and valid(h.first, h.last) for h in held)


def _places(country: str, usual: Iterable[tuple[str | None, str | None]]) -> list[str]:
    """Return the places that a territory names; the country holds all its regions."""
    regions = {region for region, _ in usual if region}
    return sorted({country} if country in regions else regions)

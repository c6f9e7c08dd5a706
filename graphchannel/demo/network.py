"""The network while it is put together: rows of every table, planted lines, and the truth."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graphchannel.demo import names
from graphchannel.demo.days import AS_OF, SINCE
from graphchannel.demo.geography import COUNTRIES
from graphchannel.demo.planted_line import PlantedLine
from graphchannel.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from graphchannel.demo.draws import Draws
    from graphchannel.demo.geography import Geography, Town
    from graphchannel.demo.truth import Truth
    from graphchannel.policy import Policy

Row = tuple[object, ...]
Interval = tuple["date", "date | None"]
VENDOR = "V1"
SECOND_VENDOR = "V2"  # a sales company of the vendor, equal in the policy's eyes
TIER_TWO = ("platinum", "gold", "silver", "recognized")
WITH_TARGETS = ("vap", "platinum", "gold", "silver")

_MISSING = "coverage/distributor-missing-key-city"
_MOST = 0.6  # of a country's demand, well above what the policy asks for

# every planted line rule is reported seller → buyer, but for this one
_REVERSED = "certification/buys-from-other-distributor"
_DIRECT = "supply/distributor-supplies-end-user"
_DISCOURAGED = "paths/discouraged-hop"
_BY_PRODUCT = ("paths/round-trip", "paths/supplied-diverting-vap")  # beside the object


@dataclass(slots=True)
class Network:
    """Collects rows by table; guards what the coverage rules rest on.

    `untouched` regions carry no authorization of a tier-2 partner, and `closed_cities` no branch
    of a distributor, but the ones that are planted. In `wide_countries` a tier-2 partner may be
    authorized in the whole country. `serials` belong to the lines at these positions.
    """

    geography: Geography
    policy: Policy
    truth: Truth
    draws: Draws
    untouched: frozenset[str] = frozenset()
    wide_countries: frozenset[str] = frozenset()
    closed_cities: frozenset[str] = frozenset()
    rows: dict[str, list[Row]] = field(default_factory=lambda: {t.name: [] for t in TABLES})
    lines: list[PlantedLine] = field(default_factory=list)
    serials: list[tuple[int, str]] = field(default_factory=list)

    def add(self, table: str, *row: object) -> None:
        """Append a row, its values in the order of the table's columns."""
        self.rows[table].append(row)

    def new_partner(
        self,
        city: Town | None,
        country: str,
        *,
        joined: date | None = SINCE,
        terminated: date | None = None,
        group: str | None = None,
        employees: int = 120,
        capital: int = 2_500_000,
    ) -> str:
        """Add a partner and return its id."""
        number = len(self.rows["partners"]) + 1
        name = names.partner_name(self.draws, COUNTRIES[country].suffix)
        seat = city.id if city else None
        # capital travels as ten-thousandths, like every decimal here
        row = (name, country, seat, group, employees, capital * 10_000, joined, terminated)
        self.add("partners", f"P{number:05d}", *row)
        return f"P{number:05d}"

    def new_end_user(
        self, city: Town | None, country: str, industry: str | None, segment: str | None
    ) -> str:
        """Add an end user and return its id."""
        number = len(self.rows["end_users"]) + 1
        suffix = COUNTRIES[country].suffix
        name = names.customer_name(self.draws.below(997), self.draws.below(997), suffix)
        seat = city.id if city else None
        self.add("end_users", f"E{number:06d}", name, country, seat, industry, segment)
        return f"E{number:06d}"

    def certify(
        self, holder: str, role: str, issuer: str, first: date, last: date | None = None
    ) -> None:
        """Add a certificate."""
        self.add("certifications", holder, role, issuer, first, last)

    def authorize(
        self,
        partner: str,
        region: str | None,
        industry: str | None,
        first: date,
        last: date | None = None,
    ) -> None:
        """Add an authorization."""
        self.add("authorizations", partner, region, industry, first, last)

    def offer(
        self,
        partner: str,
        roles: Iterable[str],
        first: date,
        last: date | None = None,
        *,
        without: Iterable[str] = (),
    ) -> None:
        """Add all capabilities that the policy asks of these roles, but for those in `without`."""
        wanted = {o.capability for o in self.policy.obligations if o.role in set(roles)}
        for capability in sorted(wanted - set(without)):
            self.add("capabilities", partner, capability, first, last)

    def run_programs(self, distributor: str, *, without: Iterable[str] = ()) -> None:
        """Add an incentive and a marketing plan, but for those in `without`."""
        for kind in ("incentive", "marketing"):
            if f"{kind}_plan" not in set(without):
                audience = self.draws.pick([None, *TIER_TWO]) if kind == "incentive" else None
                self.add("programs", distributor, kind, audience, SINCE, None)

    def open_branches(
        self,
        distributor: str,
        place: str,
        *,
        first: date = SINCE,
        last: date | None = None,
        judged: bool = True,
        planted: Mapping[str, Interval] | None = None,
    ) -> None:
        """Open a branch in each key city of a country or region, but for the closed ones.

        A city in `planted` has its branch in the interval given there. A branch missing on the
        as-of day is a finding, unless the distributor is not `judged` that day. Further branches
        follow until it reaches most of the demand there.
        """
        reached = set()
        for city in self._key_cities(place):
            closed = None if city.id in self.closed_cities else (first, last)
            interval = (planted or {}).get(city.id, closed)
            if interval:
                self.add("branches", distributor, city.id, *interval)
            if interval and valid(*interval):
                reached.add(city.region)
            elif judged:
                self.truth.expect(_MISSING, distributor, city.id)
        for city in self._until_most_is_reached(place, reached):
            self.add("branches", distributor, city.id, first, last)

    def open_no_branches(self, distributor: str, place: str) -> None:
        """Let a distributor that is judged have no branch in a country or region."""
        for city in self._key_cities(place):
            self.truth.expect(_MISSING, distributor, city.id)

    def _key_cities(self, place: str) -> list[Town]:
        cities = self.geography.cities
        return [city for city in cities if city.key and place in (city.country, city.region)]

    def _until_most_is_reached(self, place: str, reached: set[str]) -> Iterator[Town]:
        """Yield a city in one region after the other, those with the most demand first."""
        geography = self.geography
        regions = geography.regions.get(place, (place,))
        demand = {region: geography.demand(region) for region in regions}
        rest = sum(demand.values()) * _MOST - sum(demand[region] for region in reached)
        for region in sorted(set(regions) - reached, key=lambda one: (-demand[one], one)):
            smaller = [city for city in geography.by_region[region] if not city.key]
            if rest > 0 and smaller:
                rest -= demand[region]
                yield smaller[0]

    def sell(
        self,
        seller: str,
        buyer: str,
        day: date,
        *rules: str,
        amount: int | None = 10_000_000,
        currency: str | None = "EUR",
        quantity: int = 1,
        product: str = "SW-1000",
        ship_to: str | None = None,
        document: str | None = None,
    ) -> int:
        """Plant a line that exactly `rules` report, and return its position.

        `amount` is in ten-thousandths. A rule over paths reports the line as a path of one hop; a
        distributor's sale to an end user is always one.
        """
        self.lines.append(
            PlantedLine(day, seller, buyer, product, quantity, amount, currency, ship_to, document)
        )
        position = len(self.lines) - 1
        if _DIRECT in rules:
            self.expect_path(_DISCOURAGED, position)
        for rule in rules:
            if rule.startswith("paths/"):
                self.expect_path(rule, position)
                continue
            ends = (buyer, seller) if rule == _REVERSED else (seller, buyer)
            self.truth.expect_line(
                rule, *ends, day, quantity=quantity, amount=amount, currency=currency
            )
        return position

    def expect_path(
        self, rule: str, *positions: int, subject: str | None = None, object_: str | None = None
    ) -> None:
        """Record a path along planted lines, by product unless the rule names an object.

        `subject` is by default the seller of the first line.
        """
        lines = {position: self.lines[position] for position in positions}
        first = self.lines[positions[0]]
        named = object_ is None or rule in _BY_PRODUCT
        extra = {"product": first.product} if named else {}
        self.truth.expect_path(rule, subject or first.seller, object_, lines, **extra)


def valid(first: date, last: date | None) -> bool:
    """Tell whether an interval holds the as-of day."""
    return first <= AS_OF and (last is None or last >= AS_OF)

"""Violations of the clean partners themselves, more of them the larger the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.demo.days import AS_OF, START, WIND_DOWN, after
from graphchannel.demo.network import TIER_TWO, VENDOR
from graphchannel.demo.plants.paths import DIVERTED, LEFT, SOURCED, WINDOW
from graphchannel.demo.plants.supply import (
    DIRECT,
    SELLER,
    TERMINATED,
    UNCERTIFIED_USER,
    VAP_TIER_TWO,
)
from graphchannel.demo.plants.territory import OTHER, OUTSIDE
from graphchannel.demo.trade import customers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from graphchannel.demo.draws import Draws
    from graphchannel.demo.market import EndUserMarket
    from graphchannel.demo.network import Network
    from graphchannel.demo.partners import Roster, Stint

_LATEST = after(AS_OF, 60)  # some lines lie after the as-of day

# each kind of trade has products of its own, so that no goods go from one to another
_LEFT_OVER, _DIRECTLY, _LEAKED = ("WL-1000",), ("SW-1000", "RT-1050"), ("FW-1100", "SV-1000")
_TO_ANYBODY, _OUT, _FROM_OTHERS = ("ST-1000", "ST-1100"), ("TP-1000",), ("VS-1000", "VS-1050")


def plant_scattered(
    network: Network, draws: Draws, roster: Roster, market: EndUserMarket, count: int
) -> None:
    """Plant about `count` pairs of each kind, and the trade of the distributor that left."""
    scatter = _Scatter(network, draws, roster, market)
    scatter.wind_down()
    for _ in range(count):
        scatter.direct()
        scatter.vap_to_tier_two()
        scatter.uncertified_user()
        scatter.outside()
        scatter.other_distributor()


class _Scatter:
    """Knows who could break a rule."""

    def __init__(
        self, network: Network, draws: Draws, roster: Roster, market: EndUserMarket
    ) -> None:
        self._network, self._draws, self._market = network, draws, market
        self._drawn: set[str] = set()
        self._all = roster.distributors
        self._distributors = [d for d in roster.distributors if d.last is None]
        (self._left,) = (d for d in roster.distributors if d.last is not None)
        trading = [s for s in roster.stints if s.last >= START and s.first <= AS_OF]
        self._vaps = [s for s in trading if s.role == "vap"]
        self._tier_two = [s for s in trading if s.role in TIER_TWO]
        self._recognized = [s for s in trading if s.role == "recognized"]
        # a reseller that may sell to an industry everywhere cannot be abroad
        self._bound = [
            s
            for s in self._tier_two
            if s.role != "recognized" and all(region for region, _ in s.territory)
        ]
        self._users = market.users
        self._uncertified = [user for user in market.users if not user.certified]
        self._issuers: dict[object, set[object]] = {}
        for holder, _, issuer, *_ in network.rows["certifications"]:
            self._issuers.setdefault(holder, set()).add(issuer)

    def wind_down(self) -> None:
        """Let the distributor that left sell on, without contract and certificate."""
        near = [s for s in self._tier_two if s.country in self._left.countries]
        still = [s for s in near if s.first <= after(WIND_DOWN) and s.last >= AS_OF]
        for stint in self._draws.sample(still, 3):
            for line in range(1 + self._draws.below(6)):
                day = after(WIND_DOWN, 1 + line * 5)
                if stint.first <= day:
                    self._sell(
                        self._left.id, stint.partner, day, TERMINATED, SELLER, products=_LEFT_OVER
                    )

    def direct(self) -> None:
        """Let a distributor sell to an end user."""
        seller, user = self._draws.pick(self._distributors), self._draws.pick(self._users)
        for day in self._days(START, _LATEST):
            self._sell(seller.id, user.id, day, DIRECT, products=_DIRECTLY)

    def vap_to_tier_two(self) -> None:
        """Let a value-added partner supply a reseller while both hold their role.

        The reseller sells most of it to an end user of its own.
        """
        draws = self._draws
        seller, buyer = draws.pick(self._vaps), self._new(self._tier_two)
        if buyer is None:
            return
        products = (draws.pick(_LEAKED),)
        users = customers(buyer, self._market, draws)
        leaks, sales = [], []
        for day in self._days(max(seller.first, buyer.first), min(seller.last, buyer.last)):
            units = 1 + draws.below(30)
            leaks.append(
                self._sell(
                    seller.partner,
                    buyer.partner,
                    day,
                    VAP_TIER_TWO,
                    products=products,
                    quantity=units,
                )
            )
            sold = after(day, draws.below(60))
            if users and sold <= buyer.last and draws.chance(0.8):
                user = draws.pick(users).id
                sale = self._sell(buyer.partner, user, sold, products=products, quantity=units)
                sales.append(sale)
        for leak in leaks:
            self._expect_sale(DIVERTED, leak, sales)
        for sale in sales:
            self._expect_source(leaks, sale)

    def uncertified_user(self) -> None:
        """Let a recognized partner sell to an end user who was never certified."""
        seller, user = self._draws.pick(self._recognized), self._draws.pick(self._uncertified)
        for day in self._days(seller.first, seller.last):
            self._sell(seller.partner, user.id, day, UNCERTIFIED_USER, products=_TO_ANYBODY)

    def outside(self) -> None:
        """Let a reseller sell to another country."""
        seller, user = self._new(self._bound), self._draws.pick(self._users)
        if seller is None or user.city.country == seller.country:
            return
        days = self._days(seller.first, seller.last)
        if not days:
            return
        (supplier,) = (d for d in self._all if d.id == seller.supplier)
        supplied = max(after(min(days), -self._draws.below(20)), seller.first, START)
        supply = self._sell(
            supplier.id, seller.partner, supplied, products=_OUT, quantity=30 * len(days)
        )
        for day in days:
            sale = self._sell(seller.partner, user.id, day, OUTSIDE, products=_OUT)
            if user.city.country not in supplier.countries and _in_time(supplied, day):
                self._network.expect_path(
                    LEFT, supply, sale, subject=seller.partner, object_=user.id
                )

    def other_distributor(self) -> None:
        """Let a reseller buy in its own country, but from one that never certified it."""
        buyer = self._draws.pick(self._tier_two)
        issuers = self._issuers[buyer.partner]
        sellers = [
            d for d in self._distributors if buyer.country in d.countries and d.id not in issuers
        ]
        if not sellers or VENDOR in issuers:
            return
        seller = self._draws.pick(sellers)
        for day in self._days(buyer.first, buyer.last):
            self._sell(seller.id, buyer.partner, day, OTHER, products=_FROM_OTHERS)

    def _new(self, stints: Sequence[Stint]) -> Stint | None:
        """Draw a stint of a partner that was not drawn here before, so that no paths meet."""
        left = [stint for stint in stints if stint.partner not in self._drawn]
        stint = self._draws.pick(left) if left else None
        if stint is not None:
            self._drawn.add(stint.partner)
        return stint

    def _expect_sale(self, rule: str, line: int, sales: Sequence[int]) -> None:
        """Record the path from a line to the earliest sale that may be of its goods."""
        lines = self._network.lines
        following = [sale for sale in sales if _in_time(lines[line].day, lines[sale].day)]
        if following:
            first = min(following, key=lambda sale: (lines[sale].day, sale))
            self._network.expect_path(rule, line, first)

    def _expect_source(self, leaks: Sequence[int], sale: int) -> None:
        """Record the path to a sale from the last of the leaks that it may be of."""
        lines = self._network.lines
        sold = lines[sale]
        before = [leak for leak in leaks if _in_time(lines[leak].day, sold.day)]
        last = max(before, key=lambda leak: (lines[leak].day, -leak))
        self._network.expect_path(SOURCED, last, sale, subject=sold.seller, object_=sold.buyer)

    def _days(self, first: date, last: date) -> list[date]:
        """Draw one to a dozen days of an interval; none if it is empty."""
        start, draws = max(first, START), self._draws
        span = (min(last, _LATEST) - start).days + 1
        count = 1 + draws.below(12) if span > 0 else 0
        return [after(start, draws.below(span)) for _ in range(count)]

    def _sell(
        self,
        seller: str,
        buyer: str,
        day: date,
        *rules: str,
        products: Sequence[str],
        quantity: int | None = None,
    ) -> int:
        draws = self._draws
        currency = draws.pick(("CHF", "EUR", "GBP", "EUR"))
        priced = draws.chance(0.95)
        return self._network.sell(
            seller,
            buyer,
            day,
            *rules,
            quantity=quantity or 1 + draws.below(30),
            amount=(1_000 + draws.below(9_000_000)) * 100 if priced else None,
            currency=currency if priced else None,
            product=draws.pick(products),
        )


def _in_time(before: date, day: date) -> bool:
    """Tell whether goods received on one day may be those sold on another."""
    return before <= day <= after(before, WINDOW)

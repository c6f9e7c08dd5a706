"""Plants for the rules on serial numbers: a copied number, a number from nowhere, near misses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from graphchannel.demo.actors import Held
from graphchannel.demo.days import after
from graphchannel.demo.network import VENDOR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphchannel.demo.actors import Actors
    from graphchannel.demo.geography import Town

TWICE = "serials/handed-over-twice"
TWO_END_USERS = "serials/with-two-end-users"
NEVER_RECEIVED = "serials/never-received"
_COUNTRY = "GB"
_FIRST = date(2015, 2, 2)
_NAMED, _OTHER, _UNNAMED = "WL-1050", "WL-1150", "WL-1100"  # of the last no purchase is named
_OPENING_STOCK = 50  # units without a source that the shipped policy lets pass


def plant_serials(actors: Actors) -> None:
    """Plant units of one distributor and two resellers; the numbers begin with X or Y."""
    city = actors.city(_COUNTRY)
    gold, silver = (actors.partner(_COUNTRY, Held(role), city=city) for role in ("gold", "silver"))
    scene = _Scene(actors, city, actors.house(_COUNTRY), gold, silver)
    scene.copied_by_the_distributor()
    scene.copied_by_somebody()
    scene.from_nowhere(gold, _NAMED, _OPENING_STOCK + 1, NEVER_RECEIVED)
    scene.from_nowhere(silver, _OTHER, _OPENING_STOCK)  # may have been in stock
    scene.bought_without_numbers()


@dataclass(frozen=True, slots=True)
class _Scene:
    """A distributor and two resellers in one city."""

    actors: Actors
    city: Town
    house: str
    gold: str
    silver: str

    def copied_by_the_distributor(self) -> None:
        """Let the distributor hand one number to both resellers."""
        one, two = ["XA1"], ["XA2"]
        self.hand_over(VENDOR, self.house, 0, one + two)
        self.hand_over(self.house, self.gold, 3, one)
        self.hand_over(self.house, self.silver, 5, one, TWICE)
        self.hand_over(self.house, self.silver, 6, two)
        self.hand_over(self.gold, self.user(), 8, one)
        user = self.user()
        self.hand_over(self.silver, user, 9, one, TWO_END_USERS)
        self.hand_over(self.silver, user, 9, two)

    def copied_by_somebody(self) -> None:
        """Let a reseller sell a number that another had; its own purchase names no unit."""
        number = ["XB1"]
        self.hand_over(VENDOR, self.house, 0, [*number, "XB2"])
        self.hand_over(self.house, self.gold, 2, number)
        self.hand_over(self.house, self.silver, 2, [], quantity=1)
        self.hand_over(self.gold, self.user(), 4, number)
        self.hand_over(self.silver, self.user(), 6, number, TWO_END_USERS)
        # the same number on another product is another unit
        self.hand_over(VENDOR, self.house, 0, [], quantity=1, product=_UNNAMED)
        self.hand_over(self.house, self.gold, 3, [], quantity=1, product=_UNNAMED)
        self.hand_over(self.gold, self.user(), 7, number, product=_UNNAMED)

    def from_nowhere(self, seller: str, product: str, strange: int, *rules: str) -> None:
        """Let a reseller buy sixty units by number, and sell so many of them by others."""
        bought = [f"X{product}{unit:03}" for unit in range(60)]
        sold = [f"Y{product}{unit:03}" for unit in range(strange)] + bought[strange:]
        user = self.user()
        self.hand_over(VENDOR, self.house, 0, bought, product=product)
        self.hand_over(self.house, seller, 2, bought, product=product)
        self.hand_over(seller, user, 4, sold[:25], *rules, product=product)
        self.hand_over(seller, user, 6, sold[25:], *rules, product=product)

    def bought_without_numbers(self) -> None:
        """Let a reseller sell units by number that may be any of those it bought."""
        units = [f"YU{unit:03}" for unit in range(60)]
        self.hand_over(VENDOR, self.house, 0, [], quantity=60, product=_UNNAMED)
        self.hand_over(self.house, self.silver, 2, [], quantity=60, product=_UNNAMED)
        self.hand_over(self.silver, self.user(), 4, units, product=_UNNAMED)

    def user(self) -> str:
        """Add an end user that both resellers may sell to."""
        return self.actors.end_user(_COUNTRY, city=self.city)

    def hand_over(
        self,
        seller: str,
        buyer: str,
        days: int,
        serials: Sequence[str],
        *rules: str,
        quantity: int | None = None,
        product: str = _NAMED,
    ) -> None:
        """Sell units with these numbers so many days after the first, or `quantity` without any."""
        network = self.actors.network
        network.serials += [(len(network.lines), serial) for serial in serials]
        network.sell(
            seller,
            buyer,
            after(_FIRST, days),
            *rules,
            quantity=quantity or len(serials),
            product=product,
        )

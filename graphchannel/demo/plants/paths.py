"""Plants for the rules over supply paths: goods that go wrong ways, and some that nearly do.

Each scene has a product of its own, so that no path leads from one to another.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from graphchannel.demo import names
from graphchannel.demo.actors import Held
from graphchannel.demo.days import AS_OF, after
from graphchannel.demo.network import VENDOR
from graphchannel.demo.plants.supply import NOT_VENDOR, UNLISTED, UNLISTED_HOP, VAP_TIER_TWO
from graphchannel.demo.plants.territory import ABROAD, OUTSIDE

if TYPE_CHECKING:
    from graphchannel.demo.actors import Actors

DIVERTED = "paths/diverted"
DIVERTED_UNITS = "serials/diverted"
LATERAL = "paths/lateral-chain"
LEFT = "paths/left-territory"
SOURCED = "paths/sourced-from-vap"
SUPPLIED = "paths/supplied-diverting-vap"
ROUND_TRIP = "paths/round-trip"
EXCEEDS = "paths/out-exceeds-in"
WINDOW, OPENING = 180, 50  # the policy's window_days and opening_stock

_DAY = date(2014, 10, 6)


def plant_paths(actors: Actors) -> None:
    """Plant all of them."""
    scenes = _Scenes(actors)
    for scene in (
        scenes.diverted_in_parts,
        scenes.diverted_through_several_hands,
        scenes.diverted_with_serials,
        scenes.diverted_within_the_window,
        scenes.sold_too_late,
        scenes.sold_before,
        scenes.sold_after_the_day,
        scenes.sent_back,
        scenes.sideways,
        scenes.between_tier_one,
        scenes.left_territory,
        scenes.supplied_by_somebody_authorized,
        scenes.supplied_by_somebody_unknown,
        scenes.supplied_by_the_vendor,
        scenes.supplied_at_another_time,
        scenes.round_trip,
        scenes.sold_to_each_other,
        scenes.returned,
        scenes.back_before_it_left,
        scenes.back_too_late,
        scenes.exceeding,
        scenes.balanced,
        scenes.nothing_received,
        scenes.fed_by_a_distributor,
    ):
        scenes.turn()
        scene()


class _Scenes:
    """One troupe for all scenes: partners of one city, and an end user there and one abroad."""

    def __init__(self, actors: Actors) -> None:
        self._network = actors.network
        self._expect = actors.network.expect_path
        self.house, self.other_house = actors.house("DE"), actors.house("AT")
        self.vap, self.platinum, self.gold, self.silver = (
            actors.regular("DE", role) for role in ("vap", "platinum", "gold", "silver")
        )
        self.user = actors.end_user("DE", city=actors.seat("DE"))
        self.abroad = actors.end_user("GB")
        self.authorized_there = actors.house("GB")
        self.unknown = actors.partner("DE", Held("distributor"), territory=[])
        self._products = [str(row[0]) for row in names.planted_products()]
        self._product = ""

    def turn(self) -> None:
        """Take the next product."""
        self._product = self._products.pop(0)

    def _sell(self, seller: str, buyer: str, days: int, *rules: str, **more: Any) -> int:
        """Sell so many days after the first day."""
        return self._network.sell(
            seller, buyer, after(_DAY, days), *rules, product=self._product, **more
        )

    def diverted_in_parts(self) -> None:
        """Let a reseller buy from both sides, and sell in parts."""
        first = self._sell(self.vap, self.gold, 0, VAP_TIER_TWO, quantity=90, amount=400_000_000)
        self._sell(self.house, self.gold, 1, quantity=50)
        part = self._sell(self.gold, self.user, 9, quantity=40, amount=190_000_000)
        self._expect(DIVERTED, first, part)
        second = self._sell(self.vap, self.gold, 20, VAP_TIER_TWO, amount=None, currency=None)
        self._expect(DIVERTED, second, self._sell(self.gold, self.user, 20, quantity=70))

    def diverted_through_several_hands(self) -> None:
        """Let them change hands on one day."""
        start = self._sell(self.vap, self.silver, 0, VAP_TIER_TWO, quantity=3)
        middle = self._sell(self.silver, self.gold, 0, UNLISTED, quantity=3)
        end = self._sell(self.gold, self.user, 0, quantity=3)
        self._expect(DIVERTED, start, middle, end)
        self._expect(LATERAL, middle, end)

    def diverted_with_serials(self) -> None:
        """Let the units be known by number, from the vendor on."""
        hops = [
            self._sell(VENDOR, self.vap, 0, quantity=4),
            self._sell(self.vap, self.platinum, 3, VAP_TIER_TWO, quantity=4),
            self._sell(self.platinum, self.user, 30, quantity=4),
        ]
        self._network.serials += [(hop, f"SNX{unit:07d}") for hop in hops for unit in range(4)]
        self._expect(DIVERTED, *hops[1:])
        self._expect(SOURCED, *hops[1:], subject=self.platinum, object_=self.user)
        self._expect(DIVERTED_UNITS, *hops, subject=self.vap)

    def diverted_within_the_window(self) -> None:
        """Let the reseller wait for as long as the policy grants, and sell another unit first."""
        leak = self._sell(self.vap, self.gold, 0, VAP_TIER_TWO)
        sale = self._sell(self.gold, self.user, WINDOW)
        self._network.serials += [(leak, "XD1"), (sale, "XD2")]
        self._expect(DIVERTED, leak, sale)
        self._expect(SOURCED, leak, sale, subject=self.gold, object_=self.user)

    def sold_too_late(self) -> None:
        """Let it wait for a day longer."""
        self._sell(self.vap, self.gold, 0, VAP_TIER_TWO)
        self._sell(self.gold, self.user, WINDOW + 1)

    def sold_before(self) -> None:
        """Let it sell the day before."""
        self._sell(self.vap, self.gold, 0, VAP_TIER_TWO)
        self._sell(self.gold, self.user, -1)

    def sold_after_the_day(self) -> None:
        """Let the sale not have happened on the as-of day."""
        late = (AS_OF - _DAY).days
        self._sell(self.vap, self.gold, late, VAP_TIER_TWO)
        self._sell(self.gold, self.user, late + 1)

    def sent_back(self) -> None:
        """Let the goods return, and be sold rightly."""
        self._sell(self.vap, self.silver, 0, VAP_TIER_TWO)
        self._sell(self.silver, self.vap, 1, UNLISTED)
        self._sell(self.vap, self.user, 2)

    def sideways(self) -> None:
        """Let resellers hand goods on to each other, to an end user and in a circle."""
        first = self._sell(self.platinum, self.gold, 2, UNLISTED, quantity=12)
        second = self._sell(self.gold, self.silver, 4, UNLISTED, quantity=12)
        sale = self._sell(self.silver, self.user, 6, quantity=11)
        self._expect(LATERAL, first, second, sale)
        self._expect(LATERAL, second, sale)
        back = self._sell(self.silver, self.platinum, 7, UNLISTED)
        self._expect(ROUND_TRIP, first, second, back, object_=self.silver)

    def between_tier_one(self) -> None:
        """Let a distributor supply a value-added partner."""
        across = self._sell(self.house, self.vap, 0, UNLISTED, quantity=2)
        self._expect(UNLISTED_HOP, across, self._sell(self.vap, self.user, 1, quantity=2))

    def left_territory(self) -> None:
        """Let a reseller sell where neither it nor its distributor may."""
        supply = self._sell(self.house, self.gold, 0, quantity=8)
        sale = self._sell(self.gold, self.abroad, 11, OUTSIDE, quantity=8)
        self._expect(LEFT, supply, sale, subject=self.gold, object_=self.abroad)

    def supplied_by_somebody_authorized(self) -> None:
        """Let one of its distributors be authorized there."""
        self._sell(self.house, self.gold, 0)
        self._sell(self.authorized_there, self.gold, 0, ABROAD)
        self._sell(self.gold, self.abroad, 1, OUTSIDE)

    def supplied_by_somebody_unknown(self) -> None:
        """Let one of its distributors have no authorization on record."""
        self._sell(self.house, self.gold, 0)
        self._sell(self.unknown, self.gold, 0)
        self._sell(self.gold, self.abroad, 1, OUTSIDE)

    def supplied_by_the_vendor(self) -> None:
        """Let the vendor supply it too, which may do so anywhere."""
        self._sell(self.house, self.gold, 0)
        supply = self._sell(VENDOR, self.gold, 0, UNLISTED)
        self._expect(UNLISTED_HOP, supply, self._sell(self.gold, self.abroad, 1, OUTSIDE))

    def supplied_at_another_time(self) -> None:
        """Let the goods have come too early, and too late."""
        self._sell(self.house, self.gold, -WINDOW - 1)
        self._sell(self.house, self.gold, 1)
        self._sell(self.gold, self.abroad, 0, OUTSIDE)

    def round_trip(self) -> None:
        """Let a distributor get its goods back from a reseller that it never supplied."""
        away = self._sell(self.house, self.gold, 0, quantity=30, amount=600_000_000)
        across = self._sell(self.gold, self.silver, 2, UNLISTED, quantity=30, amount=500_000_000)
        back = self._sell(self.silver, self.house, 2, UNLISTED, quantity=25, amount=450_000_000)
        self._expect(ROUND_TRIP, away, across, back, object_=self.silver)

    def sold_to_each_other(self) -> None:
        """Let two distributors help each other over the end of a quarter."""
        away = self._sell(self.house, self.other_house, 85, NOT_VENDOR, UNLISTED)
        back = self._sell(self.other_house, self.house, 88, NOT_VENDOR, UNLISTED)
        self._expect(ROUND_TRIP, away, back, object_=self.other_house)

    def returned(self) -> None:
        """Let a reseller send goods back to where it had bought them."""
        self._sell(self.house, self.gold, 0)
        self._sell(self.gold, self.house, 5, UNLISTED)

    def back_before_it_left(self) -> None:
        """Close the circle a day too early: for the reseller it is one, for the house it is not."""
        away, across, back = self._circle(-1)
        self._expect(ROUND_TRIP, back, away, across, object_=self.gold)

    def back_too_late(self) -> None:
        """Close the circle a day too late."""
        self._circle(WINDOW + 1)

    def _circle(self, days: int) -> tuple[int, int, int]:
        return (
            self._sell(self.house, self.gold, 0),
            self._sell(self.gold, self.silver, 0, UNLISTED),
            self._sell(self.silver, self.house, days, UNLISTED),
        )

    def exceeding(self) -> None:
        """Let a reseller sell more than it can have had."""
        self._sell(self.house, self.gold, 0, quantity=10)
        self._sell(self.gold, self.user, 0, quantity=10 + OPENING)
        self._expect(EXCEEDS, self._sell(self.gold, self.user, 1, amount=30_000_000))
        self._expect(EXCEEDS, self._sell(self.gold, self.user, 2, quantity=4))
        self._sell(self.house, self.gold, 3, quantity=100)
        self._sell(self.gold, self.user, 4, quantity=100)  # as much is missing as before

    def balanced(self) -> None:
        """Let it sell its opening stock, what comes on the day, and what an end user returns."""
        self._sell(self.house, self.silver, 0, quantity=60)
        self._sell(self.silver, self.user, 0, quantity=60 + OPENING)
        self._sell(self.user, self.silver, 2, UNLISTED, quantity=90)
        self._sell(self.silver, self.user, 3, quantity=90)

    def nothing_received(self) -> None:
        """Let it sell what nobody reported that it had received."""
        self._sell(self.silver, self.user, 0, quantity=500)

    def fed_by_a_distributor(self) -> None:
        """Let a distributor supply the partner that leaks twice, and another one afterwards."""
        across = self._sell(self.house, self.vap, 0, UNLISTED, quantity=6)
        first = self._sell(self.vap, self.gold, 3, VAP_TIER_TWO, quantity=2)
        early = self._sell(self.gold, self.user, 4, quantity=1)
        last = self._sell(self.vap, self.gold, 5, VAP_TIER_TWO, quantity=4)
        self._sell(self.other_house, self.vap, 6, UNLISTED, quantity=6)
        late = self._sell(self.gold, self.user, 8, quantity=5)
        self._expect(UNLISTED_HOP, across, first, early)
        for leak, sale in ((first, early), (last, late)):
            self._expect(DIVERTED, leak, sale)
            self._expect(SUPPLIED, across, leak, sale, object_=self.vap)
            self._expect(SOURCED, leak, sale, subject=self.gold, object_=self.user)

"""Small random networks as facts, without a database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from graphchannel.analysis.coverage.facts import (
    Authorization,
    Branch,
    Certificate,
    City,
    Facts,
    Partner,
    Region,
)
from graphchannel.policy import load_policy
from graphchannel.resources import pack

if TYPE_CHECKING:
    import random

DAY = date(2015, 6, 30)
FIRST, LAST = date(2014, 1, 1), date(2016, 12, 31)
POLICY = load_policy(pack())


@dataclass
class Net:
    """Facts in the making; the methods add one thing each and return its id."""

    regions: list[Region] = field(default_factory=list)
    cities: list[City] = field(default_factory=list)
    partners: list[Partner] = field(default_factory=list)
    certificates: list[Certificate] = field(default_factory=list)
    authorizations: list[Authorization] = field(default_factory=list)
    branches: list[Branch] = field(default_factory=list)

    def region(self, id_: str, country: str = "DE", demand: float | None = None) -> str:
        self.regions.append(Region(id_, f"Region {id_}", None, country, demand))
        return id_

    def city(
        self,
        id_: str,
        region: str,
        at: tuple[float, float] | None = None,
        *,
        population: int | None = None,
        key: bool | None = None,
    ) -> str:
        north, east = at or (None, None)
        self.cities.append(City(id_, f"City {id_}", region, population, key, north, east))
        return id_

    def partner(self, id_: str, role: str, *regions: str, city: str | None = None) -> str:
        self.partners.append(Partner(id_, f"Partner {id_}", None, city, FIRST, LAST))
        self.certificates.append(
            Certificate(id_, role, holds=True, issuer="V", by_vendor=True, first=FIRST, last=LAST)
        )
        for region in regions:
            self.authorizations.append(Authorization(region, id_, FIRST, LAST))
        return id_

    def branch(self, partner: str, city: str) -> None:
        self.branches.append(Branch(partner, city, FIRST, LAST))

    def facts(self) -> Facts:
        return Facts(
            as_of=DAY,
            since=FIRST,
            policy=POLICY,
            regions={row.id: row for row in sorted(self.regions, key=lambda row: row.id)},
            cities={row.id: row for row in sorted(self.cities, key=lambda row: row.id)},
            partners={row.id: row for row in sorted(self.partners, key=lambda row: row.id)},
            certificates=tuple(self.certificates),
            authorizations=tuple(self.authorizations),
            branches=tuple(self.branches),
            sales=(),
            end_users={},
        )


def random_net(dice: random.Random) -> Net:
    """Return a few regions of two countries with cities, distributors, resellers and branches."""
    net = Net()
    for number in range(dice.randint(2, 8)):
        country = dice.choice(["DE", "FR"])
        demand = dice.choice([None, float(dice.randint(0, 9)), 100 * dice.random()])
        region = net.region(f"R{number}", country, demand)
        for place in range(dice.randint(0, 2)):
            where = (48 + 3 * dice.random(), 7 + 4 * dice.random())
            net.city(
                f"C{number}{place}",
                region,
                where if dice.random() < 0.9 else None,
                population=dice.choice([None, dice.randint(1, 9), dice.randint(1, 9999)]),
                key=dice.choice([None, False, True, True]),
            )
    regions = [region.id for region in net.regions]
    cities = [city.id for city in net.cities]
    for number in range(dice.randint(1, 5)):
        role = dice.choice(["distributor", "distributor", "gold", "silver"])
        seat = dice.choice(cities) if cities and dice.random() < 0.8 else None
        some = dice.sample(regions, dice.randint(0, min(3, len(regions))))
        partner = net.partner(f"P{number}", role, *some, city=seat)
        for city in dice.sample(cities, dice.randint(0, min(2, len(cities)))):
            net.branch(partner, city)
    return net

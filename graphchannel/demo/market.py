"""End users of the clean network, and who of them a reseller may sell to."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from graphchannel.demo import names
from graphchannel.demo.geography import COUNTRIES
from graphchannel.demo.network import VENDOR

if TYPE_CHECKING:
    from graphchannel.demo.draws import Draws
    from graphchannel.demo.geography import Town
    from graphchannel.demo.network import Network

# segments and how many end users in a hundred are in each
_SEGMENTS = (("industry", 30), ("enterprise", 37), ("commercial", 25), (None, 4), ("consumer", 4))
_YEARS = (date(2013, 7, 1), date(2014, 7, 1), date(2015, 7, 1))
_YEAR_ENDS = (date(2014, 6, 30), date(2015, 6, 30), date(2016, 6, 30))


@dataclass(frozen=True, slots=True)
class EndUser:
    """An end user whose city is known and whose segment is not out of scope."""

    id: str
    city: Town
    industry: str | None
    certified: bool


# country, region or None for all of it, industry or None for all, only certified ones
PoolKey = tuple[str, str | None, str | None, bool]


@dataclass(frozen=True, slots=True)
class EndUserMarket:
    """End users that clean lines may go to, also by place, industry and certificate."""

    users: tuple[EndUser, ...]
    pools: dict[PoolKey, list[EndUser]]

    def pool(
        self, country: str, region: str | None, industry: str | None, *, certified: bool = False
    ) -> list[EndUser]:
        """Return the end users within a territory; a region that is the country is all of it."""
        inner = None if region == country else region
        return self.pools.get((country, inner, industry, certified), [])


def add_market(network: Network, draws: Draws, count: int) -> EndUserMarket:
    """Add `count` end users, some of which no clean line goes to, and the certificates of some."""
    for industry in names.INDUSTRIES:
        network.add("industries", industry, industry.replace("_", " ").capitalize())
    cities = network.geography.cities
    drawn = draws.weighted([min(city.population, 900_000) for city in cities], count)
    segments = draws.weighted([share for _, share in _SEGMENTS], count)
    industries = draws.integers(len(names.INDUSTRIES) * 33, count)  # one in 33 has none
    first_words, second_words = draws.integers(997, count), draws.integers(997, count)
    homeless, certified = draws.uniform(count) < 0.02, draws.uniform(count) < 0.3
    before = len(network.rows["end_users"])
    users = []
    for turn in range(count):
        city, segment = cities[drawn[turn]], _SEGMENTS[segments[turn]][0]
        draw = int(industries[turn])
        sector = names.INDUSTRIES[draw // 33] if draw % 33 else None
        name = names.customer_name(
            int(first_words[turn]), int(second_words[turn]), COUNTRIES[city.country].suffix
        )
        user = f"E{before + turn + 1:06d}"
        seat = None if homeless[turn] else city.id
        network.add("end_users", user, name, city.country, seat, sector, segment)
        if certified[turn]:
            for first, last in zip(_YEARS, _YEAR_ENDS, strict=True):
                network.certify(user, "certified_end_user", VENDOR, first, last)
        if segment != "consumer" and seat:
            users.append(EndUser(user, city, sector, bool(certified[turn])))
    return EndUserMarket(tuple(users), _pools(users))


def _pools(users: list[EndUser]) -> dict[PoolKey, list[EndUser]]:
    pools: defaultdict[PoolKey, list[EndUser]] = defaultdict(list)
    for user in users:
        country, region = user.city.country, user.city.region
        for place in (None, region):
            for industry in dict.fromkeys((None, user.industry)):
                for certified in dict.fromkeys((False, user.certified)):
                    pools[country, place, industry, certified].append(user)
    return dict(pools)

"""Random networks as rows to load, side by side in one workspace, with their places and hubs."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from itertools import permutations
from typing import TYPE_CHECKING, Any

from graphchannel.ingest import load_rows
from graphchannel.workspace import create_workspace
from tests.analysis.goods.exhaustive import Line
from tests.analysis.goods.fixed_length import CITIES, PARENTS, Grant, Market
from tests.analysis.goods.networks import MOST_LINES, START, draw_network, flow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from random import Random

    from graphchannel.policy import Policy
    from graphchannel.workspace import Workspace

HUB = 4_100  # parallel lines between one pair
_CHAIN = (("distributor", "vap"), ("vap", "gold"), ("gold", "end_user"))
_TERRITORY = (("distributor", "gold"), ("gold", "end_user"))
_DOWN = {*_CHAIN, *_TERRITORY, ("vap", "silver"), ("silver", "end_user"), ("gold", "silver")}
_HUB_DAYS = 12


def draw_market(random: Random, policy: Policy, mark: str) -> Market:
    """Draw a network, where its lines went, and who was authorized where."""
    draw = random.choice((draw_network, draw_channel))
    lines = draw(random, policy, mark)
    cities = [None, *CITIES, "in-s"]
    homes = {party: random.choice(cities) for line in lines for party in (line.seller, line.buyer)}
    shipped = {line.id: random.choice([None, None, *CITIES]) for line in lines}
    partners = sorted(
        {line.seller for line in lines if line.seller_role not in ("vendor", "end_user")}
    )
    return Market(
        lines=lines,
        shipped={id_: city for id_, city in shipped.items() if city},
        homes={party: city for party, city in homes.items() if city},
        grants={party: draw_grants(random) for party in partners if random.random() < 0.8},
    )


def draw_channel(random: Random, policy: Policy, mark: str) -> list[Line]:
    """Draw lines that mostly go down the channel, round the distributor too, on few days.

    A party may change its role on some day.
    """
    roles = ["distributor", "vap", "gold", "end_user"]
    roles += random.choices([*policy.role_ids, "end_user", "uncertified", "vendor"], k=4)
    parties = dict(zip((f"{mark}{number}" for number in range(8)), roles, strict=True))
    change, other = random.randrange(20), random.choice(list(parties)[1:3])
    role_after = random.choice(policy.role_ids) if random.random() < 0.3 else parties[other]
    lines = []
    for number in range(random.randint(5, MOST_LINES)):
        day = random.randrange(20)
        held = parties | ({other: role_after} if day >= change else {})
        down = [(s, b) for s, b in permutations(parties, 2) if (held[s], held[b]) in _DOWN]
        pairs = down if random.random() < 0.8 else list(permutations(parties, 2))
        seller, buyer = random.choice(pairs)
        lines.append(
            Line(
                id=f"{mark}{number:02}",
                day=day,
                seller=seller,
                buyer=buyer,
                product=f"{mark}p{random.choice((0, 0, 0, 1))}",
                quantity=random.choice((1, 1, 2, 5, 20)),
                seller_role=held[seller],
                buyer_role=held[buyer],
                flow=flow(policy, held[seller], held[buyer]),
            )
        )
    return lines


def draw_grants(random: Random) -> list[Grant]:
    """Draw authorizations: mostly for one region and all days, some for a while or everywhere."""
    granted = []
    for region in random.sample([*PARENTS, None], random.choice((1, 1, 2))):
        first, last = (0, 99) if random.random() < 0.7 else sorted(random.choices(range(40), k=2))
        granted.append(Grant(region, first, last))
    return granted


def hubs(policy: Policy) -> list[Market]:
    """Return a chain of three hops for each of them, and of two, with thousands of lines on it."""
    return [
        _hub(policy, f"hub{number}-{place}-", pairs, place)
        for number, pairs in enumerate((_CHAIN, _TERRITORY))
        for place in range(len(pairs))
    ]


def _hub(policy: Policy, mark: str, pairs: Sequence[tuple[str, str]], place: int) -> Market:
    lines = [
        Line(
            id=f"{mark}{hop}-{number:04}",
            day=number * 7 % _HUB_DAYS + hop,
            seller=f"{mark}{seller}",
            buyer=f"{mark}{buyer}",
            product=f"{mark}p",
            quantity=1 + number % 3,
            seller_role=seller,
            buyer_role=buyer,
            flow=flow(policy, seller, buyer),
        )
        for hop, (seller, buyer) in enumerate(pairs)
        for number in range(HUB if hop == place else 3)
    ]
    grants = {f"{mark}{role}": [Grant("r1", 0, 99)] for role in ("distributor", "gold")}
    return Market(lines, {}, {f"{mark}end_user": "in-s"}, grants)


def load_markets(markets: Iterable[Market], policy: Policy) -> Workspace:
    """Load them into one workspace; every row must be taken as it is."""
    workspace = create_workspace(None, policy)
    report = load_rows(workspace, _tables(list(markets)), policy)
    rejected = workspace.connection.execute("SELECT reason, raw FROM admin.rejects").fetchall()
    assert (rejected, report.unchanged, report.corrected) == ([], 0, 0)
    return workspace


def _tables(markets: Sequence[Market]) -> dict[str, list[dict[str, Any]]]:
    tables: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    tables["regions"] = [
        {"id": id_, "name": id_, "parent_id": parent} for id_, parent in PARENTS.items()
    ]
    tables["cities"] = [{"id": id_, "name": id_, "region_id": r} for id_, r in CITIES.items()]
    tables["industries"] = [{"id": "any", "name": "any"}]
    for market in markets:
        _add_parties(tables, market)
        tables["shipments"] += [
            {
                "id": line.id,
                "shipped_on": _day(line.day),
                "seller_id": line.seller,
                "buyer_id": line.buyer,
                "product_id": line.product,
                "quantity": line.quantity,
                "ship_to_city_id": market.shipped.get(line.id),
            }
            for line in market.lines
        ]
        tables["products"] += [
            {"id": id_, "name": id_} for id_ in sorted({line.product for line in market.lines})
        ]
        tables["authorizations"] += [
            {
                "partner_id": partner,
                "region_id": grant.region,
                "industry_id": None if grant.region else "any",
                "valid_from": _day(grant.first),
                "valid_to": _day(grant.last),
            }
            for partner, grants in market.grants.items()
            for grant in grants
        ]
    return tables


def _add_parties(tables: dict[str, list[dict[str, Any]]], market: Market) -> None:
    """Add each party as what it is, with a certificate for each day on which it has a role."""
    held = {
        (party, role, line.day)
        for line in market.lines
        for party, role in ((line.seller, line.seller_role), (line.buyer, line.buyer_role))
    }
    kinds = {"vendor": "vendors", "end_user": "end_users"}
    for party, table in sorted({(party, kinds.get(role, "partners")) for party, role, _ in held}):
        home = {} if table == "vendors" else {"city_id": market.homes.get(party)}
        tables[table].append({"id": party, "name": party} | home)
    tables["certifications"] += [
        {
            "holder_id": party,
            "role": role,
            "issuer_id": party,
            "valid_from": _day(day),
            "valid_to": _day(day),
        }
        for party, role, day in sorted(held)
        if role not in (*kinds, "uncertified")
    ]


def _day(number: int) -> str:
    return (START + timedelta(number)).isoformat()

"""Random networks of a few parties and lines, many of them in one relation."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from graphchannel.analysis.contract import Projection
from tests.analysis.goods.exhaustive import Line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from graphchannel.policy import Policy

START = date(2015, 1, 1)
MOST_PARTIES, MOST_LINES = 8, 40


def draw_network(random: Random, policy: Policy, mark: str) -> list[Line]:
    """Draw a network; `mark` stands before its parties and products, and in its lines' ids.

    Days are few, so that many lines share one, and more where there are many lines, whose paths
    would be beyond counting. A partner may change its role on some day.
    """
    parties = [f"{mark}{number}" for number in range(random.randint(3, MOST_PARTIES))]
    likely = ["end_user", "distributor", "vap", "gold", "silver"] * 3
    roles = [*likely, *policy.role_ids, "vendor", "uncertified"]
    early = {party: random.choice(roles) for party in parties}
    late = {
        party: role
        if role in ("vendor", "end_user") or random.random() < 0.7
        else random.choice([*policy.role_ids, "uncertified"])
        for party, role in early.items()
    }
    products = [f"{mark}p{number}" for number in range(random.randint(1, 3))]
    count = random.randint(1, MOST_LINES)
    span = random.choice((3, 8, 20) if count < 15 else (25, 40, 80))
    change = random.randrange(span)
    lines = []
    for number in range(count):
        day = random.randrange(span)
        held = early if day < change else late
        seller, buyer = random.sample(parties, 2)
        lines.append(
            Line(
                id=f"{mark}{number:02}",
                day=day,
                seller=seller,
                buyer=buyer,
                product=random.choice(products),
                quantity=random.choice((1, 1, 2, 5, 20)),
                seller_role=held[seller],
                buyer_role=held[buyer],
                flow=flow(policy, held[seller], held[buyer]),
            )
        )
    return lines


def flow(policy: Policy, seller: str, buyer: str) -> str:
    """Return the flow of a line between two roles, as a load derives it."""
    tiers = {"vendor": 0, "end_user": 3} | {role.id: role.supply_tier for role in policy.roles}
    after, before = tiers.get(seller), tiers.get(buyer)
    if after is not None and before is not None:
        if after > before:
            return "upstream"
        if after == before:
            return "lateral"
        named = {(0, 1): "sell_in", (1, 2): "sell_through", (0, 3): "direct"}
        if (after, before) in named:
            return named[after, before]
    return "sell_out" if buyer == "end_user" else "other"


def projection(
    lines: Sequence[Line], policy: Policy, random: Random, **parameters: object
) -> Projection:
    """Put lines into a relation, in any order."""
    shuffled = random.sample(list(lines), len(lines))
    columns = {
        "seller": pa.array([line.seller for line in shuffled], pa.string()),
        "buyer": pa.array([line.buyer for line in shuffled], pa.string()),
        "shipment": pa.array([line.id for line in shuffled], pa.string()),
        "product": pa.array([line.product for line in shuffled], pa.string()),
        "day": pa.array([START + timedelta(line.day) for line in shuffled], pa.date32()),
        "quantity": pa.array([line.quantity for line in shuffled], pa.int64()),
        "seller_role": pa.array([line.seller_role for line in shuffled], pa.string()),
        "buyer_role": pa.array([line.buyer_role for line in shuffled], pa.string()),
        "flow": pa.array([line.flow for line in shuffled], pa.string()),
    }
    connection = duckdb.connect()
    connection.register("drawn", pa.table(columns))
    connection.execute("CREATE TABLE lines AS FROM drawn")
    return Projection(connection, "lines", parameters, policy)

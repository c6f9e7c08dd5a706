"""Channels with hubs: thousands of lines between two parties, ten thousand of one party."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.channels.draw import draw_channel
from tests.channels.places import AS_OF

if TYPE_CHECKING:
    from tests.channels.places import Row, Tables

PARALLEL = 4_200  # lines between two parties; more than two of DuckDB's vectors hold
SIZES = (PARALLEL, PARALLEL, 1_700, 900, 400, 300)
DAYS = 55  # on which lines of a hub lie, so that many share one


def draw_hubs(seed: int) -> Tables:
    """Draw a channel, and a product of which a few parties hand on nearly all lines."""
    dice = random.Random(seed)  # noqa: S311 - a seed, not a secret
    tables = draw_channel(seed)
    tables["products"].append({"id": "H", "name": "Router H"})
    roles = {row["holder_id"]: row["role"] for row in tables["certifications"]}
    partners = [row["id"] for row in tables["partners"]]
    hub, other, third = dice.sample([id_ for id_ in partners if id_ in roles], 3)
    users = [row["id"] for row in tables["end_users"]]
    ends = [
        (other, hub), (hub, users[0]), (hub, users[1]),  # ten thousand lines of the hub
        ("V", other), dice.choice(((hub, third), (third, other))), (third, hub),
    ]  # fmt: skip
    cities = [row["id"] for row in tables["cities"]]
    first = AS_OF - timedelta(dice.choice((DAYS - 2, DAYS + 20)))
    lines = [
        _line(dice, seller, buyer, first, cities)
        for (seller, buyer), size in zip(ends, SIZES, strict=True)
        for _ in range(size)
    ]
    dice.shuffle(lines)
    for number, row in enumerate(lines):
        row["id"] = f"H{number:05}"
    tables["shipments"] += lines
    for row in dice.sample(lines, 60):
        serial = f"S{dice.randrange(25):02}"
        tables["serials"].append({"shipment_id": row["id"], "serial": serial})
    return tables


def _line(dice: random.Random, seller: str, buyer: str, first: date, cities: list[str]) -> Row:
    told = dice.random() < 0.01
    return {
        "shipped_on": first + timedelta(dice.randrange(DAYS)), "seller_id": seller,
        "buyer_id": buyer, "product_id": "H", "quantity": dice.choice((1, 1, 2, 5)),
        "amount": None if dice.random() < 0.02 else Decimal(dice.randrange(1, 900_000)) / 10_000,
        "currency": dice.choice(("EUR", "EUR", "USD", None)),
        "ship_to_city_id": dice.choice((*cities, None)),
        "document": dice.choice(("D1", "D2")) if told else None, "same_sale": None,
    }  # fmt: skip

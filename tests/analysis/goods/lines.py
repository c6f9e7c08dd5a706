"""Small random networks of lines, and all that can be said of them by trying everything out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import duckdb

from graphchannel.analysis.goods.followed import LINE
from graphchannel.analysis.goods.model import Hop

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Sequence

DAY = date(1970, 1, 1)
ROLES = ("vendor", "distributor", "gold", "end_user")


@dataclass(frozen=True, slots=True)
class Made:
    """A line with its product; `breaks` as the policy would say of its hop."""

    product: str
    hop: Hop


def line(
    shipment: str,
    seller: str,
    buyer: str,
    day: int,
    *,
    quantity: int = 1,
    breaks: bool = False,
    product: str = "p",
) -> Made:
    """Return a line; the first letter of a party tells its role: v, d, g or e."""
    roles = {role[0]: role for role in ROLES}
    when = DAY + timedelta(days=day)
    ends = (roles[seller[0]], roles[buyer[0]])
    return Made(product, Hop(shipment, seller, buyer, when, quantity, *ends, breaks))


def random_lines(dice: random.Random, *, most: int, parties: int) -> list[Made]:
    """Draw lines between few parties on few days, so that much can follow on equal days."""
    names = [f"{dice.choice('vdgge')}{number}" for number in range(parties)]
    days = dice.choice([2, 5, 12])
    return [
        line(
            f"L{number:02}",
            seller,
            buyer,
            dice.randint(1, days),
            quantity=dice.randint(1, 4),
            breaks=dice.random() < 0.3,
            product=dice.choice("ppq"),
        )
        for number in range(dice.randint(1, most))
        for seller, buyer in [dice.sample(names, 2)]
    ]


def connected(lines: Sequence[Made]) -> duckdb.DuckDBPyConnection:
    """Return a database in which the lines are followed."""
    connection = duckdb.connect()
    connection.execute(
        f"CREATE TEMP TABLE {LINE} (shipment VARCHAR, seller VARCHAR, buyer VARCHAR, "
        "product VARCHAR, day INTEGER, quantity BIGINT, seller_role VARCHAR, buyer_role VARCHAR, "
        "breaks BOOLEAN)"
    )
    rows = [
        (
            one.hop.shipment,
            one.hop.seller,
            one.hop.buyer,
            one.product,
            (one.hop.day - DAY).days,
            one.hop.quantity,
            one.hop.seller_role,
            one.hop.buyer_role,
            one.hop.breaks,
        )
        for one in lines
    ]
    if rows:
        connection.executemany(f"INSERT INTO {LINE} VALUES ({', '.join('?' * 9)})", rows)
    return connection


def all_paths(
    lines: Sequence[Made],
    first: Sequence[Made],
    *,
    max_hops: int,
    window: int | None,
    back: bool = False,
) -> Iterator[list[Made]]:
    """Yield every path from one of the lines `first`, no line twice, each hop after the last.

    `back` yields them from the last hop to the first.
    """
    for start in first:
        stack = [[start]]
        while stack:
            path = stack.pop()
            yield path
            if len(path) < max_hops:
                stack += [
                    [*path, one]
                    for one in lines
                    if one not in path and _follows(path[-1], one, window, back=back)
                ]


def follows(before: Made, after: Made, window: int | None) -> bool:
    """Tell whether goods of one line can have gone on along the other."""
    days = (after.hop.day - before.hop.day).days
    return (
        before.product == after.product
        and before.hop.buyer == after.hop.seller
        and before.hop.buyer_role != "vendor"
        and days >= 0
        and (window is None or days <= window)
    )


def _follows(path_end: Made, one: Made, window: int | None, *, back: bool) -> bool:
    return follows(one, path_end, window) if back else follows(path_end, one, window)

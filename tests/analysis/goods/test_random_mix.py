"""What can be seen on random channels whose units partly have numbers, against what was sold."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from datetime import date, timedelta
from random import Random

import duckdb
import pyarrow as pa

from graphchannel.analysis.goods.followed import LINE, UNIT
from graphchannel.analysis.goods.observability import observed

CHANNELS = int(os.environ.get("GRAPHCHANNEL_NETWORKS", "150"))
ROLES = {"v": "vendor", "d": "distributor", "f": "distributor", "g": "gold", "h": "silver"}
BUYERS = {"v": "df", "d": "ghf", "f": "gh", "g": "eh", "h": "e"}


def test_no_more_is_seen_than_end_users_were_sold() -> None:
    random = Random("mix")  # noqa: S311 - a seed, not a secret
    lines: list[dict[str, object]] = []
    units: list[dict[str, object]] = []
    for number in range(CHANNELS):
        _draw(random, f"P{number}", lines, units)
    arrived: Counter[str] = Counter()
    named: defaultdict[str, set[object]] = defaultdict(set)
    for line in lines:
        if line["buyer_role"] == "end_user":
            arrived[str(line["product"])] += int(str(line["quantity"]))
    sold = {unit["serial"] for unit in units if unit["seller_role"] == "vendor"}
    for unit in units:
        if unit["buyer_role"] == "end_user" and unit["serial"] in sold:
            named[str(unit["product"])].add(unit["serial"])
    seen: Counter[str] = Counter()
    entries: Counter[str] = Counter()
    followed: Counter[str] = Counter()
    with duckdb.connect() as connection:
        connection.register("drawn_lines", pa.Table.from_pylist(lines))
        connection.register("drawn_units", pa.Table.from_pylist(units))
        connection.execute(f"CREATE TEMP TABLE {LINE} AS FROM drawn_lines")
        connection.execute(f"CREATE TEMP TABLE {UNIT} AS FROM drawn_units")
        for entry in observed(connection):
            assert entry.followed <= entry.numbered <= entry.sold_in
            assert entry.followed <= entry.seen <= entry.sold_in - entry.returned
            assert entry.returned == 0
            seen[entry.product] += entry.seen
            followed[entry.product] += entry.followed
            entries[entry.product] += 1
    assert sum(map(len, named.values())) > CHANNELS
    for product in entries:
        assert followed[product] == len(named[product])
        assert seen[product] <= arrived[product] + entries[product] / 2, product


def _draw(
    random: Random, product: str, lines: list[dict[str, object]], units: list[dict[str, object]]
) -> None:
    """Let goods go down the channel; who has units with numbers reports them, or does not."""
    stock: defaultdict[str, list[str | None]] = defaultdict(list)
    for day in range(random.randint(3, 25)):
        seller = random.choice([p for p in "vdfgh" if p == "v" or stock[p]])
        goods = stock[seller]
        if seller == "v":
            names = random.random() < 0.6
            made = (f"{product}-{day}-{n}" if names else None for n in range(random.randint(1, 9)))
            goods.extend(made)
        random.shuffle(goods)
        gone = [goods.pop() for _ in range(random.randint(1, len(goods)))]
        buyer = random.choice(BUYERS[seller])
        line = {
            "shipment": f"{product}-L{day:02}",
            "seller": seller,
            "buyer": f"{buyer}1" if buyer == "e" else buyer,
            "product": product,
            "day": (date(2015, 1, 1) + timedelta(day) - date(1970, 1, 1)).days,
            "quantity": len(gone),
            "seller_role": ROLES[seller],
            "buyer_role": ROLES.get(buyer, "end_user"),
            "breaks": False,
        }
        lines.append(line)
        silent = random.random() < 0.25  # the numbers of a line are not reported
        units.extend(line | {"serial": unit} for unit in gone if unit and not silent)
        stock[buyer].extend(gone)
        if seller == "v":
            stock["v"] = []

"""Who sold and who supplied goods that went astray, once more, from docs/paths.md alone."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.demo.oracle import Line
    from tests.demo.oracle_goods import Goods, Hop

TIER_ONE, TIER_TWO = ("distributor", "vap"), ("platinum", "gold", "silver", "recognized")


def judge_sources(goods: Goods) -> None:
    found: defaultdict[tuple[str, ...], list[tuple[Line, ...]]] = defaultdict(list)
    for hops in goods.bought.values():
        for hop in hops:
            if hop.first.buying == "end_user":
                for identity, path in [*_left(goods, hop), *_sources(goods, hop)]:
                    found[identity].append(path)
    for identity, paths in found.items():
        every = {line for path in paths for line in path}
        goods.oracle.report(identity, every, {path[-1] for path in paths})


Found = list[tuple[tuple[str, ...], tuple["Line", ...]]]


def _left(goods: Goods, sales: Hop) -> Found:
    """Judge sales of a day that leave the territory that goods were sold for."""
    found: Found = []
    sources = [
        hop for hop in before(goods, sales.first) if not hop.first.upstream
    ]  # what the seller can have had the goods from
    for place in {sale.destination for sale in sales.lines}:
        sale = sales.first
        if (
            not place
            or sale.seller not in goods.oracle.partners
            or not outside(goods, sale.seller, place, sale)
        ):
            continue
        if all(
            hop.first.selling in TIER_ONE
            and hop.first.buying in TIER_TWO
            and outside(goods, hop.first.seller, place, sale)
            for hop in sources
        ):
            there = [sale for sale in sales.lines if sale.destination == place]
            supplies = [line for hop in sources for line in hop.lines]
            identity = ("paths/left-territory", sale.seller, sale.buyer)
            if supplies:
                found += [(identity, (*supplies, sale)) for sale in there]
    return found


def outside(goods: Goods, partner: str, place: str, sale: Line) -> bool:
    held = goods.oracle.authorized(partner, sale.day)
    within = goods.oracle.city_within(place)
    return bool(held) and not any(
        not row["region_id"] or row["region_id"] in within for row in held
    )


def _sources(goods: Goods, sales: Hop) -> Found:
    """Judge a reseller's sales of a day by where it can have had the goods from."""
    if sales.first.selling not in TIER_TWO:
        return []
    found: Found = []
    seller, buyer, product = sales.first.seller, sales.first.buyer, sales.first.product
    supplies = before(goods, sales.first)
    leaks = [hop for hop in supplies if hop.first.selling == "vap" and hop.first.buying in TIER_TWO]
    for vap in {leak.first.seller for leak in leaks}:
        own = [leak for leak in leaks if leak.first.seller == vap]
        if all(hop.first.selling == "vap" for hop in supplies):
            leak = last(own).first
            found += [
                (("paths/sourced-from-vap", seller, buyer), (leak, sale)) for sale in sales.lines
            ]
        fed: defaultdict[str, list[tuple[Hop, Hop]]] = defaultdict(list)
        for leak_hop in own:
            for supply in before(goods, leak_hop.first):
                if supply.first.pair == ("distributor", "vap"):
                    fed[supply.first.seller].append((supply, leak_hop))
        for house, ways in fed.items():
            passed = last([leak_hop for _, leak_hop in ways])
            supply = last([supply for supply, leak_hop in ways if leak_hop is passed])
            identity = ("paths/supplied-diverting-vap", house, vap, product)
            found += [(identity, (supply.first, passed.first, sale)) for sale in sales.lines]
    return found


def before(goods: Goods, line: Line) -> list[Hop]:
    """Return what the seller had bought of the product in the window before a line."""
    return [
        hop
        for hop in goods.bought.get((line.seller, line.product), ())
        if 0 <= (line.day - hop.first.day).days <= goods.window
    ]


def last(hops: list[Hop]) -> Hop:
    """Return those of the last day, of several the one with the first line by its id."""
    return min(hops, key=lambda hop: (-hop.first.day.toordinal(), hop.first.id))

"""Who sold and who supplied diverted goods, once more, from docs/paths.md alone."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.demo.oracle_paths import Hop, PathOracle

TIER_TWO = ("platinum", "gold", "silver", "recognized")
WINDOW = 180
Bought = dict[tuple[str, str], list["Hop"]]


def judge_sources(paths: PathOracle) -> None:
    bought: Bought = defaultdict(list)
    for line in paths.lines:
        bought[line.buyer, line.product].append(line)
    for sale in paths.lines:
        if sale.selling in TIER_TWO and sale.buying == "end_user":
            judge_sale(paths, sale, bought)


def judge_sale(paths: PathOracle, sale: Hop, bought: Bought) -> None:
    supplies = before(sale, bought)
    leaks = [line for line in supplies if line.selling == "vap" and line.buying in TIER_TWO]
    for vap in {leak.seller for leak in leaks}:
        own = [leak for leak in leaks if leak.seller == vap]
        if all(line.selling == "vap" for line in supplies):
            goods = paths.found["paths/sourced-from-vap", sale.seller, sale.buyer]
            goods.add([last(own), sale])
        fed: defaultdict[str, list[tuple[Hop, Hop]]] = defaultdict(list)
        for leak in own:
            for supply in before(leak, bought):
                if (supply.selling, supply.buying) == ("distributor", "vap"):
                    fed[supply.seller].append((supply, leak))
        for house, ways in fed.items():
            leak = last([leak for _, leak in ways])
            supply = last([supply for supply, fed_leak in ways if fed_leak == leak])
            goods = paths.found["paths/supplied-diverting-vap", house, vap, sale.product]
            goods.add([supply, leak, sale])


def before(line: Hop, bought: Bought) -> list[Hop]:
    """Return what the seller had bought of the product in the window before a line."""
    lines = bought.get((line.seller, line.product), [])
    return [one for one in lines if 0 <= (line.day - one.day).days <= WINDOW]


def last(lines: Sequence[Hop]) -> Hop:
    """Return a line of the last day, of several the first by its id."""
    return min(lines, key=lambda line: (-line.day.toordinal(), line.id))

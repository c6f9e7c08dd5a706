"""Round trips once more: from each party out, and home again."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from tests.demo.oracle_goods import Hop, Network

if TYPE_CHECKING:
    from tests.demo.oracle import Line
    from tests.demo.oracle_goods import Goods

Way = tuple[Hop, ...]


def round_trips(goods: Goods) -> None:
    """Let of the paths that end with one line the one with the fewest hops count."""
    by_product: defaultdict[str, list[Hop]] = defaultdict(list)
    for hop in goods.hops:
        if hop.first.buying != "end_user":
            by_product[hop.first.product].append(hop)
    for product, hops in by_product.items():
        network = Network(goods, hops, lambda _: False)
        for party in {hop.first.seller for hop in hops} & {hop.first.buyer for hop in hops}:
            ways = _home(network, party)
            found: defaultdict[str, list[tuple[Line, ...]]] = defaultdict(list)
            for way in ways.values():
                for last in way[-1].lines:
                    path = (*(hop.first for hop in way[:-1]), last)
                    found[last.seller].append(path)
            for brought, paths in found.items():
                every = {line for path in paths for line in path}
                identity = ("paths/round-trip", party, brought, product)
                goods.oracle.report(identity, every, {path[-1] for path in paths})


def _home(network: Network, party: str) -> dict[Hop, Way]:
    """Return for each hop that brings goods home the best way that ends with it.

    Ways grow hop by hop. Of what can have come before a hop the latest counts, of those of a day
    the first by its id.
    """
    reached: dict[Hop, Way] = {hop: (hop,) for hop in network.hops if hop.first.seller == party}
    newest = reached
    while newest:
        longer: dict[Hop, Way] = {}
        for last, way in newest.items():
            if last.first.buyer == party:
                continue
            for hop in network.following(last.first):
                if hop not in reached and hop.first.seller != party:
                    other = longer.get(hop)
                    if other is None or _late(last) < _late(other[-2]):
                        longer[hop] = (*way, hop)
        reached, newest = reached | longer, longer
    return {hop: way for hop, way in reached.items() if hop.first.buyer == party}


def _late(hop: Hop) -> tuple[int, str]:
    return -hop.first.day.toordinal(), hop.first.id

"""The rules over supply paths once more, from docs/paths.md alone: part of the oracle."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from tests.demo.oracle_circles import round_trips
from tests.demo.oracle_goods import Goods, Network
from tests.demo.oracle_sources import judge_sources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.demo.oracle import Line, Oracle

TIER_TWO = ("platinum", "gold", "silver", "recognized")
FORBIDDEN = {("vap", role) for role in TIER_TWO}
DISCOURAGED = {("distributor", "end_user")}
RULED = (
    FORBIDDEN
    | DISCOURAGED
    | {
        ("vendor", "distributor"),
        ("vendor", "vap"),
        ("vap", "end_user"),
        *(("distributor", role) for role in TIER_TWO),
        *((role, "end_user") for role in TIER_TWO),
    }
)
Path = tuple["Line", ...]


def judge_paths(oracle: Oracle) -> None:
    goods = Goods(oracle)
    numbers = numbered(oracle)
    _chains(goods, numbers, "paths/diverted", lambda line: line.pair in FORBIDDEN)
    _chains(goods, numbers, "paths/discouraged-hop", lambda line: line.pair in DISCOURAGED)
    _chains(
        goods,
        numbers,
        "paths/unlisted-hop",
        lambda line: line.pair not in RULED and not sideways(line),
    )
    _chains(
        goods,
        numbers,
        "paths/lateral-chain",
        sideways,
        lambda line: sideways(line) or line.buying == "end_user",
    )
    round_trips(goods)
    _balances(goods)
    judge_sources(goods)


def sideways(line: Line) -> bool:
    return line.selling in TIER_TWO and line.buying in TIER_TWO


def numbered(oracle: Oracle) -> dict[str, set[str]]:
    """Return the serial numbers of each line that has some."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for row in oracle.tables["serials"]:
        found[row["shipment_id"]].add(row["serial"])
    return dict(found)


def _chains(
    goods: Goods,
    numbers: dict[str, set[str]],
    rule: str,
    starts: Callable[[Line], bool],
    goes_on: Callable[[Line], bool] = lambda _: True,
) -> None:
    """Let the path of each line of a hop against the policy count: a proved one, or the nearest."""
    hops = [hop for hop in goods.hops if goes_on(hop.first)]
    network = Network(goods, hops, lambda line: line.buying == "end_user")
    found: defaultdict[tuple[str, str], list[Path]] = defaultdict(list)
    for hop in goods.hops:
        if not starts(hop.first):
            continue
        for line in hop.lines:
            nearest = network.nearest(line)
            if nearest:
                path = proved(network, line, numbers) or nearest
                found[line.seller, line.product].append(path)
    for ends, paths in found.items():
        goods.oracle.report((rule, *ends), *lines_of(paths))


def lines_of(paths: Iterable[Path]) -> tuple[set[Line], set[Line]]:
    """Return the lines of paths, and those with which goods arrived."""
    every = list(paths)
    return {line for path in every for line in path}, {path[-1] for path in every}


def proved(network: Network, start: Line, numbers: dict[str, set[str]]) -> Path | None:
    """Return the nearest path all lines of which name one unit."""
    best: list[tuple[int, list[tuple[object, str]], Path]] = []
    for number in numbers.get(start.id, ()):
        waiting: list[Path] = [(start,)]
        while waiting:
            path = waiting.pop()
            if network.ends(path[-1]):
                best.append((len(path), [(line.day, line.id) for line in path], path))
                continue
            waiting += [
                (*path, line)
                for hop in network.following(path[-1], numbered=True)
                for line in hop.lines
                if number in numbers.get(line.id, ()) and line not in path
            ]
    return min(best, key=lambda way: way[:2])[2] if best else None


def _balances(goods: Goods) -> None:
    """Judge what partners sold above what they had received, where a purchase is on record."""
    judged = {
        (line.buyer, line.product)
        for line in goods.lines
        if line.buying not in ("vendor", "end_user") and not goods.is_return(line)
    }
    for party, product in judged:
        lowest, short = 0, set()
        for day, left in goods.stock(party, product):
            if left < min(lowest, -goods.oracle.given["opening_stock"]):
                short.add(day)
            lowest = min(lowest, left)
        sold = [
            line
            for line in goods.moves[party, product]
            if line.seller == party and line.day in short
        ]
        if sold:
            goods.oracle.report(("paths/out-exceeds-in", party, product), sold)

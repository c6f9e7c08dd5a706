"""The path rules of a fixed length by trying every path, written from docs/paths.md alone."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from tests.analysis.goods.exhaustive import Line, follows, is_return

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

TIER_ONE, TIER_TWO = ("distributor", "vap"), ("platinum", "gold", "silver", "recognized")
PARENTS = {"r": None, "r1": "r", "r2": "r", "s": None}  # regions
CITIES = {"in-r1": "r1", "in-r2": "r2", "in-s": "s"}


class Grant(NamedTuple):
    """An authorization: for a region, or everywhere, from one day to another."""

    region: str | None
    first: int
    last: int


@dataclass(frozen=True)
class Market:
    """Lines, the cities that they went to or parties are in, and who was authorized where."""

    lines: list[Line]
    shipped: dict[str, str]
    homes: dict[str, str]
    grants: dict[str, list[Grant]]


class Identity(NamedTuple):
    rule: str
    subject: str
    object: str
    product: str | None


@dataclass
class Expected:
    """A finding: every row of its rule, as the lines of a path."""

    broken_at: int | None
    rows: set[tuple[Line, ...]] = field(default_factory=set)


def expected(market: Market, window: int, as_of: int) -> dict[Identity, Expected]:
    """Return all findings of the rules."""
    lines = [line for line in market.lines if line.day <= as_of]
    found: dict[Identity, Expected] = {}

    def add(rule: str, ends: tuple[str, str, str | None], at: int | None, path: Path) -> None:
        found.setdefault(Identity(rule, *ends), Expected(at)).rows.add(path)

    for path in left_territory(market, lines, window):
        add("paths/left-territory", (path[1].seller, path[1].buyer, None), None, path)
    for path in sourced_from_vap(lines, window):
        add("paths/sourced-from-vap", (path[1].seller, path[1].buyer, None), 1, path)
    for path in supplied_diverting_vap(lines, window):
        ends = (path[0].seller, path[0].buyer, path[0].product)
        add("paths/supplied-diverting-vap", ends, 2, path)
    return found


def left_territory(market: Market, lines: Sequence[Line], window: int) -> Iterator[Path]:
    sold_to = by_buyer(lines)

    def left(sale: Line) -> bool:
        supplies = [one for one in earlier(sale, sold_to, window) if one.flow != "upstream"]
        return outside(market, sale.seller, sale) and all(
            sell_through(one) and outside(market, one.seller, sale) for one in supplies
        )

    sales = {line.id for line in lines if to_end_user(line) and left(line)}
    for supply, sale in paths(lines, window, (sell_through, to_end_user)):
        if sale.id in sales:
            yield supply, sale


def outside(market: Market, partner: str, sale: Line) -> bool:
    """Tell whether a partner had authorizations on the day, and none for where a sale went."""
    held = [one for one in market.grants.get(partner, []) if one.first <= sale.day <= one.last]
    city = market.shipped.get(sale.id) or market.homes.get(sale.buyer)
    if city is None or not held:
        return False
    region: str | None = CITIES[city]
    while region is not None:
        if any(one.region in (None, region) for one in held):
            return False
        region = PARENTS[region]
    return True


def sourced_from_vap(lines: Sequence[Line], window: int) -> Iterator[Path]:
    """Yield for each sale, and each value-added partner, the path with the last leak."""
    sold_to = by_buyer(lines)
    ways: defaultdict[tuple[str, Line], list[Path]] = defaultdict(list)
    for leak, sale in paths(lines, window, (leaks, sells_out)):
        ways[leak.seller, sale].append((leak, sale))
    for (_, sale), every in ways.items():
        if all(one.seller_role == "vap" for one in earlier(sale, sold_to, window)):
            yield min(every, key=lambda path: (-path[0].day, path[0].id))


def supplied_diverting_vap(lines: Sequence[Line], window: int) -> Iterator[Path]:
    """Yield for each sale, distributor and value-added partner the path with the last lines."""
    ways: defaultdict[tuple[str, str, Line], list[Path]] = defaultdict(list)
    for path in paths(lines, window, (across, leaks, sells_out)):
        ways[path[0].seller, path[1].seller, path[2]].append(path)
    for every in ways.values():
        yield min(every, key=lambda path: (-path[1].day, path[1].id, -path[0].day, path[0].id))


def paths(
    lines: Sequence[Line], window: int, kinds: Sequence[Callable[[Line], bool]]
) -> Iterator[Path]:
    """Yield every path with one line of each of the kinds, returns left out."""
    every = list(lines)
    moves = [line for line in every if not is_return(line, every)]
    found: Iterable[Path] = [(line,) for line in moves if kinds[0](line)]
    for kind in kinds[1:]:
        starts: defaultdict[tuple[str, str], list[Line]] = defaultdict(list)
        for line in moves:
            if kind(line):
                starts[line.seller, line.product].append(line)
        found = [
            (*path, after)
            for path in found
            for after in starts[path[-1].buyer, path[-1].product]
            if follows(path[-1], after, window)
        ]
    yield from found


def by_buyer(lines: Sequence[Line]) -> dict[tuple[str, str], list[Line]]:
    found: defaultdict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in lines:
        found[line.buyer, line.product].append(line)
    return found


def earlier(line: Line, sold_to: dict[tuple[str, str], list[Line]], window: int) -> list[Line]:
    """Return what the seller of a line had received of the product in the window before it."""
    received = sold_to.get((line.seller, line.product), [])
    return [one for one in received if 0 <= line.day - one.day <= window]


def across(line: Line) -> bool:
    return (line.seller_role, line.buyer_role) == ("distributor", "vap")


def leaks(line: Line) -> bool:
    return line.seller_role == "vap" and line.buyer_role in TIER_TWO


def sell_through(line: Line) -> bool:
    return line.seller_role in TIER_ONE and line.buyer_role in TIER_TWO


def sells_out(line: Line) -> bool:
    return line.seller_role in TIER_TWO and line.buyer_role == "end_user"


def to_end_user(line: Line) -> bool:
    return line.buyer_role == "end_user"


Path = tuple[Line, ...]

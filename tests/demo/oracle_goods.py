"""How goods move, from docs/paths.md alone: returns, hops, and what follows what.

Lines of one day between the same two parties are alike for all that follows, so they are one hop
here, whose first line by id stands for it where one is shown.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from tests.demo.oracle import Line, Oracle

Stock = tuple[str, str]  # a party and a product


class Ends(NamedTuple):
    day: date
    seller: str
    buyer: str
    product: str


@dataclass(frozen=True, eq=False)
class Hop:
    """The lines of a day between two parties, by id."""

    lines: tuple[Line, ...]

    @property
    def first(self) -> Line:
        return self.lines[0]

    @property
    def place(self) -> tuple[date, str]:
        return self.first.day, self.first.id


class Goods:
    """All lines, and those that hand goods on."""

    def __init__(self, oracle: Oracle) -> None:
        self.oracle = oracle
        self.window: int = oracle.given["window_days"]
        self.lines = oracle.lines
        self.hops = [
            Hop(tuple(lines))
            for lines in _alike(self.lines).values()
            if lines[0].selling != "end_user" and not self.is_return(lines[0])
        ]

    def is_return(self, line: Line) -> bool:
        """Tell whether it takes goods back to who had supplied the seller by that day."""
        since = self.oracle.first_days.get((line.buyer, line.seller, line.product))
        if since is None or since > line.day:
            return False
        return line.upstream or (line.other and self.oracle.supplied_first(line))

    @cached_property
    def moves(self) -> dict[Stock, list[Line]]:
        """All lines of a party with a product, in both directions, by day."""
        found: defaultdict[Stock, list[Line]] = defaultdict(list)
        for line in sorted(self.lines, key=lambda line: (line.day, line.id)):
            for party in (line.seller, line.buyer):
                found[party, line.product].append(line)
        return dict(found)

    @cached_property
    def bought(self) -> dict[Stock, list[Hop]]:
        """What a party was supplied with of a product, returns included."""
        found: defaultdict[Stock, list[Hop]] = defaultdict(list)
        for (_, _, buyer, product), lines in _alike(self.lines).items():
            found[buyer, product].append(Hop(tuple(lines)))
        return found

    def stock(self, party: str, product: str) -> list[tuple[date, int]]:
        """What a party received less what it sold, on the evening of each day with a line."""
        left = 0
        evenings: dict[date, int] = {}
        for line in self.moves.get((party, product), []):
            left += line.quantity if line.buyer == party else -line.quantity
            evenings[line.day] = left
        return list(evenings.items())

    @cached_property
    def empty(self) -> dict[Stock, list[date]]:
        """The evenings on which a party had nothing left, whatever it had to begin with."""
        found = {}
        for key in self.moves:
            evenings = self.stock(*key)
            had = self.oracle.given["opening_stock"] - min(0, *(left for _, left in evenings))
            found[key] = [day for day, left in evenings if had + left == 0]
        return found

    def follows(self, before: Line, after: Line, *, numbered: bool = False) -> bool:
        """Tell whether goods of a line can have gone on; a number on both shows that some had."""
        if (before.buyer, before.product) != (after.seller, after.product):
            return False
        if before.buying == "vendor" or not 0 <= (after.day - before.day).days <= self.window:
            return False
        evenings = () if numbered else self.empty[after.seller, after.product]
        return not any(before.day <= day < after.day for day in evenings)


class Network:
    """Some hops, and the nearest way on from each to where goods end."""

    def __init__(self, goods: Goods, hops: Iterable[Hop], ends: Callable[[Line], bool]) -> None:
        self.goods = goods
        self.ends = ends
        self.onward: defaultdict[Stock, list[Hop]] = defaultdict(list)
        self.hops = list(hops)
        self._next: dict[tuple[str, str, date], Hop | None] = {}
        for hop in sorted(self.hops, key=lambda hop: hop.place):
            self.onward[hop.first.seller, hop.first.product].append(hop)

    def following(self, line: Line, *, numbered: bool = False) -> Iterator[Hop]:
        for hop in self.onward.get((line.buyer, line.product), ()):
            if self.goods.follows(line, hop.first, numbered=numbered):
                yield hop

    @cached_property
    def far(self) -> dict[Hop, int]:
        """How many hops it takes to the end from a hop on, itself included."""
        before: defaultdict[Hop, list[Hop]] = defaultdict(list)
        for hop in self.hops:
            if not self.ends(hop.first):
                for after in self.following(hop.first):
                    before[after].append(hop)
        found = {hop: 1 for hop in self.hops if self.ends(hop.first)}
        newest = list(found)
        while newest:
            earlier = {hop for after in newest for hop in before[after]} - found.keys()
            count = found[newest[0]] + 1
            found |= dict.fromkeys(earlier, count)
            newest = list(earlier)
        return found

    def nearest(self, start: Line) -> tuple[Line, ...] | None:
        """Return the path on from a line with the fewest hops, of those the earliest lines."""
        path = [start]
        while not self.ends(path[-1]):
            after = self.next_of(path[-1])
            if after is None:
                return None
            path.append(after.first)
        return tuple(path)

    def next_of(self, line: Line) -> Hop | None:
        """Return the hop that follows on the nearest path; lines of a day and a buyer are alike."""
        state = line.buyer, line.product, line.day
        if state not in self._next:
            ways = [hop for hop in self.following(line) if hop in self.far]
            best = min(ways, key=lambda hop: (self.far[hop], hop.place), default=None)
            self._next[state] = best
        return self._next[state]


def _alike(lines: Iterable[Line]) -> dict[Ends, list[Line]]:
    found: defaultdict[Ends, list[Line]] = defaultdict(list)
    for line in sorted(lines, key=lambda line: line.id):
        found[Ends(line.day, line.seller, line.buyer, line.product)].append(line)
    return dict(found)

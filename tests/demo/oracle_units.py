"""Units that took a forbidden hop, once more, from the text of serials/diverted alone."""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby, pairwise, permutations, product
from typing import TYPE_CHECKING

from tests.demo.oracle_serials import units_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.demo.oracle import Line, Oracle

TIER_TWO = ("platinum", "gold", "silver", "recognized")
MOST = 6  # lines of a unit on one day of which every order is tried


def judge_units(oracle: Oracle) -> None:
    found: defaultdict[tuple[str, str], set[tuple[Line, ...]]] = defaultdict(set)
    for (goods, _), lines in units_of(oracle)[0].items():
        for part in parts(in_order(lines)):
            path = diverted(part)
            if path:
                leak = next(line for line in path if _forbidden(line))
                found[leak.seller, goods].add(path)
    for ends, paths in found.items():
        every = {line for path in paths for line in path}
        oracle.report(("serials/diverted", *ends), every, {path[-1] for path in paths})


def in_order(lines: Iterable[Line]) -> list[Line]:
    """Put the lines of each day into an order with as few and as late breaks as there can be."""
    days = [list(own) for _, own in groupby(lines, key=lambda line: line.day)]
    orders = [list(permutations(own)) if len(own) <= MOST else [tuple(own)] for own in days]
    return min(([line for day in order for line in day] for order in product(*orders)), key=breaks)


def breaks(lines: list[Line]) -> tuple[int, list[int]]:
    """Return how many breaks there are, and their places from the end on."""
    places = [
        number
        for number, (before, after) in enumerate(pairwise(lines))
        if before.buyer != after.seller
    ]
    return len(places), [-place for place in places]


def parts(lines: list[Line]) -> Iterator[list[Line]]:
    """Yield what lies between the breaks of a history."""
    part: list[Line] = []
    for line in lines:
        if part and part[-1].buyer != line.seller:
            yield part
            part = []
        part.append(line)
    yield part


def diverted(part: list[Line]) -> tuple[Line, ...] | None:
    """Return the path to the first end user after a forbidden hop."""
    leaked = False
    for number, line in enumerate(part, 1):
        leaked |= _forbidden(line)
        if leaked and line.buying == "end_user":
            return tuple(part[:number])
    return None


def _forbidden(line: Line) -> bool:
    return line.selling == "vap" and line.buying in TIER_TWO

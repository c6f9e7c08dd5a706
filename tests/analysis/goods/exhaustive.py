"""Supply paths by trying every one of them: slow, obvious, and written from docs/paths.md alone."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Path = tuple["Line", ...]
Evening = tuple[str, str, int]


@dataclass(frozen=True)
class Line:
    id: str
    day: int
    seller: str
    buyer: str
    product: str
    quantity: int
    seller_role: str
    buyer_role: str
    flow: str


def is_return(line: Line, lines: list[Line]) -> bool:
    def first(seller: str, buyer: str) -> int | None:
        """Return the first day on which one supplied the other with the product."""
        ends = seller, buyer, line.product
        days = [other.day for other in lines if (other.seller, other.buyer, other.product) == ends]
        return min(days, default=None)

    without_tier = line.flow == "other" and "uncertified" in (line.seller_role, line.buyer_role)
    if line.flow != "upstream" and not without_tier:
        return False
    supplied = first(line.buyer, line.seller)
    if supplied is None or supplied > line.day:
        return False
    own = first(line.seller, line.buyer)
    assert own is not None
    return line.flow == "upstream" or supplied <= own


def hops(lines: list[Line]) -> list[Line]:
    return [line for line in lines if line.seller_role != "end_user" and not is_return(line, lines)]


def empty(lines: list[Line], opening: int) -> frozenset[Evening]:
    """Return the evenings on which parties had nothing left of what they had to begin with."""
    found: set[Evening] = set()
    for party, product in {(p, ln.product) for ln in lines for p in (ln.seller, ln.buyer)}:
        own = [line for line in lines if line.product == product]
        stock = {}
        for day in sorted({line.day for line in own if party in (line.seller, line.buyer)}):
            came = sum(line.quantity for line in own if line.buyer == party and line.day <= day)
            went = sum(line.quantity for line in own if line.seller == party and line.day <= day)
            stock[day] = came - went
        had = opening - min(0, *stock.values())
        found |= {(party, product, day) for day, left in stock.items() if not had + left}
    return frozenset(found)


def follows(before: Line, after: Line, window: int, out: frozenset[Evening] = frozenset()) -> bool:
    return (
        before.buyer == after.seller
        and before.buyer_role != "vendor"
        and before.product == after.product
        and 0 <= after.day - before.day <= window
        and not any(
            (after.seller, after.product, day) in out for day in range(before.day, after.day)
        )
    )


def trails(
    path: Path,
    network: list[Line],
    window: int,
    ends: Callable[[Line], bool],
    out: frozenset[Evening] = frozenset(),
) -> Iterator[Path]:
    """Yield every way to go on from a path, until a line that `ends` it; no line is taken twice."""
    if ends(path[-1]):
        yield path
        return
    for line in network:
        if line not in path and follows(path[-1], line, window, out):
            yield from trails((*path, line), network, window, ends, out)


def to_end_users(
    lines: list[Line],
    window: int,
    starts: Callable[[Line], bool],
    goes_on: Callable[[Line], bool],
    opening: int = 1,
) -> dict[str, list[Path]]:
    """Return all paths to an end user, by the line of their first hop."""
    network = hops(lines)
    onward = [line for line in network if goes_on(line)]
    out = empty(lines, opening)
    return {
        line.id: found
        for line in network
        if starts(line)
        and (
            found := list(
                trails((line,), onward, window, lambda e: e.buyer_role == "end_user", out)
            )
        )
    }


def round_trips(
    lines: list[Line], window: int, opening: int = 1
) -> dict[tuple[str, str], list[Path]]:
    """Return all round trips, by the party and the line with which the goods came back."""
    network = [line for line in hops(lines) if line.buyer_role != "end_user"]
    found: defaultdict[tuple[str, str], list[Path]] = defaultdict(list)
    out = empty(lines, opening)
    for line in network:
        party = line.seller
        for path in trails((line,), network, window, lambda end: end.buyer == party, out):  # noqa: B023 - used at once
            found[party, path[-1].id].append(path)
    return dict(found)


def shortages(lines: list[Line], opening: int) -> dict[tuple[str, str], tuple[int, int, set[str]]]:
    """Return, by party and product: what was missing at most, since when, and the lines to show."""
    found = {}
    partners = {
        (line.buyer, line.product)
        for line in lines
        if not is_return(line, lines) and line.buyer_role not in ("vendor", "end_user")
    }
    for party, product in partners:
        own = [line for line in lines if line.product == product]
        lowest, since, shown = 0, None, set[str]()
        stock = 0
        for day in sorted({line.day for line in own}):
            sold = [line for line in own if line.day == day and line.seller == party]
            stock += sum(line.quantity for line in own if (line.day, line.buyer) == (day, party))
            stock -= sum(line.quantity for line in sold)
            if stock < lowest:
                lowest = stock
                if stock < -opening:
                    since = day if since is None else since
                    shown |= {line.id for line in sold}
        if since is not None:
            found[party, product] = (-lowest, since, shown)
    return found

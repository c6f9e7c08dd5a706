"""Supply paths by trying every one of them: slow, obvious, and written from docs/paths.md alone."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Path = tuple["Line", ...]


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

    if line.flow not in ("upstream", "other"):
        return False
    supplied = first(line.buyer, line.seller)
    if supplied is None or supplied > line.day:
        return False
    own = first(line.seller, line.buyer)
    assert own is not None
    return line.flow == "upstream" or supplied <= own


def hops(lines: list[Line]) -> list[Line]:
    return [line for line in lines if line.seller_role != "end_user" and not is_return(line, lines)]


def follows(before: Line, after: Line, window: int) -> bool:
    return (
        before.buyer == after.seller
        and before.buyer_role != "vendor"
        and before.product == after.product
        and 0 <= after.day - before.day <= window
    )


def trails(
    path: Path, network: list[Line], window: int, ends: Callable[[Line], bool]
) -> Iterator[Path]:
    """Yield every way to go on from a path, until a line that `ends` it; no line is taken twice."""
    if ends(path[-1]):
        yield path
        return
    for line in network:
        if line not in path and follows(path[-1], line, window):
            yield from trails((*path, line), network, window, ends)


def to_end_users(
    lines: list[Line],
    window: int,
    starts: Callable[[Line], bool],
    goes_on: Callable[[Line], bool],
) -> dict[str, list[Path]]:
    """Return all paths to an end user, by the line of their first hop."""
    network = hops(lines)
    onward = [line for line in network if goes_on(line)]
    return {
        line.id: found
        for line in network
        if starts(line)
        and (found := list(trails((line,), onward, window, lambda e: e.buyer_role == "end_user")))
    }


def round_trips(lines: list[Line], window: int) -> dict[tuple[str, str], list[Path]]:
    """Return all round trips, by the party and the line with which the goods came back."""
    network = [line for line in hops(lines) if line.buyer_role != "end_user"]
    found: defaultdict[tuple[str, str], list[Path]] = defaultdict(list)
    for line in network:
        party = line.seller
        for path in trails((line,), network, window, lambda end: end.buyer == party):  # noqa: B023 - used at once
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

"""Serial numbers judged by going through one unit's hand-overs, from the rules' texts alone."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby, pairwise, permutations, product
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from random import Random

SELLERS = ("v", "d", "g", "h")
ENDS = ("e1", "e2")
PARTIES = (*SELLERS, *ENDS)


class Move(NamedTuple):
    """A hand-over of a unit; `v` is a vendor, `e1` and `e2` are end users."""

    day: int
    id: str
    seller: str
    buyer: str


def draw_unit(random: Random, mark: str) -> list[Move]:
    """Draw the hand-overs of one unit, many of them on one day, in the order of days and ids."""
    count, days = random.randint(1, 6), random.choice((1, 2, 4))
    ids = random.sample(range(10, 99), count)
    moves = []
    holder = random.choice(SELLERS)
    for number in ids:
        seller = holder if random.random() < 0.6 else random.choice(PARTIES)
        holder = random.choice([party for party in PARTIES if party != seller])
        moves.append(Move(random.randint(1, days), f"{mark}-{number}", seller, holder))
    return sorted(moves)


def hand_overs(units: Iterable[Sequence[Move]]) -> list[dict[str, Any]]:
    """Return rows for an analysis; units of three products have the same serial numbers."""
    return [
        {
            "seller": move.seller,
            "buyer": move.buyer,
            "buyer_role": "end_user" if move.buyer in ENDS else "gold",
            "product": f"P{number % 3}",
            "serial": f"S{number // 3}",
            "day": date(2015, 1, 1) + timedelta(move.day),
            "shipment": move.id,
        }
        for number, unit in enumerate(units)
        for move in unit
    ]


def told_once(moves: Sequence[Move]) -> list[Move]:
    """Leave out what is reported again: a line to a buyer that has the unit from that seller."""
    return [
        move
        for move in moves
        if not any(
            earlier < move
            and (earlier.seller, earlier.buyer) == (move.seller, move.buyer)
            and not any(
                away.seller == move.buyer and earlier.day <= away.day <= move.day for away in moves
            )
            for earlier in moves
        )
    ]


def handed_over_twice(moves: Sequence[Move], parties: Iterable[str] = PARTIES) -> set[str]:
    """Return the lines with which somebody handed over what it cannot have had any more."""
    known = told_once(moves)
    found = set()
    for party in parties:
        given = [move for move in known if move.seller == party]
        stock = 1 if given and not delivered(known, party, given[0].day) else 0
        counted: set[Move] = set()
        for move in given:
            came = {one for one in known if one.buyer == party and one.day <= move.day} - counted
            stock, counted = stock + len(came), counted | came
            if stock:
                stock -= 1
            else:
                found.add(move.id)
    return found


def delivered(moves: Sequence[Move], party: str, day: int) -> bool:
    """Tell whether it got the unit by the day, other than back from where it went on that day."""
    went: set[str] = set()
    fresh = {party}
    while fresh:
        on_it = {m.buyer for m in moves if m.day == day and m.seller in fresh}
        went, fresh = went | on_it, on_it - went
    return any(
        m.buyer == party and (m.day < day or (m.day == day and m.seller not in went)) for m in moves
    )


def fewest_breaks(moves: Sequence[Move]) -> int:
    """Try every order of the hand-overs of each day."""
    days = [list(permutations(group)) for _, group in groupby(moves, key=lambda move: move.day)]
    return min(breaks([move for day in order for move in day]) for order in product(*days))


def breaks(moves: Sequence[Move]) -> int:
    """Count where the next seller is not the buyer before."""
    return sum(before.buyer != after.seller for before, after in pairwise(moves))


def drawn(random: Random, count: int) -> Iterator[list[Move]]:
    """Yield units, one for each number."""
    for number in range(count):
        yield draw_unit(random, str(number))

"""What became of the units sold in, against enumeration of hands, of units and of every way."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import permutations
from random import Random
from typing import TYPE_CHECKING

import networkx as nx
import pytest

from graphchannel.analysis.bounds.bounds import UnitBounds
from graphchannel.analysis.goods.followed import LINE, UNIT
from graphchannel.analysis.goods.observability import Limits, Observed, bounded, observed, within
from tests.analysis.goods.lines import connected, line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import duckdb

    from tests.analysis.goods.lines import Made

CASES = int(os.environ.get("GRAPHCHANNEL_OBSERVED_CASES", "15"))
PARTIES = ("v", "v1", "d1", "d2", "g1", "g2", "e1", "e2")
Moves = list[tuple[str, str, int, int]]  # seller, buyer, day, units


def opened(
    lines: Sequence[Made], serials: Iterable[tuple[str, str]] = ()
) -> duckdb.DuckDBPyConnection:
    connection = connected(lines)
    connection.execute("CREATE TEMP TABLE serial (serial VARCHAR, shipment VARCHAR)")
    for row in serials:
        connection.execute("INSERT INTO serial VALUES (?, ?)", row)
    connection.execute(f"CREATE TEMP TABLE {UNIT} AS FROM serial JOIN {LINE} USING (shipment)")
    return connection


def made(moves: Moves) -> list[Made]:
    return [
        line(f"L{number:02}", seller, buyer, day, quantity=units)
        for number, (seller, buyer, day, units) in enumerate(moves)
    ]


def seen_of(lines: Sequence[Made], serials: Iterable[tuple[str, str]] = ()) -> dict[str, Observed]:
    with opened(lines, serials) as connection:
        return {entry.partner: entry for entry in observed(connection)}


def drawn(dice: Random, most: int) -> Moves:
    """Draw lines up, down and across the channel, on few days."""
    kinds = [("v", "d1"), ("v", "d2"), ("v1", "d1"), ("v", "g2"), ("d1", "g1"), ("d2", "g1"),
             ("d1", "g2"), ("d2", "d1"), ("g1", "e1"), ("g2", "e2"), ("g2", "e1"), ("d1", "e2"),
             ("g1", "g2"), ("d1", "v"), ("g1", "d1"), ("g2", "v"), ("e1", "g1"), ("e2", "v"),
             ("e1", "e2")]  # fmt: skip
    days = dice.choice([2, 5, 12])
    return [
        (*dice.choice(kinds), dice.randint(1, days), dice.randint(1, 3))
        for _ in range(dice.randint(2, most))
    ]


def mixed(moves: Moves, partner: str) -> tuple[Fraction, Fraction]:
    """Return the parts of a party's goods that end users have in the end, and vendors.

    By what each party did with all that it ever had, hand by hand, up to twenty of them.
    """
    sold: defaultdict[str, Counter[str]] = defaultdict(Counter)
    had: Counter[str] = Counter()
    for seller, buyer, _, units in moves:
        sold[seller][buyer] += units
        had[buyer] += units
    for party in {seller for seller, *_ in moves}:
        stock = lowest = 0
        for day in sorted({day for *_, day, _ in moves}):
            today = [move for move in moves if move[2] == day]
            stock += sum(units * ((b == party) - (s == party)) for s, b, _, units in today)
            lowest = min(lowest, stock)
        had[party] -= lowest

    @cache
    def ends(party: str, hands: int) -> tuple[Fraction, Fraction]:
        if party[0] == "v":
            return Fraction(0), Fraction(1)
        away = sold[party].total()
        if not away:
            return Fraction(party[0] == "e"), Fraction(0)
        if not hands:
            return Fraction(0), Fraction(0)
        parts = [(units, ends(buyer, hands - 1)) for buyer, units in sold[party].items()]
        seen = sum((units * part[0] for units, part in parts), Fraction(0))
        if party[0] == "e":
            seen += had[party] - away
        back = sum((units * part[1] for units, part in parts), Fraction(0))
        return seen / had[party], back / had[party]

    return ends(partner, 20)


def test_goods_without_numbers_are_mixed_evenly() -> None:
    returned = kept = 0
    for seed in range(CASES):
        moves = drawn(Random(seed), 15)  # noqa: S311 - cases to test with, not secrets
        sold_in: Counter[str] = Counter()
        for seller, buyer, _, units in moves:
            if seller[0] == "v" and buyer[0] not in "ve":
                sold_in[buyer] += 1000 * units
        found = seen_of(made([(s, b, day, 1000 * units) for s, b, day, units in moves]))
        assert found.keys() == sold_in.keys()
        for partner, entry in found.items():
            seen, back = mixed(moves, partner)
            assert entry.sold_in == sold_in[partner] == entry.seen + entry.returned + entry.unseen
            assert min(entry.seen, entry.returned, entry.unseen) >= 0
            assert abs(entry.seen - sold_in[partner] * seen) < 1
            assert abs(entry.returned - sold_in[partner] * back) <= 1
            returned += 0 < entry.returned < entry.sold_in
            kept += 0 < entry.unseen < entry.sold_in
    assert min(returned, kept) > CASES / 10


def test_numbered_units_are_followed_one_by_one() -> None:
    """Each unit is moved by hand: what became of each sale to a partner is known."""
    after = {"v": ["d1", "d2", "g2"], "d1": ["g1", "g2", "v", "e1"], "d2": ["g1", "v"],
             "g1": ["e1", "d1", "v"], "g2": ["e2", "v", "g1"], "e1": ["g1", "v"],
             "e2": ["g2"]}  # fmt: skip
    told: Counter[str] = Counter()
    for seed in range(CASES):
        dice = Random(seed)  # noqa: S311 - cases to test with, not secrets
        lines: list[Made] = []
        serials: list[tuple[str, str]] = []
        wanted: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for number in range(dice.randint(1, 4)):
            holder, day, partner = "v", dice.randint(1, 3), ""
            for _ in range(dice.randint(1, 9)):
                buyer = dice.choice(after[holder])
                id_ = f"L{dice.randrange(1000):03}-{len(lines)}"
                lines.append(line(id_, holder, buyer, day))
                serials.append((f"S{number}", id_))
                if buyer == "v":
                    wanted[partner]["returned"] += 1
                elif holder == "v":
                    partner = buyer
                    wanted[partner]["numbered"] += 1
                holder = buyer
                # some hand-overs share a day, but no vendor hands a unit over twice on one
                day += 1 if buyer == "v" else dice.choice([0, 1, 1])
            if holder[0] == "e":
                wanted[partner]["followed"] += 1
        found = seen_of(dice.sample(lines, len(lines)), serials)
        assert found.keys() == wanted.keys()
        for partner, entry in found.items():
            numbered, outcomes = entry.sold_in, wanted[partner]
            assert (entry.numbered, numbered) == (outcomes["numbered"],) * 2, seed
            assert (entry.followed, entry.sent_back) == (
                outcomes["followed"], outcomes["returned"],
            ), (seed, partner, lines, serials)  # fmt: skip
            assert (entry.seen, entry.returned) == (entry.followed, entry.sent_back)
            told.update(outcomes)
    assert min(told["followed"], told["returned"]) > CASES / 4


def test_a_unit_that_was_returned_and_sold_again() -> None:
    moves: Moves = [("v", "d1", 1, 1), ("d1", "v", 1, 1), ("v", "d2", 1, 1), ("d2", "e1", 2, 1)]
    lines = made(moves)
    for numbers in permutations(["L0", "L1", "L2"]):  # on equal days ids decide nothing
        renamed = dict(zip(["L00", "L01", "L02"], numbers, strict=True)) | {"L03": "L03"}
        own = [
            replace(one, hop=replace(one.hop, shipment=renamed[one.hop.shipment])) for one in lines
        ]
        found = seen_of(own, [("S", id_) for id_ in renamed.values()])
        first, second = found["d1"], found["d2"]
        assert (first.followed, first.sent_back, first.unseen) == (0, 1, 0), numbers
        assert (second.followed, second.sent_back, second.unseen) == (1, 0, 0), numbers
    found = seen_of(lines)  # by quantities alike
    assert (found["d1"].returned, found["d2"].seen, found["d2"].unseen) == (1, 1, 0)


def test_what_a_vendor_sold_again_without_a_word_is_not_seen_twice() -> None:
    lines = made([("v", "d1", 1, 1), ("v", "d2", 2, 1), ("d2", "e1", 3, 1)])
    found = seen_of(lines, [("S", one.hop.shipment) for one in lines])
    assert (found["d1"].numbered, found["d1"].followed, found["d1"].unseen) == (1, 0, 1)
    assert (found["d2"].numbered, found["d2"].followed, found["d2"].unseen) == (1, 1, 0)


def test_more_numbers_than_units_by_mistake() -> None:
    lines = made([("v", "d1", 1, 1), ("d1", "e1", 2, 1)])
    found = seen_of(lines, [(serial, id_) for serial in "ABC" for id_ in ("L00", "L01")])["d1"]
    assert (found.sold_in, found.numbered, found.seen, found.unseen) == (1, 3, 1, 0)


def every_way(moves: Moves, partner: str, opening: int) -> set[tuple[int, int]]:
    """Return how many units sold in to a partner can be with end users and with vendors.

    A state holds for each party how many of these it has, and how many others; all orders of the
    lines of a day are tried, and all choices of what is handed over.
    """
    names = sorted({name for move in moves for name in move[:2]})
    place = {name: number for number, name in enumerate(names)}
    others = []
    for name in names:
        stock = worst = 0
        for day in sorted({move[2] for move in moves}):
            stock += sum(u * ((b == name) - (s == name)) for s, b, on, u in moves if on == day)
            worst = max(worst, -stock)
        others.append(999 if name[0] == "v" else worst + opening)
    states = {((0,) * len(names), tuple(others))}
    for day in sorted({move[2] for move in moves}):
        after = set()
        for order in permutations([move for move in moves if move[2] == day]):
            current = states
            for seller, buyer, _, units in order:
                moved = set()
                for own, other in current:
                    have = 0 if seller[0] == "v" else own[place[seller]]  # back is back
                    for taken in range(min(units, have) + 1):
                        if units - taken > other[place[seller]]:
                            continue
                        new, rest = list(own), list(other)
                        sold_in = seller[0] == "v" and buyer == partner
                        new[place[seller]] -= taken
                        rest[place[seller]] -= units - taken
                        new[place[buyer]] += units if sold_in else taken
                        rest[place[buyer]] += 0 if sold_in else units - taken
                        moved.add((tuple(new), tuple(rest)))
                current = moved
            after |= current
        states = after
    return {
        (
            sum(have for have, name in zip(own, names, strict=True) if name[0] == "e"),
            sum(have for have, name in zip(own, names, strict=True) if name[0] == "v"),
        )
        for own, _ in states
    }


def test_limits_are_those_of_every_way_that_units_can_have_gone() -> None:
    exact = back = resold = 0
    for seed in range(CASES * 2):
        dice = Random(seed)  # noqa: S311 - cases to test with, not secrets
        moves = drawn(dice, 7)
        if seed % 2:
            moves = [move for move in moves if move[0][0] != "e"]
        if seed % 3 == 0:
            moves = [("v", "d1", 1, 2), *moves[:5], ("d1", "v", 13, 1)]
        days = [day for *_, day, _ in moves]
        opening = dice.choice([0, 0, 1])
        lines = made(moves)
        if max(map(days.count, days), default=9) > 4:
            continue
        with opened(lines) as connection:
            entries = observed(connection)
            for entry in entries:
                ways = every_way(moves, entry.partner, opening)
                if not ways:
                    continue  # goods went round within a day, and somebody had some before
                limits = bounded(connection, entry, opening)
                held = within(entry, limits)
                assert held.sold_in == held.seen + held.returned + held.unseen
                assert min(held.seen, held.returned, held.unseen) >= 0
                for number, bound in enumerate((limits.seen, limits.returned)):
                    wanted = [way[number] for way in ways]
                    assert bound.least <= min(wanted) <= max(wanted) <= bound.most, (seed, moves)
                if not round_within_a_day(moves):
                    wanted = [way[1] for way in ways]
                    assert (limits.returned.least, limits.returned.most) == (
                        min(wanted), max(wanted),
                    ), (seed, moves)  # fmt: skip
                    back += limits.returned.most > 0
                    if all(seller[0] != "e" for seller, *_ in moves):
                        wanted = [way[0] for way in ways]
                        assert (limits.seen.least, limits.seen.most) == (
                            min(wanted), max(wanted),
                        ), (seed, moves)  # fmt: skip
                        exact += limits.seen.most > 0
                    resold += any(seller[0] == "e" for seller, *_ in moves)
    assert min(exact, resold) > CASES / 10
    assert back > CASES / 10


def round_within_a_day(moves: Moves) -> bool:
    graph: nx.DiGraph[tuple[int, str]] = nx.DiGraph()
    graph.add_edges_from(((day, seller), (day, buyer)) for seller, buyer, day, _ in moves)
    return not nx.is_directed_acyclic_graph(graph)


@pytest.mark.parametrize(
    ("seen", "returned", "limits", "wanted"),
    [
        (5, 5, ((6, 8), (1, 3)), (6, 3)),  # each is held between its own
        (9, 0, ((0, 9), (1, 4)), (9, 1)),
        (8, 4, ((7, 9), (1, 6)), (8, 2)),  # and both in what was sold in
    ],
)
def test_estimates_are_held_between_their_limits(
    seen: int, returned: int, limits: tuple[tuple[int, int], tuple[int, int]],
    wanted: tuple[int, int],
) -> None:  # fmt: skip
    entry = Observed("d", "p", 10, 0, 0, 0, seen, returned)
    bounds = (UnitBounds(least, most, 10) for least, most in limits)
    held = within(entry, Limits(*bounds))
    assert (held.seen, held.returned, held.unseen) == (*wanted, 10 - sum(wanted))

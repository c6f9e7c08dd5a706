"""Bounds against every way that units can have gone, and the cases that people reason about."""

from __future__ import annotations

import os
import random
from itertools import permutations
from typing import TYPE_CHECKING, Any, cast

import networkx as nx
import pytest

from graphchannel.analysis.bounds.bounds import UnitBounds, arrived, came_through, upstream_bounds
from graphchannel.analysis.bounds.feasible import shortest_path
from graphchannel.analysis.bounds.flow_problem import FlowProblem
from graphchannel.analysis.bounds.ledger import Ledger, Line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CASES = int(os.environ.get("GRAPHCHANNEL_NETWORKS", "250"))


def by_trying(
    lines: list[Line],
    makers: set[str],
    opening_stock: int,
    *,
    given: Callable[[Line], bool],
    wanted: set[str],
    ends: bool = False,
) -> tuple[int, int] | None:
    """Move units through every order of each day's lines and every choice; None if none fits.

    A state holds for each party how many units it has of the part that is followed, all units of
    the lines that are `given`, and how many others. They are counted on the lines `wanted`, and if
    that `ends` their way they are others from there, as they are with a maker.
    """
    names = sorted({name for line in lines for name in (line.seller, line.buyer)})
    place = {name: number for number, name in enumerate(names)}
    total = sum(line.quantity for line in lines)
    others = tuple(
        _deficit(lines, name) + (total if name in makers else opening_stock) for name in names
    )
    states: dict[tuple[tuple[int, ...], tuple[int, ...]], set[int]] = {
        ((0,) * len(names), others): {0}
    }
    for day in sorted({line.day for line in lines}):
        after: dict[tuple[tuple[int, ...], tuple[int, ...]], set[int]] = {}
        for order in permutations([line for line in lines if line.day == day]):
            current = states
            for line in order:
                moved: dict[tuple[tuple[int, ...], tuple[int, ...]], set[int]] = {}
                seller, buyer = place[line.seller], place[line.buyer]
                for (came, other), counts in current.items():
                    least = max(0, line.quantity - other[seller])
                    for taken in range(least, min(line.quantity, came[seller]) + 1):
                        arriving = line.quantity if given(line) else taken
                        over = line.buyer in makers or (ends and line.shipment in wanted)
                        followed = 0 if over else arriving
                        new_came, new_other = list(came), list(other)
                        new_came[seller] -= taken
                        new_other[seller] -= line.quantity - taken
                        new_came[buyer] += followed
                        new_other[buyer] += line.quantity - followed
                        counted = arriving if line.shipment in wanted else 0
                        key = (tuple(new_came), tuple(new_other))
                        moved.setdefault(key, set()).update(n + counted for n in counts)
                current = moved
            for key, counts in current.items():
                after.setdefault(key, set()).update(counts)
        states = after
    found = set[int]().union(*states.values())
    return (min(found), max(found)) if found else None


def _deficit(lines: list[Line], party: str) -> int:
    """Return how many units the party had handed over at some day's end and not received."""
    worst = stock = 0
    for day in sorted({line.day for line in lines}):
        for line in lines:
            if line.day == day:
                stock += line.quantity * ((line.buyer == party) - (line.seller == party))
        worst = max(worst, -stock)
    return worst


def goes_round_within_a_day(lines: list[Line]) -> bool:
    graph: nx.DiGraph[tuple[int, str]] = nx.DiGraph()
    graph.add_edges_from(((line.day, line.seller), (line.day, line.buyer)) for line in lines)
    return not nx.is_directed_acyclic_graph(graph)


def drawn(dice: random.Random) -> list[Line]:
    """Draw up to eight lines, at most four on a day."""
    while True:
        names = "ABCDEF"[: dice.randint(3, 6)]
        lines = [
            Line(f"L{number}", seller, buyer, dice.randint(1, 5), dice.randint(1, 4))
            for number in range(dice.randint(2, 8))
            for seller, buyer in [dice.sample(names, 2)]
        ]
        days = [line.day for line in lines]
        if max(days.count(day) for day in days) <= 4:
            return lines


def test_bounds_are_those_of_every_way_that_units_can_have_gone() -> None:
    told = compared = 0
    for seed in range(CASES):
        dice = random.Random(seed)  # noqa: S311 - cases to test with, not secrets
        lines = drawn(dice)
        leaked = {line.shipment for line in dice.sample(lines, min(len(lines), 2))}
        party = dice.choice(lines).seller
        makers = {"A"} if dice.random() < 0.5 else set[str]()
        opening_stock = dice.choice([0, 0, 1])
        wanted = by_trying(
            lines,
            makers,
            opening_stock,
            given=lambda line, party=party: line.seller == party,  # type: ignore[misc]
            wanted=leaked,
        )
        if wanted is None:
            continue  # goods went round within a day, and somebody must have had some before
        bound = came_through(Ledger(lines, makers, opening_stock), party, leaked)
        assert bound.of == sum(line.quantity for line in lines if line.shipment in leaked)
        if goes_round_within_a_day(lines):
            assert bound.least <= wanted[0] <= wanted[1] <= bound.most
        else:
            assert (bound.least, bound.most) == wanted, (seed, lines, party, leaked)
            compared += 1
            told += bound.most > 0 and (bound.least < bound.most or bound.most < bound.of)
    assert compared > CASES / 2
    assert told > CASES / 10


def test_arrivals_are_those_of_every_way_that_units_can_have_gone() -> None:
    told = compared = 0
    for seed in range(CASES):
        dice = random.Random(1_000_000 + seed)  # noqa: S311 - cases to test with, not secrets
        lines = drawn(dice)
        sent, arriving = (
            {line.shipment for line in dice.sample(lines, min(len(lines), dice.randint(1, 3)))}
            for _ in range(2)
        )
        makers = {"A"} if dice.random() < 0.5 else set[str]()
        opening_stock = dice.choice([0, 0, 1])
        wanted = by_trying(
            lines,
            makers,
            opening_stock,
            given=lambda line, sent=sent: line.shipment in sent,  # type: ignore[misc]
            wanted=arriving,
            ends=True,
        )
        if wanted is None:
            continue
        found = arrived(Ledger(lines, makers, opening_stock), sent, arriving)
        assert found.of == sum(line.quantity for line in lines if line.shipment in sent)
        if goes_round_within_a_day(lines):
            assert found.least <= wanted[0] <= wanted[1] <= found.most
        else:
            assert (found.least, found.most) == wanted, (seed, lines, sent, arriving)
            compared += 1
            told += found.most > 0 and (found.least < found.most or found.most < found.of)
    assert compared > CASES / 2
    assert told > CASES / 10


class Counted(list[Line]):
    """Lines that count how often one of them is looked at."""

    looks = 0

    def __getitem__(self, place: Any) -> Any:
        self.looks += 1
        return super().__getitem__(place)

    def __iter__(self) -> Iterator[Line]:
        return self._counted(super().__iter__())

    def __reversed__(self) -> Iterator[Line]:
        return self._counted(super().__reversed__())

    def _counted(self, lines: Iterator[Line]) -> Iterator[Line]:
        for line in lines:
            self.looks += 1
            yield line


def test_lines_are_looked_at_a_few_times_each_however_many_there_are() -> None:
    count = 1_000
    ledger = Ledger(
        Line(f"{seller}{day:04}", seller, buyer, day, 1 + day % 3)
        for seller, buyer in ("AB", "BC", "CD")
        for day in range(count)
    )
    for lines in (ledger.inbound, ledger.outbound):
        for party in "ABCD":
            lines[party] = Counted(lines[party])
    first, last = ([line for line in ledger.lines.values() if line.seller == s] for s in "AC")
    assert ledger.before(last).keys() == ledger.lines.keys()
    assert len(ledger.after(first, lambda line: line.buyer == "D")) == 2 * count
    sent, aims = ([line.shipment for line in lines] for lines in (first, last))
    assert shortest_path(ledger, sent, aims) == [ledger.lines[f"{s}0000"] for s in "ABC"]
    for lines in (ledger.inbound, ledger.outbound):
        for party in "ABCD":
            assert cast("Counted", lines[party]).looks <= 10 * count


class Asked(frozenset[str]):
    """Ids that may be looked for, but not gone through."""

    def __iter__(self) -> Iterator[str]:
        raise AssertionError


def test_a_question_about_few_lines_does_not_go_through_all_that_are_wanted() -> None:
    # of each finding it is asked whether goods got to any end user, and a product has thousands
    lines = [Line("L1", "A", "B", 1, 5), Line("L2", "B", "C", 2, 3), Line("L3", "B", "D", 2, 4)]
    ledger = Ledger(lines, {"A"})
    wanted = Asked({"L2", *(f"E{number}" for number in range(1_000))})
    given, carrying = {"B": lines[:1]}, {line.shipment: line for line in lines[1:]}
    assert FlowProblem(ledger, given, carrying, wanted, ends=True).range() == (1, 3)
    assert FlowProblem(ledger, given, carrying, Asked({"L9"}), ends=True).range() == (0, 0)


CHAIN = [  # two distributors feed a partner, which passes 90 of 105 units on
    Line("L1", "vendor", "D1", 1, 65),
    Line("L2", "vendor", "D2", 1, 40),
    Line("L3", "D1", "vap", 2, 65),
    Line("L4", "D2", "vap", 2, 40),
    Line("L5", "vap", "gold", 3, 90),
]


@pytest.mark.parametrize(
    ("party", "bound"),
    [
        ("D1", UnitBounds(50, 65, 90)),
        ("D2", UnitBounds(25, 40, 90)),
        ("vap", UnitBounds(90, 90, 90)),
        ("vendor", UnitBounds(90, 90, 90)),
        ("gold", UnitBounds(0, 0, 90)),
    ],
)
def test_several_suppliers_of_one_partner(party: str, bound: UnitBounds) -> None:
    assert came_through(Ledger(CHAIN, {"vendor"}), party, {"L5"}) == bound


def test_who_can_have_had_the_goods() -> None:
    assert [b.party for b in upstream_bounds(Ledger(CHAIN, {"vendor"}), {"L5"})] == ["D1", "D2"]


def test_opening_stock_widens_the_bounds() -> None:
    assert came_through(Ledger(CHAIN, {"vendor"}, 20), "D1", {"L5"}) == UnitBounds(30, 65, 90)


def test_what_was_sold_before_the_goods_came_is_from_elsewhere() -> None:
    # gold sold 10 units before it received any: they were in its stock, whoever supplied it later
    lines = [
        Line("L1", "gold", "user", 1, 10),
        Line("L2", "D1", "gold", 2, 10),
        Line("L3", "gold", "user", 3, 10),
    ]
    ledger = Ledger(lines, {"D1"})
    assert came_through(ledger, "D1", {"L1"}) == UnitBounds(0, 0, 10)
    assert came_through(ledger, "D1", {"L3"}) == UnitBounds(10, 10, 10)


def test_a_partner_cannot_pass_on_what_it_has_sold() -> None:
    # D1's ten units had all left when D2's came
    lines = [
        Line("L1", "D1", "gold", 1, 10),
        Line("L2", "gold", "one", 2, 10),
        Line("L3", "D2", "gold", 3, 10),
        Line("L4", "gold", "other", 4, 10),
    ]
    ledger = Ledger(lines, {"D1", "D2"})
    assert came_through(ledger, "D1", {"L4"}) == UnitBounds(0, 0, 10)
    assert came_through(ledger, "D2", {"L4"}) == UnitBounds(10, 10, 10)


def test_a_return_goes_back_and_on_again() -> None:
    lines = [
        Line("L1", "D1", "gold", 1, 5),
        Line("L2", "gold", "D1", 2, 3),
        Line("L3", "D1", "silver", 3, 3),
        Line("L4", "silver", "user", 4, 3),
    ]
    assert came_through(Ledger(lines), "gold", {"L4"}) == UnitBounds(3, 3, 3)
    # where each may have had two units more, D1 sold on its own and silver one or two of its own
    bound = came_through(Ledger(lines, opening_stock=2), "gold", {"L4"})
    assert bound == UnitBounds(0, 3, 3)


def test_lines_of_one_day_to_two_who_pass_goods_on_are_not_one() -> None:
    lines = [
        Line("L1", "maker", "A", 1, 4),
        Line("L2", "A", "B", 1, 4),
        Line("L3", "other", "B", 1, 6),
        Line("L4", "B", "C", 2, 5),
        Line("L5", "B", "D", 2, 5),
        Line("L6", "C", "E", 9, 5),
        Line("L7", "D", "E", 9, 5),
    ]
    assert came_through(Ledger(lines, {"maker"}), "A", {"L6", "L7"}) == UnitBounds(4, 4, 10)
    lines += [Line("L8", "B", "F", 1, 3)]
    assert came_through(Ledger(lines, {"maker"}), "A", {"L6", "L7"}) == UnitBounds(1, 4, 10)

"""Ways that a unit can have taken, against moving units through every order and choice."""

from __future__ import annotations

import random

import pytest

from graphchannel.analysis.bounds.feasible import is_possible, shortest_path
from graphchannel.analysis.bounds.ledger import Ledger, Line
from tests.analysis.bounds.test_bounds import CASES, by_trying

EMPTIED = [  # B had sold all of A's goods before C's came
    Line("L1", "A", "B", 1, 5),
    Line("L2", "B", "D", 2, 5),
    Line("L3", "C", "B", 3, 5),
    Line("L4", "B", "E", 4, 5),
    Line("L5", "D", "E", 5, 5),
]


def through_one_hand(dice: random.Random) -> list[Line]:
    """Draw lines that mostly come to B or go from it, so that it is now and then sold out."""
    pairs = [("A", "B"), ("C", "B"), ("B", "D"), ("B", "E"), ("D", "E")]
    drawn = [dice.choice(pairs) for _ in range(dice.randint(3, 6))]
    return [
        Line(f"L{number}", *ends, dice.randint(1, 3 if number == 0 else 7), dice.randint(1, 2))
        for number, ends in enumerate([("A", "B"), *drawn])
    ]


def test_there_is_a_way_where_units_can_have_arrived() -> None:
    ways = none = torn = 0
    for seed in range(CASES):
        dice = random.Random(2_000_000 + seed)  # noqa: S311 - cases to test with, not secrets
        lines = through_one_hand(dice)
        first, last = lines[0].shipment, dice.choice(lines[1:]).shipment
        stock = dice.choice([0, 0, 0, 1])
        tried = by_trying(
            lines,
            set(),
            stock,
            given=lambda line, first=first: line.shipment == first,  # type: ignore[misc]
            wanted={last},
            ends=True,
        )
        assert tried is not None
        ledger = Ledger(lines, (), stock)
        way = shortest_path(ledger, {first}, {last})
        assert (way is not None) == (tried[1] > 0), (seed, lines, first, last)
        if way:
            assert is_possible(ledger, way)
            assert (way[0].shipment, way[-1].shipment) == (first, last)
        ways += way is not None
        none += way is None
        torn += way is None and shortest_path(Ledger(lines, (), 99), {first}, {last}) is not None
    assert ways > CASES / 20
    assert torn > CASES / 100
    assert none > torn


@pytest.mark.parametrize(
    ("stock", "way", "possible"),
    [
        (0, ["L1", "L4"], False),
        (1, ["L1", "L4"], True),
        (0, ["L1", "L2", "L5"], True),
        (0, ["L3", "L2"], False),  # it came later
    ],
)
def test_a_unit_stays_while_something_is_left(
    stock: int,
    way: list[str],
    possible: bool,  # noqa: FBT001 - a case's answer
) -> None:
    ledger = Ledger(EMPTIED, (), stock)
    assert is_possible(ledger, [ledger.lines[id_] for id_ in way]) is possible


@pytest.mark.parametrize(
    ("window", "within", "way"),
    [
        (None, None, ["L1", "L2", "L5"]),
        (3, None, ["L1", "L2", "L5"]),
        (2, None, None),
        (None, {"L1", "L4"}, None),
    ],
)
def test_the_shortest_path_keeps_to_window_and_lines(
    window: int | None, within: set[str] | None, way: list[str] | None
) -> None:
    ledger = Ledger(EMPTIED)
    found = shortest_path(ledger, {"L1"}, {"L4", "L5"}, within, window)
    assert [line.shipment for line in found or ()] == (way or [])


def test_no_way_goes_on_from_a_maker() -> None:
    lines = [Line("L1", "A", "B", 1, 5), Line("L2", "B", "C", 2, 5)]
    assert shortest_path(Ledger(lines), {"L1"}, {"L2"}) == lines
    assert shortest_path(Ledger(lines, {"B"}), {"L1"}, {"L2"}) is None


def test_of_ways_with_as_many_lines_the_first_is_taken() -> None:
    lines = [
        Line("L1", "A", "B", 1, 5),
        Line("L4", "B", "E", 2, 1),
        Line("L2", "B", "E", 2, 1),
        Line("L3", "B", "E", 3, 1),
    ]
    found = shortest_path(Ledger(lines), {"L1"}, {"L2", "L3", "L4"})
    assert found == [lines[0], lines[2]]

"""How sure a path is: by time, quantity, splits and merges, and by serial numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.analysis.bounds.bounds import upstream_bounds
from graphchannel.analysis.goods.certainty import how_sure, ledger_of
from graphchannel.analysis.goods.followed import UNIT
from graphchannel.analysis.goods.model import TraceQuestion
from graphchannel.analysis.goods.trace import trace
from tests.analysis.goods.lines import connected, line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphchannel.analysis.goods.certainty import JudgedPath
    from tests.analysis.goods.lines import Made


def judged(
    lines: Sequence[Made], question: TraceQuestion, *, serials: Sequence[tuple[str, str]] = ()
) -> list[JudgedPath]:
    with connected(lines) as connection:
        connection.execute(f"CREATE TEMP TABLE {UNIT} (shipment VARCHAR, serial VARCHAR)")
        for row in serials:
            connection.execute(f"INSERT INTO {UNIT} VALUES (?, ?)", row)
        return how_sure(connection, trace(connection, question, 10).paths, 0)


def certainties(lines: Sequence[Made], question: TraceQuestion) -> dict[str, str]:
    return {" ".join(j.path.parties): j.certainty for j in judged(lines, question)}


def test_on_equal_days_one_hop_may_follow_the_other() -> None:
    lines = [line("L2", "v", "d", 3), line("L1", "d", "e", 3)]
    assert certainties(lines, TraceQuestion(start="v")) == {"v d e": "proved"}
    lines = [line("L2", "v", "d", 4), line("L1", "d", "e", 3)]
    assert certainties(lines, TraceQuestion(start="v")) == {"v d": "proved"}


def test_what_had_left_before_cannot_be_passed_on() -> None:
    lines = [
        line("L1", "d1", "g", 1, quantity=5),
        line("L2", "g", "e1", 2, quantity=5),
        line("L3", "d2", "g", 3, quantity=5),
        line("L4", "g", "e2", 4, quantity=5),
    ]
    assert certainties(lines, TraceQuestion(end="e2")) == {
        "d1 g e2": "excluded",
        "d2 g e2": "proved",
    }


def test_a_part_is_implied_where_it_does_not_fit_otherwise() -> None:
    merge = [
        line("L1", "d1", "g", 1, quantity=7),
        line("L2", "d2", "g", 1, quantity=2),
        line("L3", "g", "e", 2, quantity=4),
    ]
    assert certainties(merge, TraceQuestion(end="e")) == {"d1 g e": "implied", "d2 g e": "possible"}


def test_a_split_leaves_open_which_part_went_where() -> None:
    split = [
        line("L1", "d1", "g", 1, quantity=4),
        line("L2", "d2", "g", 1, quantity=4),
        line("L3", "g", "e1", 2, quantity=4),
        line("L4", "g", "e2", 2, quantity=4),
    ]
    found = certainties(split, TraceQuestion(start="d1"))
    assert found == {"d1 g e1": "possible", "d1 g e2": "possible"}


def test_a_return_is_followed_like_any_goods() -> None:
    lines = [
        line("L1", "d", "g1", 1),
        line("L2", "g1", "d", 2, breaks=True),
        line("L3", "d", "g2", 3),
        line("L4", "g2", "e", 4),
    ]
    found = certainties(lines, TraceQuestion(start="g1"))
    assert found == {"g1 d g2 e": "proved"}  # d had none other


def test_a_number_on_every_line_proves_a_path() -> None:
    lines = [
        line("L1", "d1", "g", 1, quantity=4),
        line("L2", "d2", "g", 1, quantity=4),
        line("L3", "g", "e", 2, quantity=4),
    ]
    numbers = [("L1", "S1"), ("L3", "S1"), ("L2", "S2")]
    found = {j.path.parties[0]: j for j in judged(lines, TraceQuestion(end="e"), serials=numbers)}
    assert (found["d1"].certainty, found["d1"].path.serials) == ("proved", ("S1",))
    assert (found["d2"].certainty, found["d2"].path.serials) == ("possible", ())


def test_who_fed_a_leak_is_bounded_and_nobody_is_named_by_guess() -> None:
    lines = [
        line("L1", "v", "d1", 1, quantity=65),
        line("L2", "v", "d2", 1, quantity=40),
        line("L3", "d1", "g", 2, quantity=65),
        line("L4", "d2", "g", 2, quantity=40),
        line("L5", "d3", "g", 9, quantity=40),
        line("L6", "g", "e", 3, quantity=90),
    ]
    with connected(lines) as connection:
        bounds = upstream_bounds(ledger_of(connection, "p", 0), {"L6"})
        assert [(b.party, b.least, b.most, b.of) for b in bounds] == [
            ("d1", 50, 65, 90),
            ("d2", 25, 40, 90),
        ]

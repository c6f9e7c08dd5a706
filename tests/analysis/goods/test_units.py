"""The history of one unit: its parts without a break."""

from __future__ import annotations

from itertools import permutations

import duckdb
import pytest

from graphchannel.analysis.goods.followed import LINE, UNIT
from graphchannel.analysis.goods.model import TraceQuestion
from graphchannel.analysis.goods.units import Unit, carried, unit_paths, units_of
from tests.analysis.goods.lines import connected, line

NAMES = {"v": "Vendor", "d": "Dist", "g": "Gold", "g1": "Gold 1", "g2": "Gold 2"}


def unit(*lines: tuple[str, str, str, int]) -> Unit:
    """Return the one unit that was handed over on all of these lines."""
    with connected([line(*one) for one in lines]) as connection:
        connection.execute(f"CREATE TEMP TABLE {UNIT} AS SELECT *, 'S' AS serial FROM {LINE}")
        (found,) = units_of(connection, TraceQuestion(), "S")
    return found


def parts(found: Unit) -> list[str]:
    return [
        " ".join((stretch[0].seller, *(hop.buyer for hop in stretch))) for stretch in found.parts
    ]


@pytest.mark.parametrize("order", list(permutations(["L1", "L2", "L3"])))
def test_one_day_is_put_in_an_order_that_hangs_together(order: tuple[str, ...]) -> None:
    a, b, c = order
    found = unit((a, "v", "d", 1), (b, "d", "g", 1), (c, "g", "e", 1))
    assert parts(found) == ["v d g e"]
    assert found.remarks(NAMES) == []


@pytest.mark.parametrize("order", list(permutations(["L1", "L2", "L3"])))
def test_a_return_on_the_day_of_the_next_sale(order: tuple[str, ...]) -> None:
    a, b, c = order
    found = unit(("L0", "v", "d", 1), (a, "d", "g1", 2), (b, "g1", "d", 2), (c, "d", "g2", 2))
    assert parts(found) == ["v d g1 d g2"]
    assert found.remarks(NAMES) == ["it came back to Dist on 1970-01-03"]


def test_a_way_that_is_torn() -> None:
    found = unit(("L1", "v", "d", 1), ("L2", "g", "e", 5))
    assert parts(found) == ["v d", "g e"]
    assert found.remarks(NAMES) == ["Gold handed it over on 1970-01-06; by the lines, Dist had it"]


def test_a_number_that_left_twice() -> None:
    found = unit(("L1", "v", "d", 1), ("L2", "d", "g1", 2), ("L3", "d", "g2", 3))
    assert parts(found) == ["v d g1", "d g2"]
    (remark,) = found.remarks(NAMES)
    assert remark.startswith("Dist handed it over on 1970-01-04 though it had done so before")
    assert remark.endswith("by the lines, Gold 1 had it")


def test_nobody_tells_where_the_first_seller_had_it_from() -> None:
    assert unit(("L1", "g", "e", 1)).remarks(NAMES) == ["no line tells from whom Gold got it"]


def test_an_id_may_look_like_a_field_of_a_format() -> None:
    found = unit(("L1", "g.1[{", "e", 1))
    names = {"g.1[{": "Gold {x}"}
    assert found.remarks(names) == ["no line tells from whom Gold {x} got it"]


def test_the_part_of_a_path_that_is_asked_about() -> None:
    found = unit(("L1", "v", "d", 1), ("L2", "d", "g", 2), ("L3", "g", "e", 3))

    def asked(question: TraceQuestion) -> list[tuple[str, ...]]:
        return [path.parties for path in unit_paths([found], question, 5).paths]

    assert asked(TraceQuestion(start="d")) == [("d", "g", "e")]
    assert asked(TraceQuestion(end="g")) == [("v", "d", "g")]
    assert asked(TraceQuestion(start="d", end="g")) == [("d", "g")]
    assert asked(TraceQuestion(line="L2")) == [("v", "d", "g", "e")]
    assert asked(TraceQuestion(start="e")) == []
    assert asked(TraceQuestion(start="g", end="d")) == []


def test_units_that_went_all_of_a_path_are_found_in_sets() -> None:
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE paths AS SELECT unnest([['a', 'b'], ['a', 'c'], ['a']]) AS shipments"
        )
        connection.execute(
            "CREATE TABLE units AS SELECT unnest(['a', 'a', 'b', 'c', 'c']) AS shipment, "
            "unnest(['1', '2', '2', '3', '4']) AS serial"
        )
        rows = connection.execute(f"{carried('paths', 'units')} ORDER BY shipments").fetchall()
    assert rows == [(["a"], ["1", "2"]), (["a", "b"], ["2"]), (["a", "c"], [])]

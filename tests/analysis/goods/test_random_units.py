"""Serial numbers on random units: the rules, and the order of a day, against going through each."""

from __future__ import annotations

import os
from itertools import pairwise
from random import Random

import duckdb
import pyarrow as pa
import pytest

from graphchannel.analysis.contract import Projection
from graphchannel.analysis.goods.day_order import in_order
from graphchannel.analysis.goods.model import Hop
from graphchannel.analysis.goods.serials import handed_over_twice
from graphchannel.policy import load_policy
from graphchannel.resources import pack
from tests.analysis.goods import plain_units
from tests.analysis.goods.plain_units import Move

UNITS = int(os.environ.get("GRAPHCHANNEL_NETWORKS", "400"))


@pytest.fixture(scope="module")
def units() -> list[list[Move]]:
    return list(plain_units.drawn(Random("units"), UNITS))  # noqa: S311 - a seed, not a secret


def test_units_handed_over_twice(units: list[list[Move]]) -> None:
    wanted = set[str]().union(*map(plain_units.handed_over_twice, units))
    with duckdb.connect() as connection:
        connection.register("drawn", pa.Table.from_pylist(plain_units.hand_overs(units)))
        given = Projection(connection, "drawn", {}, load_policy(pack()))
        found = handed_over_twice(given)["shipment"].to_pylist()
    assert len(wanted) > UNITS / 10
    assert len(found) == len(set(found))
    assert set(found) == wanted


def test_a_day_is_put_in_an_order_with_the_fewest_breaks(
    units: list[list[Move]],
) -> None:
    for unit in units:
        hops = [_hop(move) for move in unit]
        order = in_order(hops)
        assert sorted(hop.shipment for hop in order) == sorted(move.id for move in unit)
        assert [hop.day for hop in order] == [hop.day for hop in hops]
        torn = sum(before.buyer != after.seller for before, after in pairwise(order))
        assert torn == plain_units.fewest_breaks(unit), unit


def test_the_order_does_not_depend_on_the_ids_of_lines(
    units: list[list[Move]],
) -> None:
    for unit in units:
        ends = [(hop.seller, hop.buyer) for hop in in_order([_hop(move) for move in unit])]
        turned = sorted(move._replace(id=move.id[::-1]) for move in unit)
        again = [(hop.seller, hop.buyer) for hop in in_order([_hop(move) for move in turned])]
        assert again == ends


def test_many_hand_overs_on_one_day_hang_together() -> None:
    ring = [Move(1, f"L{n}", f"p{n}", f"p{n + 1}") for n in range(30)]
    order = in_order([_hop(move) for move in [*ring[20:], *ring[:20], Move(2, "X", "p30", "e1")]])
    assert sum(before.buyer != after.seller for before, after in pairwise(order)) == 0


def _hop(move: Move) -> Hop:
    roles = {"v": "vendor", "e1": "end_user", "e2": "end_user"}
    selling, buying = (roles.get(party, "gold") for party in (move.seller, move.buyer))
    row = (move.id, move.seller, move.buyer, move.day, 1, selling, buying, False)
    return Hop.of_row(row)

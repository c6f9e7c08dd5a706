"""How far analyses declare to reach is true: what is judged alone has the rows of the whole."""

from __future__ import annotations

from collections import defaultdict
from itertools import zip_longest
from random import Random
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pytest

from graphchannel.analysis.contract import Projection
from graphchannel.analysis.goods.balance import out_exceeds_in
from graphchannel.analysis.goods.serials import handed_over_twice, with_two_end_users
from graphchannel.policy import load_policy
from graphchannel.resources import pack
from tests.analysis.goods import plain_units
from tests.analysis.goods.networks import draw_network, projection

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphchannel.analysis.contract import Analysis
    from tests.analysis.goods.exhaustive import Line

POLICY = load_policy(pack())
NETWORKS, UNITS = 60, 40


def as_texts(rows: Iterable[dict[str, Any]]) -> list[str]:
    return sorted(map(repr, rows))


def test_a_partner_is_judged_on_its_own_lines_of_a_product() -> None:
    random = Random("subject")  # noqa: S311 - a seed, not a secret
    networks = [draw_network(random, POLICY, f"{number}-") for number in range(NETWORKS)]

    def found(lines: list[Line]) -> list[dict[str, Any]]:
        given = projection(lines, POLICY, random, window_days=6, opening_stock=3)
        rows: list[dict[str, Any]] = out_exceeds_in(given).to_pylist()
        return rows

    whole = defaultdict(list)
    for row in found([line for network in networks for line in network]):
        whole[row["subject"], row["product"]].append(row)
    assert len(whole) > NETWORKS / 10
    assert out_exceeds_in.reach == "subject"
    # Networks have nothing in common: one partner and product of each are judged at a time.
    for groups in zip_longest(*map(_groups, networks)):
        own = [group for group in groups if group is not None]
        rows = found([line for _, lines in own for line in lines])
        asked = {group for group, _ in own}
        alone = [row for row in rows if (row["subject"], row["product"]) in asked]
        assert as_texts(alone) == as_texts(row for group in asked for row in whole[group])


def _groups(network: list[Line]) -> list[tuple[tuple[str, str], list[Line]]]:
    """Return the lines of each party and product."""
    groups = defaultdict(list)
    for line in network:
        for party in (line.seller, line.buyer):
            groups[party, line.product].append(line)
    return sorted(groups.items())


@pytest.mark.parametrize(
    "analysis",
    [handed_over_twice, with_two_end_users],
    ids=lambda analysis: analysis.function.__name__,
)
def test_a_unit_is_judged_on_its_own_hand_overs(analysis: Analysis) -> None:
    units = plain_units.drawn(Random("units"), UNITS)  # noqa: S311 - a seed, not a secret
    rows = plain_units.hand_overs(units)
    assert analysis.reach == "unit"
    alone = defaultdict(list)
    for row in rows:
        alone[row["product"], row["serial"]].append(row)
    with duckdb.connect() as connection:
        whole, *units_alone = (
            _found(analysis, connection, given) for given in (rows, *alone.values())
        )
    assert len(whole) > UNITS / 20
    assert sorted(one for unit in units_alone for one in unit) == whole


def _found(
    analysis: Analysis, connection: duckdb.DuckDBPyConnection, rows: list[dict[str, Any]]
) -> list[str]:
    connection.register("drawn", pa.Table.from_pylist(rows))
    return as_texts(analysis(Projection(connection, "drawn", {}, POLICY)).to_pylist())

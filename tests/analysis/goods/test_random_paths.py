"""The analyses of paths against trying every path, on random networks."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from graphchannel.analysis.goods import balance, batches, paths, trips
from graphchannel.policy import SupplyRuling, load_policy
from graphchannel.policy.path_language import verdict
from graphchannel.resources import pack
from tests.analysis.goods import exhaustive
from tests.analysis.goods.networks import START, draw_network, projection
from tests.sampling import sampled

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphchannel.analysis.contract import Analysis, Projection
    from graphchannel.policy import Policy
    from tests.analysis.goods.exhaustive import Line, Path

NETWORKS = int(os.environ.get("GRAPHCHANNEL_NETWORKS", "150"))
WINDOW = 6
OPENING = {"shipped": 3, "other": 0}
SHIPPED = load_policy(pack())
# Another policy: sideways sales are fine, what goes up is forbidden, and little is ruled on at all.
OTHER = replace(
    SHIPPED,
    supply=(
        SupplyRuling("vendor", "vap", "allowed", "1", None),
        SupplyRuling("vap", "gold", "discouraged", "1", "a/b"),
        SupplyRuling("gold", "gold", "allowed", "1", None),
        SupplyRuling("gold", "silver", "allowed", "1", None),
        SupplyRuling("silver", "end_user", "allowed", "1", None),
        SupplyRuling("silver", "gold", "forbidden", "1", "a/b"),
        SupplyRuling("gold", "end_user", "forbidden", "1", "a/b"),
        SupplyRuling("recognized", "silver", "discouraged", "1", "a/b"),
    ),
)


@dataclass(frozen=True)
class World:
    """Networks that share a relation but nothing in it."""

    policy: Policy
    opening: int
    networks: list[list[Line]]
    projection: Projection


@pytest.fixture(scope="module", params=["shipped", "other"])
def world(request: pytest.FixtureRequest) -> World:
    policy = SHIPPED if request.param == "shipped" else OTHER
    random = Random(request.param)  # noqa: S311 - a seed, not a secret
    networks = [draw_network(random, policy, f"{number}-") for number in range(NETWORKS)]
    lines = [line for network in networks for line in network]
    given = projection(
        lines, policy, random, window_days=WINDOW, opening_stock=OPENING[request.param]
    )
    return World(policy, OPENING[request.param], networks, given)


def rows(analysis: Analysis, given: Projection) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = analysis(given).to_pylist()
    return found


def check_paths(
    world: World,
    analysis: Analysis,
    starts: Callable[[Line], bool],
    goes_on: Callable[[Line], bool] = lambda _: True,
) -> None:
    wanted: dict[str, list[Path]] = {}
    for network in world.networks:
        wanted |= exhaustive.to_end_users(network, WINDOW, starts, goes_on, world.opening)
    found = {row["shipments"][0]: row for row in rows(analysis, world.projection)}
    assert len(wanted) > NETWORKS / 40
    assert found.keys() == wanted.keys()
    units = most_units(wanted)
    for first, row in found.items():
        check_witness(row, wanted[first])
        assert row["subject"] == row["path"][0]
        certainty = "proved" if len(row["shipments"]) == 1 else "possible"
        assert (row["object"], row["broken_at"], row["certainty"]) == (None, 1, certainty)
        assert row["units"] == units[row["subject"], row["product"]]


def check_witness(row: dict[str, Any], every: list[Path]) -> None:
    """Check that a path is one of those that there are, and that none is shorter."""
    (path,) = (path for path in every if [line.id for line in path] == row["shipments"])
    assert row["path"] == [path[0].seller, *(line.buyer for line in path)]
    assert row["product"] == path[0].product
    assert len(path) == min(map(len, every))


def most_units(wanted: dict[str, list[Path]]) -> dict[tuple[str, str], int]:
    """Return by party and product what it handed on so, or what arrived, whichever is less."""
    ends: dict[tuple[str, str], tuple[set[Line], set[Line]]] = {}
    for every in wanted.values():
        first = every[0][0]
        away, home = ends.setdefault((first.seller, first.product), (set(), set()))
        away.add(first)
        home |= {path[-1] for path in every}
    return {
        key: min(sum(line.quantity for line in away), sum(line.quantity for line in home))
        for key, (away, home) in ends.items()
    }


@pytest.mark.parametrize(
    ("analysis", "ruling"),
    [
        (paths.forbidden, "forbidden"),
        (paths.discouraged, "discouraged"),
        (paths.unlisted, "unlisted"),
    ],
    ids=["forbidden", "discouraged", "unlisted"],
)
def test_paths_over_hops_of_a_ruling(world: World, analysis: Analysis, ruling: str) -> None:
    def starts(line: Line) -> bool:
        if ruling == "unlisted" and sideways(line):
            return False
        return verdict(world.policy, line.seller_role, line.buyer_role) == ruling

    check_paths(world, analysis, starts)


def test_paths_from_reseller_to_reseller(world: World) -> None:
    check_paths(
        world,
        paths.lateral,
        sideways,
        lambda line: sideways(line) or line.buyer_role == "end_user",
    )
    for row in rows(paths.lateral, world.projection):
        assert row["extra_hands"] == len(row["path"]) - 2


def sideways(line: Line) -> bool:
    tier_two = ("platinum", "gold", "silver", "recognized")
    return line.seller_role in tier_two and line.buyer_role in tier_two


def test_round_trips(world: World) -> None:
    wanted: dict[tuple[str, str], list[Path]] = {}
    for network in world.networks:
        wanted |= exhaustive.round_trips(network, WINDOW, world.opening)
    found = {
        (row["subject"], row["shipments"][-1]): row
        for row in rows(trips.round_trips, world.projection)
    }
    assert len(wanted) > NETWORKS / 40
    assert found.keys() == wanted.keys()
    for key, row in found.items():
        check_witness(row, wanted[key])
        assert row["path"][0] == row["path"][-1] == row["subject"]
        assert row["path"][-2] == row["object"]
    check_units(world, list(found.values()))


def check_units(world: World, found: list[dict[str, Any]]) -> None:
    """No more can have come back than came with the lines shown, and than had left by then."""
    lines = {line.id: line for network in world.networks for line in network}
    hops = [line for network in world.networks for line in exhaustive.hops(network)]
    circling = on_circles(hops)
    for row in found:
        key = (row["subject"], row["object"], row["product"])
        last = {
            other["shipments"][-1]
            for other in found
            if (other["subject"], other["object"], other["product"]) == key
        }
        until = max(lines[id_].day for id_ in last)
        away = sum(
            line.quantity
            for line in circling
            if (line.seller, line.product) == (row["subject"], row["product"]) and line.day <= until
        )
        assert row["units"] == min(sum(lines[id_].quantity for id_ in last), away)


def on_circles(hops: list[Line]) -> list[Line]:
    """Leave out, as long as there are any, hops that none comes before, or none after."""
    left = [line for line in hops if line.buyer_role != "end_user"]
    while True:
        came = {(line.buyer, line.product) for line in left}
        went = {(line.seller, line.product) for line in left}
        kept = [
            line
            for line in left
            if (line.seller, line.product) in came and (line.buyer, line.product) in went
        ]
        if len(kept) == len(left):
            return kept
        left = kept


def test_mass_balance(world: World) -> None:
    wanted: dict[tuple[str, str], tuple[int, int, set[str]]] = {}
    for network in world.networks:
        wanted |= exhaustive.shortages(network, world.opening)
    found: dict[tuple[str, str], tuple[int, int, set[str]]] = {}
    for row in rows(balance.out_exceeds_in, world.projection):
        since = (row["since"] - START) // timedelta(days=1)
        key = row["subject"], row["product"]
        shown = found.setdefault(key, (row["units"], since, set()))[2]
        (shipment,) = row["shipments"]
        assert shipment not in shown
        shown.add(shipment)
        assert (row["object"], row["path"][0]) == (None, row["subject"])
    assert len(wanted) > NETWORKS / 40
    assert found == wanted


@pytest.mark.parametrize(
    "analysis",
    sampled(
        [paths.lateral, trips.round_trips, paths.forbidden, paths.unlisted, balance.out_exceeds_in],
        2,
    ),
    ids=lambda analysis: analysis.function.__name__,
)
def test_products_may_be_worked_on_apart(
    world: World, analysis: Analysis, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = rows(analysis, world.projection)
    monkeypatch.setattr(batches, "_BATCH", 1 + sum(map(len, world.networks)) // 7)
    parts = rows(analysis, world.projection)
    assert sorted(map(repr, parts)) == sorted(map(repr, whole))

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from graphchannel.errors import InputError
from graphchannel.ingest import loads, unload
from graphchannel.workspace import create_workspace
from tests.ingest.conftest import Channel, Rows, line, network_rows
from tests.sampling import sampled

if TYPE_CHECKING:
    from graphchannel.policy import Policy


def test_taking_a_load_back_restores_what_it_changed(network: Channel) -> None:
    network.load({"shipments": [line("1"), line("2")]})
    before = network.content()
    network.load(
        {
            "shipments": [line("1", quantity=5), line("3")],
            "certifications": [
                {"holder_id": "D", "role": "vap", "issuer_id": "V", "valid_from": "2023-01-01"}
            ],
        }
    )
    report = unload(network.workspace, 3)
    assert (report.removed, report.restored) == (2, 1)
    assert network.content() == before
    assert network.query("SELECT count(*) FROM history.shipments") == [(0,)]
    assert [(e.load, e.kind, e.about) for e in loads(network.workspace)][2:] == [
        (3, "unloaded", None), (4, "unload", "3"),
    ]  # fmt: skip


def test_a_load_in_the_middle_closes_the_gap_in_history(network: Channel) -> None:
    for quantity in (1, 2, 3):
        network.load({"shipments": [line("1", quantity=quantity)]})
    unload(network.workspace, 3)
    assert network.query("SELECT quantity, _load FROM shipments") == [(3, 4)]
    assert network.query("SELECT quantity, _load, _ended FROM history.shipments") == [(1, 2, 4)]


def test_a_row_that_a_later_load_delivered_again_stays(network: Channel) -> None:
    network.load({"shipments": [line("1")]})
    network.load({"shipments": [line("1")]})
    unload(network.workspace, 2)
    assert network.query("SELECT id, _load FROM shipments") == [("1", 3)]
    unload(network.workspace, 3)
    assert network.query("SELECT count(*) FROM shipments") == [(0,)]


def test_withdrawn_rows_come_back(network: Channel) -> None:
    network.load({"shipments": [line("1"), line("2")]})
    before = network.content()
    network.load({"shipments": [line("3")]}, replace=["shipments"])
    assert unload(network.workspace, 3).restored == 2
    assert network.content() == before


def test_rejects_go_with_their_load_and_come_back_with_it(network: Channel) -> None:
    network.load({"shipments": [line("1", product_id="X"), line("2", quantity=0)]})
    network.load({"products": [{"id": "X", "name": "X"}]})
    with pytest.raises(InputError, match=r"accepted with load 3\. Take load 3 back before it"):
        unload(network.workspace, 2)
    assert unload(network.workspace, 3).reopened == 1
    assert [code for *_, code in network.problems()] == ["unknown_reference", "out_of_range"]
    unload(network.workspace, 2)
    assert network.problems() == []


def test_a_load_that_later_ones_stand_on_is_not_taken_back(network: Channel) -> None:
    network.load({"shipments": [line("1")]})
    before = network.content()
    with pytest.raises(InputError) as caught:
        unload(network.workspace, 1)
    assert "later loads stand on it: 1 row of shipments (load 2) name" in str(caught.value)
    assert network.content() == before


def test_only_loads_can_be_taken_back(network: Channel) -> None:
    with pytest.raises(InputError, match=r"no load 7 to take back \(there are: 1\)"):
        unload(network.workspace, 7)
    unload(network.workspace, 1)
    with pytest.raises(InputError, match=r"no load 2 to take back \(there are: none\)"):
        unload(network.workspace, 2)


@pytest.mark.parametrize("seed", sampled(range(4), 1))
def test_it_is_as_if_the_load_had_not_been(policy: Policy, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - a test that can be run again
    parts = [_random_lines(rng) for _ in range(5)]
    taken = rng.randrange(5)
    with create_workspace(None, policy) as with_it, create_workspace(None, policy) as without:
        one, other = Channel(with_it, policy), Channel(without, policy)
        for channel in (one, other):
            channel.load(network_rows())
            for number, (part, snapshot) in enumerate(parts):
                if channel is one or number != taken:
                    channel.load(part, replace=["shipments"] if snapshot else [])
        unload(with_it, taken + 2)
        assert one.content() == other.content()
        # Versions agree as well, but for the numbers of loads.
        sql = "SELECT id, quantity FROM history.shipments ORDER BY ALL"
        assert one.query(sql) == other.query(sql)


def _random_lines(rng: random.Random) -> tuple[Rows, bool]:
    lines = [line(str(n), quantity=rng.randrange(1, 3)) for n in rng.sample(range(12), 6)]
    role = rng.choice(["vap", "gold", "silver"])
    certificate: dict[str, object] = {
        "holder_id": "G",
        "role": role,
        "issuer_id": "V",
        "valid_from": "2023-01-01",
    }
    return {"shipments": lines, "certifications": [certificate]}, rng.random() < 0.3

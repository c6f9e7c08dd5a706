from __future__ import annotations

import dataclasses
import random
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from graphchannel.ingest import load_rows, refresh_policy
from graphchannel.workspace import create_workspace
from tests.ingest.conftest import Channel, Rows, line, network_rows
from tests.sampling import sampled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphchannel.policy import Policy


def _certificate(holder: str, role: str, first: str, last: str | None = None) -> dict[str, object]:
    row = {"holder_id": holder, "role": role, "issuer_id": "V", "valid_from": first}
    return {**row, "valid_to": last}


def _roles(channel: Channel) -> list[tuple[str, str, str]]:
    """Line, seller's role and flow, for lines to the end user."""
    return [
        (str(id_), str(role), str(flow))
        for id_, role, flow in channel.query(
            "SELECT id, seller_role, flow FROM shipments ORDER BY id"
        )
    ]


def test_the_role_is_the_one_held_on_the_day(network: Channel) -> None:
    network.load(
        {
            "certifications": [_certificate("G", "silver", "2024-06-01", "2024-06-30")],
            "partners": [{"id": "U", "name": "Uncertified", "terminated_on": "2020-01-01"}],
        }
    )
    network.load(
        {
            "shipments": [
                line("1", "G", "E", shipped_on="2023-12-31"),
                line("2", "G", "E", shipped_on="2024-01-01"),
                line("3", "G", "E", shipped_on="2024-06-15"),  # gold stands before silver
                line("4", "U", "E"),
                line("5", "D", "E", shipped_on="9999-12-31"),
            ]
        }
    )
    assert [row[:2] for row in _roles(network)] == [
        ("1", "uncertified"), ("2", "gold"), ("3", "gold"), ("4", "uncertified"),
        ("5", "distributor"),
    ]  # fmt: skip


def test_both_ends_of_a_certificate_are_included(network: Channel) -> None:
    network.load(
        {
            "partners": [{"id": "S", "name": "S"}],
            "certifications": [
                _certificate("S", "silver", "2024-02-01", "2024-02-29"),
                _certificate("S", "recognized", "2024-02-10", "2024-03-31"),
                _certificate("S", "vap", "2024-03-20", "2024-03-20"),
                _certificate("S", "silver", "2024-04-01", "2024-04-30"),
            ],
        }
    )
    days = ["2024-01-31", "2024-02-01", "2024-02-29", "2024-03-01", "2024-03-19", "2024-03-20"]
    days += ["2024-03-21", "2024-03-31", "2024-04-01", "2024-04-30", "2024-05-01"]
    network.load({"shipments": [line(day, "S", "E", shipped_on=day) for day in days]})
    assert [row[1] for row in _roles(network)] == [
        "uncertified", "silver", "silver", "recognized", "recognized", "vap",
        "recognized", "recognized", "silver", "silver", "uncertified",
    ]  # fmt: skip


def test_certificates_of_end_users_and_other_roles_give_no_role(network: Channel) -> None:
    network.load(
        {
            "certifications": [
                _certificate("E", "certified_end_user", "2024-01-01"),
                _certificate("E", "gold", "2024-01-01"),
            ]
        }
    )
    network.load({"shipments": [line("1", "G", "E")]})
    assert network.query("SELECT seller_role, buyer_role FROM shipments") == [("gold", "end_user")]


_FLOWS = [
    ("V", "D", "sell_in"), ("V", "A", "sell_in"), ("V", "G", "other"), ("V", "E", "direct"),
    ("V", "U", "other"), ("D", "G", "sell_through"), ("A", "G", "sell_through"),
    ("D", "E", "sell_out"), ("G", "E", "sell_out"), ("U", "E", "sell_out"), ("D", "A", "lateral"),
    ("G", "H", "lateral"), ("E", "F", "lateral"), ("G", "D", "upstream"), ("D", "V", "upstream"),
    ("E", "V", "upstream"), ("E", "G", "upstream"), ("U", "G", "other"), ("G", "U", "other"),
    ("U", "V", "other"), ("D", "U", "other"),
]  # fmt: skip


def test_the_flow_follows_from_the_two_roles(network: Channel) -> None:
    network.load(
        {
            "partners": [{"id": id_, "name": id_} for id_ in ("A", "H", "U")],
            "end_users": [{"id": "F", "name": "F"}],
            "certifications": [
                _certificate("A", "vap", "2024-01-01"),
                _certificate("H", "recognized", "2024-01-01"),
            ],
            "shipments": [line(f"{seller}{buyer}", seller, buyer) for seller, buyer, _ in _FLOWS],
        }
    )
    found = dict(network.query("SELECT id, flow FROM shipments"))
    assert found == {f"{seller}{buyer}": flow for seller, buyer, flow in _FLOWS}


def test_the_destination_is_the_delivery_else_the_buyers_city(network: Channel) -> None:
    network.load(
        {
            "cities": [{"id": "NUE", "name": "Nuremberg", "region_id": "BY"}],
            "shipments": [
                line("1", "D", "E", ship_to_city_id="NUE"),
                line("2", "D", "E"),
                line("3", "D", "G"),
            ],
        }
    )
    sql = "SELECT destination_id FROM shipments ORDER BY id"
    assert network.query(sql) == [("NUE",), ("MUC",), (None,)]
    network.load({"partners": [{"id": "G", "name": "Gold", "city_id": "NUE"}]})
    assert network.query(sql) == [("NUE",), ("MUC",), ("NUE",)]
    assert network.query("SELECT _load, _derived FROM shipments ORDER BY id") == [
        (2, 2), (2, 2), (2, 3),
    ]  # fmt: skip


def test_regions_are_within_all_above_themselves_and_everywhere(network: Channel) -> None:
    found = network.query("SELECT inner_id, region_id FROM derived.region_within ORDER BY ALL")
    assert found == [
        ("*", "*"), ("BY", "*"), ("BY", "BY"), ("BY", "DE"), ("DE", "*"), ("DE", "DE"),
    ]  # fmt: skip
    found = network.query("SELECT city_id, region_id FROM derived.city_within ORDER BY ALL")
    assert found == [("MUC", "*"), ("MUC", "BY"), ("MUC", "DE")]
    # A region that moves takes what is below it along, and touches nothing else.
    network.load(
        {"regions": [{"id": "EU", "name": "EU"}, {"id": "DE", "name": "DE", "parent_id": "EU"}]}
    )
    found = network.query(
        "SELECT inner_id, region_id FROM derived.region_within WHERE _load = 2 ORDER BY ALL"
    )
    assert found == [("BY", "EU"), ("DE", "EU"), ("EU", "*"), ("EU", "EU")]


def test_a_late_certificate_touches_the_lines_of_its_days_alone(network: Channel) -> None:
    network.load(
        {
            "shipments": [
                line("1", "D", "E", shipped_on="2023-05-01"),
                line("2", "D", "E", shipped_on="2023-07-01"),
                line("3", "V", "D", shipped_on="2023-05-02"),
            ]
        }
    )
    network.load({"certifications": [_certificate("D", "vap", "2023-05-01", "2023-05-31")]})
    found = network.query(
        "SELECT id, seller_role, buyer_role, flow, _derived FROM shipments ORDER BY id"
    )
    assert found == [
        ("1", "vap", "end_user", "sell_out", 3),
        ("2", "uncertified", "end_user", "sell_out", 2),
        ("3", "vendor", "vap", "sell_in", 3),
    ]


def test_another_order_of_roles_derives_again(network: Channel, policy: Policy) -> None:
    network.load({"certifications": [_certificate("G", "silver", "2024-01-01")]})
    network.load({"shipments": [line("1", "G", "E")]})
    order = [policy.roles[i] for i in (0, 1, 2, 4, 3, 5)]
    roles = tuple(dataclasses.replace(role, rank=rank) for rank, role in enumerate(order, 1))
    silver_first = dataclasses.replace(policy, roles=roles)
    assert refresh_policy(network.workspace, silver_first)
    assert _roles(network) == [("1", "silver", "sell_out")]
    assert network.workspace.policy_fingerprint == silver_first.fingerprint
    assert not refresh_policy(network.workspace, silver_first)
    # Loading with a policy has the same effect.
    network.load({"products": [{"id": "X", "name": "X"}]})
    assert _roles(network) == [("1", "gold", "sell_out")]


@pytest.mark.parametrize("seed", sampled(range(4), 1))
def test_any_order_of_loads_equals_one_load_from_scratch(policy: Policy, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - a test that can be run again
    rows = _random_rows(rng)
    with create_workspace(None, policy) as once:
        assert load_rows(once, rows, policy).rejected == 0
        expected = Channel(once, policy).content()
    with create_workspace(None, policy) as piecemeal:
        channel = Channel(piecemeal, policy)
        for part in _split(rng, rows):
            channel.load(part)
        assert channel.problems() == []
        assert channel.content() == expected


def _random_rows(rng: random.Random) -> Rows:
    """Make a network whose partners move, gain and lose roles, and trade with each other."""
    rows = network_rows()
    partners = ["D", "G", *(f"P{n}" for n in range(5))]
    rows["partners"] = [
        {"id": p, "name": p, "city_id": rng.choice([None, "MUC"])} for p in partners
    ]
    roles = ["distributor", "vap", "gold", "silver"]

    def day() -> date:
        return date(2024, 1, 1) + timedelta(days=rng.randrange(60))

    rows["certifications"] = [
        _certificate(rng.choice(partners), role, first.isoformat(), rng.choice([None, f"{last}"]))
        for role in roles
        for first, last in (sorted((day(), day())) for _ in range(4))
    ]
    unique = {(c["holder_id"], c["role"], c["valid_from"]): c for c in rows["certifications"]}
    rows["certifications"] = list(unique.values())
    rows["shipments"] = [
        line(str(n), *rng.sample([*partners, "V", "E"], 2), shipped_on=day().isoformat())
        for n in range(80)
    ]
    return rows


def _split(rng: random.Random, rows: Rows) -> Iterator[Rows]:
    """Deal rows into loads; some arrive with a mistake first, and are corrected at the end."""
    loads: list[Rows] = [{} for _ in range(4)]
    corrections: Rows = {}
    for table, records in rows.items():
        for record in records:
            wrong = dict(record)
            if table == "partners" and rng.random() < 0.5:
                wrong["city_id"] = None
            if table == "certifications" and rng.random() < 0.5:
                wrong["valid_to"] = None
            if table == "shipments" and rng.random() < 0.3:
                wrong["shipped_on"] = "2024-01-31"
            if wrong != record:
                corrections.setdefault(table, []).append(record)
            rng.choice(loads).setdefault(table, []).append(wrong)
    yield from loads
    yield corrections

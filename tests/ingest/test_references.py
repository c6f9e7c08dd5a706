from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.ingest import rejects
from tests.ingest.conftest import line, network_rows

if TYPE_CHECKING:
    from tests.ingest.conftest import Channel


def test_rows_of_one_load_may_come_in_any_order(channel: Channel) -> None:
    rows = network_rows()
    rows["shipments"] = [line("1")]
    report = channel.load(dict(reversed(rows.items())))
    assert report.rejected == 0
    assert [file.file for file in report.files] == list(reversed(rows))


def test_a_row_that_refers_to_a_rejected_row_is_rejected_too(network: Channel) -> None:
    report = network.load(
        {
            "regions": [{"id": "R", "name": "R", "demand": -1}],
            "cities": [{"id": "C", "name": "C", "region_id": "R"}],
            "partners": [{"id": "P", "name": "P", "city_id": "C"}],
            "shipments": [line("1", "D", "P")],
        }
    )
    assert report.accepted == 0
    assert network.problems() == [
        ("cities", 1, "region_id", "unknown_reference"),
        ("partners", 1, "city_id", "unknown_reference"),
        ("regions", 1, "demand", "out_of_range"),
        ("shipments", 1, "buyer_id", "unknown_reference"),
    ]


def test_a_tree_of_regions_may_come_leaves_first(channel: Channel) -> None:
    chain: list[dict[str, object]] = [
        {"id": f"R{n}", "name": "R", "parent_id": f"R{n + 1}"} for n in range(5)
    ]
    report = channel.load({"regions": [*chain, {"id": "R5", "name": "R"}]})
    assert (report.added, report.rejected) == (6, 0)


def test_regions_below_an_unknown_parent_fall_with_it(channel: Channel) -> None:
    report = channel.load(
        {
            "regions": [
                {"id": "A", "name": "A", "parent_id": "B"},
                {"id": "B", "name": "B", "parent_id": "C"},
                {"id": "D", "name": "D"},
            ]
        }
    )
    assert (report.added, report.rejected) == (1, 2)
    assert "'B', which is no region that is loaded" in rejects(channel.workspace)[0].reason
    assert channel.load({"regions": [{"id": "C", "name": "C"}]}).retried == 2


def test_a_cycle_of_regions_is_rejected_with_what_hangs_on_it(channel: Channel) -> None:
    channel.load(
        {
            "regions": [
                {"id": "A", "name": "A", "parent_id": "B"},
                {"id": "B", "name": "B", "parent_id": "A"},
                {"id": "S", "name": "S", "parent_id": "S"},
                {"id": "T", "name": "T", "parent_id": "A"},
            ]
        }
    )
    assert channel.problems() == [
        ("regions", 1, "parent_id", "invalid"),
        ("regions", 2, "parent_id", "invalid"),
        ("regions", 3, "parent_id", "invalid"),
        ("regions", 4, "parent_id", "unknown_reference"),
    ]
    assert channel.query("SELECT count(*) FROM regions") == [(0,)]


def test_a_correction_that_closes_a_cycle_leaves_the_old_version(network: Channel) -> None:
    report = network.load({"regions": [{"id": "DE", "name": "Germany", "parent_id": "BY"}]})
    assert (report.corrected, report.rejected) == (0, 1)
    assert network.query("SELECT parent_id FROM regions WHERE id = 'DE'") == [(None,)]


def test_ids_are_unique_among_the_parties_of_one_load(channel: Channel) -> None:
    report = channel.load(
        {"end_users": [{"id": "X", "name": "X"}], "partners": [{"id": "X", "name": "X"}]}
    )
    assert (report.added, report.rejected) == (1, 1)
    assert channel.problems() == [("end_users", 1, "id", "conflicting")]

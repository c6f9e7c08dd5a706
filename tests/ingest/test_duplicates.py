"""Likely duplicates are told when they are loaded."""

from __future__ import annotations

import random

import pytest

from graphchannel.channel import Channel
from graphchannel.ingest import duplicates, load, unload, withdraw_duplicates
from tests.ingest.partner_files import LINES, POS, Desk

_MONTH = (
    "M06-1,2015-06-10,D1,R1,AP-7,4,400,EUR,INV70",
    "M06-2,2015-06-24,D1,R1,SW-24,5,500,EUR,INV77",
    "M06-3,2015-06-26,D1,R2,SW-24,2,200,EUR,INV78",
)
_WEEK = tuple(row.replace("M06-", "W26-") for row in _MONTH[1:])
_NAMED = (["shipped_on", "quantity"], ["shipped_on", "amount"], ["document", "currency"])
_SAID = "Likely duplicates: 2 new lines (7 units) have seller, buyer, product, day, quantity and "


@pytest.mark.parametrize("together", ["one load", "two loads"])
def test_a_weekly_and_a_monthly_report_of_the_same_sales(desk: Desk, together: str) -> None:
    files = [
        desk.write("shipments-june.csv", LINES, *_MONTH),
        desk.write("shipments-week26.csv", LINES, *_WEEK),
    ]
    if together == "one load":
        (notice,) = load(desk.workspace, files, desk.policy).notices
    else:
        assert load(desk.workspace, files[:1], desk.policy).notices == ()
        (notice,) = load(desk.workspace, files[1:], desk.policy).notices
    assert notice.startswith(_SAID)
    assert load(desk.workspace, files, desk.policy).notices == ()  # nothing is new
    names = desk.query("SELECT table_name FROM duckdb_tables() WHERE temporary")
    assert not {"_line_source", "_new_line", "_other_line", "_twin"} & {name for (name,) in names}


def test_lines_without_a_document_agree_too(desk: Desk) -> None:
    rows = [row.rsplit(",", 1)[0] + "," for row in (*_MONTH, *_WEEK)]
    desk.send("shipments.csv", LINES, *rows[:3])
    (notice,) = desk.send("shipments.csv", LINES, *rows[3:]).notices
    assert notice.startswith(_SAID)


def test_lines_of_one_file_are_not_compared(desk: Desk) -> None:
    assert desk.send("shipments.csv", LINES, *_MONTH, *_WEEK).notices == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [("D1", "D2"), ("R1", "R3"), ("SW-24", "AP-7"), (",5,", ",6,"), ("INV77", "INV7")],
)
def test_lines_that_differ_in_one_of_the_key_are_none(desk: Desk, old: str, new: str) -> None:
    desk.send("shipments.csv", LINES, *_MONTH)
    assert desk.send("shipments.csv", LINES, _WEEK[0].replace(old, new)).notices == ()


@pytest.mark.parametrize(("day", "told"), [("2015-07-25", True), ("2015-07-26", False)])
def test_a_day_that_may_have_been_corrected_is_told(desk: Desk, day: str, *, told: bool) -> None:
    desk.send("shipments.csv", LINES, *_MONTH)
    report = desk.send("shipments.csv", LINES, _WEEK[0].replace("2015-06-24", day))
    said = "Another day: 1 new line has all but the day of lines that other files brought"
    assert [notice.startswith(said) for notice in report.notices] == [True] * told


def test_a_line_that_was_corrected_over_the_turn_of_the_year_is_told(desk: Desk) -> None:
    desk.send("pos.csv", POS, "I7,1,30.12.2015,D1,R1,SW-24,5,100.00,EUR")
    report = desk.send("pos.csv", POS, "I7,1,04.01.2016,D1,R1,SW-24,5,100.00,EUR")
    assert any("has all but the day" in notice for notice in report.notices)


def test_units_with_numbers_of_their_own_are_different(desk: Desk) -> None:
    header = f"{POS},Serial No"
    row = "I1,1,10.06.2015,D1,R1,SW-24,1,100.00,EUR,"
    desk.send("pos.csv", header, f"{row}A", f"{row}B")
    assert not [n for n in desk.send("pos.csv", header, f"{row}C").notices if "duplicates:" in n]
    # One that shares its number, or has none, is likely the same.
    for other in ("I1,2,10.06.2015,D1,R1,SW-24,1,100.00,EUR,B", row.replace("1,1,", "1,3,", 1)):
        (notice, *_) = (
            n for n in desk.send("pos.csv", header, other).notices if "duplicates:" in n
        )
        assert notice.startswith("Likely duplicates: 1 new line (1 unit) has seller")


def test_duplicates_are_taken_out_of_all_totals_and_brought_back(desk: Desk) -> None:
    desk.send("shipments.csv", LINES, *_MONTH)
    desk.send("shipments.csv", LINES, *_WEEK)
    before = desk.content()
    listed = [(line.id, line.stands_for, line.quantity) for line in duplicates(desk.workspace)]
    assert listed == [("W26-2", "M06-2", 5), ("W26-3", "M06-3", 2)]
    gone = withdraw_duplicates(desk.workspace)
    assert gone is not None
    assert (gone.lines, gone.serials) == (2, 0)
    total = "SELECT buyer_id, sum(quantity)::INTEGER FROM shipments GROUP BY ALL ORDER BY 1"
    assert desk.query(total) == [("R1", 9), ("R2", 2)]
    assert (duplicates(desk.workspace), withdraw_duplicates(desk.workspace)) == ((), None)
    assert unload(desk.workspace, gone.load).restored == 2
    assert desk.content() == before


# What would be read as another column, or as more than it is, if it stood in a text as it is.
_DOCUMENTS = ("", "I1", "I2", 'I1""; approval=""A', "I1%22", "I1; 2", "document=", 'I1""')
_APPROVALS = ("", "A", 'A""; document=""I1', "A%22")


@pytest.mark.parametrize("seed", range(2))
def test_values_are_compared_as_a_whole_whatever_is_in_them(desk: Desk, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - as below
    keys = [f"seller_id, buyer_id, product_id{more}" for more in (", document", ", approval", "")]
    asked = ["", *(f'"{key}"' for key in keys[:2] for _ in range(2)), f'"{keys[2]}, currency"']
    lines = [
        f'L{n},2015-06-10,D1,R1,SW-24,1,1,EUR,"{rng.choice(_DOCUMENTS)}",{rng.choice(asked)},'
        f'"{rng.choice(_APPROVALS)}"'
        for n in range(12)
    ]
    assert desk.send("shipments.csv", f"{LINES},same_sale,approval", *lines).rejected == 0
    assert_reported(desk)


@pytest.mark.parametrize("seed", range(4))
def test_they_are_what_the_rule_reports(desk: Desk, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - a test that can be run again
    own = [", ".join(["seller_id, buyer_id, product_id", *named]) for named in _NAMED]
    lines = [
        f"L{n},2015-06-{rng.randrange(1, 3):02},D1,{rng.choice(['R1', 'R2'])},SW-24,"
        f"{rng.randrange(1, 3)},{rng.choice(['', '1', '2.5'])},,{rng.choice(['I1', 'I2', ''])},"
        + rng.choice(["", "", *(f'"{key}{at}"' for key in own for at in ("", "; 2"))])
        for n in range(30)
    ]
    units = [f"L{n},{rng.choice('ABC')}" for n in range(30) if rng.random() < 0.4]
    assert desk.send("shipments.csv", f"{LINES},same_sale", *lines).rejected == 0
    desk.send("serials.csv", "shipment_id,serial", *units)
    assert_reported(desk)


def assert_reported(desk: Desk) -> None:
    """Check that some lines are likely duplicates, and that the rule finds the same ones."""
    found = {line.id for line in duplicates(desk.workspace)}
    assert found
    desk.workspace.close()
    with Channel.open(desk.folder / "channel.duckdb") as channel:
        (rule,) = channel.catalogue.select(["data/likely-duplicate"]).rules
        reported = channel.query(rule.text).to_arrow().column("shipment").to_pylist()
    assert set(reported) == found

"""Reports of a period: what they lack is withdrawn, and what overlaps is said."""

from __future__ import annotations

import random
from datetime import date

import pytest

from graphchannel.errors import InputError
from graphchannel.ingest import Reported, load_rows, parse_period, rejects, unload
from graphchannel.ingest.outcome import withdrawn_rows
from tests.ingest.partner_files import LINES, POS, Desk
from tests.sampling import sampled

_HEAD = f"{LINES},reporter_id"
_JUNE = (
    "J1,2015-06-01,D1,R1,SW-24,3,300,EUR,INV1,D1",
    "J2,2015-06-02,D1,R2,SW-24,4,400,EUR,INV2,D1",
    "J3,2015-06-03,D1,E1,SW-24,5,500,EUR,INV3,D1",
)


def _period(text: str, reporter: str = "D1") -> Reported:
    return Reported(reporter, parse_period(text))


def test_a_corrected_period_withdraws_what_it_lacks(desk: Desk) -> None:
    others = (
        "K1,2015-06-03,D2,R3,SW-24,5,500,EUR,INV3,D2",
        "L1,2015-07-01,D1,R1,SW-24,5,500,EUR,INV9,D1",
        "M1,2015-05-31,D1,R1,SW-24,5,500,EUR,INV8,D1",
    )
    desk.send("shipments.csv", _HEAD, *_JUNE, *others)
    before = desk.content()
    second = (_JUNE[0], _JUNE[1].replace(",4,400", ",6,600"))
    report = desk.send("shipments-june.csv", _HEAD, *second, reported=_period("2015-06"))
    assert (report.unchanged, report.corrected, report.rejected) == (1, 1, 0)
    assert withdrawn_rows(report) == (
        "2015-06 of D1: 1 row of shipments withdrawn, which the report lacks.",
    )
    assert desk.query("SELECT id, quantity FROM shipments ORDER BY id") == [
        ("J1", 3), ("J2", 6), ("K1", 5), ("L1", 5), ("M1", 5),
    ]  # fmt: skip
    gone = "SELECT id, _ended FROM history.shipments ORDER BY id"
    assert desk.query(gone) == [("J2", report.load), ("J3", report.load)]
    assert report.notices == ()
    unload(desk.workspace, report.load)
    assert desk.content() == before


def test_the_reporter_of_a_load_is_that_of_its_lines(desk: Desk) -> None:
    rows = [row.removesuffix(",D1") for row in _JUNE]
    desk.send("shipments.csv", LINES, *rows, reported=_period("2015-06"))
    assert desk.lines("reporter_id") == [("D1",)] * 3
    desk.send("shipments.csv", LINES, rows[0], reported=_period("2015-06"))
    assert desk.lines("id") == [("J1",)]
    desk.send("shipments.csv", LINES, rows[1], reported=Reported("D1"))
    assert desk.lines("id, reporter_id") == [("J1", "D1"), ("J2", "D1")]


def test_what_is_not_of_the_report_is_rejected(desk: Desk) -> None:
    other = "J2,2015-06-02,D1,R2,SW-24,4,400,EUR,INV2,D2"
    rows = (_JUNE[0], other, _JUNE[2].replace("06-03", "07-01"))
    report = desk.send("shipments.csv", _HEAD, *rows, reported=_period("2015-06"))
    assert (report.added, report.rejected) == (1, 2)
    assert [reject.reason for reject in rejects(desk.workspace)] == [
        "reporter_id is 'D2', but D1 reports the load.",
        "shipped_on is 2015-07-01, outside the period 2015-06 that the load replaces.",
    ]


def test_a_rejected_row_of_a_report_withdraws_nothing(desk: Desk) -> None:
    desk.send("shipments.csv", _HEAD, *_JUNE)
    report = desk.send(
        "shipments.csv", _HEAD, _JUNE[0].replace(",3,", ",0,"), reported=_period("2015-06")
    )
    assert (report.rejected, report.withdrawn) == (1, (("shipments", 2), ("serials", 0)))
    assert desk.lines("id, quantity") == [("J1", 3)]


@pytest.mark.parametrize("row", [f"{_JUNE[0]},more", ",2015-06-01,D1,R1,SW-24,3,,,,D1"])
def test_a_report_whose_rows_cannot_be_told_apart_is_refused(desk: Desk, row: str) -> None:
    desk.send("shipments.csv", _HEAD, *_JUNE)
    with pytest.raises(InputError, match=r"record 1 cannot be read .* Nothing is loaded"):
        desk.send("shipments.csv", _HEAD, row, _JUNE[1], reported=_period("2015-06"))
    assert len(desk.lines()) == 3


def test_a_report_restates_its_lines_without_review(desk: Desk) -> None:
    desk.send("shipments.csv", _HEAD, *_JUNE)
    other = _JUNE[0].replace("R1", "R2")
    assert desk.send("shipments.csv", _HEAD, other).rejected == 1
    report = desk.send("shipments.csv", _HEAD, other, reported=_period("2015-06"))
    assert (report.corrected, report.rejected) == (1, 0)
    # What was held for review of this period is settled.
    assert rejects(desk.workspace) == ()


def test_a_report_of_no_sales_withdraws_all(desk: Desk) -> None:
    desk.send("shipments.csv", _HEAD, *_JUNE)
    report = desk.send("shipments.csv", _HEAD, reported=_period("2015-Q2"))
    assert report.withdrawn == (("shipments", 3), ("serials", 0))
    assert desk.lines() == []


def test_units_go_with_their_lines(desk: Desk) -> None:
    header = f"{POS},Serial No"
    rows = [f"I1,1,01.06.2015,D1,R1,SW-24,1,100,EUR,S{n}" for n in (1, 2, 3)]
    desk.send("pos.csv", header, *rows)
    before = desk.content()
    report = desk.send("pos.csv", header, *rows[:2], reported=_period("2015-06"))
    assert dict(report.withdrawn) == {"shipments": 1, "serials": 1}
    assert desk.query("SELECT serial FROM serials ORDER BY 1") == [("S1",), ("S2",)]
    later = desk.send("pos.csv", header, rows[0], reported=_period("2015"))
    unload(desk.workspace, report.load)
    assert desk.query("SELECT serial FROM serials ORDER BY 1") == [("S1",)]
    unload(desk.workspace, later.load)
    assert desk.content() == before


def test_a_load_without_lines_has_no_period(desk: Desk) -> None:
    with pytest.raises(InputError, match="No file of this load has lines that D1 could report"):
        desk.send("products.csv", "id,name", "X,X", reported=_period("2015-06"))


def test_lines_of_days_that_were_reported_already_are_told(desk: Desk) -> None:
    june = desk.send("shipments-june.csv", _HEAD, *_JUNE)
    assert june.notices == ()
    week = ("W1,2015-06-02,D1,R2,AP-7,4,,,INV7,D1", "W2,2015-06-09,D1,R2,AP-7,4,,,INV8,D1")
    report = desk.send("shipments-week.csv", _HEAD, *week)
    days = "from 2015-06-02 to 2015-06-02"
    earlier = f"load {june.load} reported already (2015-06-01 to 2015-06-03)."
    assert report.notices == (f"D1: 1 new line {days}, days that {earlier}",)
    # The same file again brings nothing new; another reporter's days, and others, are no overlap.
    assert desk.send("shipments-week.csv", _HEAD, *week).notices == ()
    assert desk.send("shipments.csv", _HEAD, "X,2015-06-02,D2,R3,AP-7,9,,,,D2").notices == ()
    assert desk.send("shipments.csv", _HEAD, "Y,2015-07-02,D1,R1,AP-7,9,,,,D1").notices == ()


def test_a_period_within_a_longer_one_is_told_and_replaces_its_days(desk: Desk) -> None:
    desk.send("shipments.csv", _HEAD, *_JUNE, reported=_period("2015-06"))
    row = "W1,2015-06-02,D1,R2,AP-7,4,,,INV7,D1"
    report = desk.send("shipments.csv", _HEAD, row, reported=_period("2015-06-02..2015-06-08"))
    assert dict(report.withdrawn)["shipments"] == 2
    assert "reported already (2015-06-01 to 2015-06-30)" in report.notices[0]


def test_lines_that_name_no_reporter_are_left_and_told(desk: Desk) -> None:
    desk.send("shipments.csv", LINES, _JUNE[2].removesuffix(",D1"))
    report = desk.send("shipments.csv", _HEAD, _JUNE[0], reported=_period("2015-06"))
    (notice,) = report.notices
    assert notice.startswith("1 line names D1 as seller or buyer in 2015-06, but no reporter; ")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2015-06", "2015-06-01", "2015-06-30"),
        ("2016-02", "2016-02-01", "2016-02-29"),
        ("2015", "2015-01-01", "2015-12-31"),
        ("2015-Q4", "2015-10-01", "2015-12-31"),
        ("2015-W01", "2014-12-29", "2015-01-04"),
        ("9999-W51", "9999-12-20", "9999-12-26"),
        ("2015-06-22", "2015-06-22", "2015-06-22"),
        (" 2015-06-22..2015-06-28 ", "2015-06-22", "2015-06-28"),
        ("2015-06-22/2015-07-01", "2015-06-22", "2015-07-01"),
    ],
)
def test_periods_are_read(text: str, first: str, last: str) -> None:
    period = parse_period(text)
    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)


@pytest.mark.parametrize(
    "text", ["June", "2015-13", "2015-W54", "15-06", "2015-06-31", "", "0000", "9999-W52"]
)
def test_other_periods_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="is no period; expected one such as 2015-06"):
        parse_period(text)


def test_a_period_does_not_end_before_it_begins() -> None:
    with pytest.raises(InputError, match="ends before it begins"):
        parse_period("2015-06-02..2015-06-01")


@pytest.mark.parametrize("seed", sampled(range(8), 2))
def test_any_sequence_of_reports_is_as_a_dictionary_says(desk: Desk, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - a test that can be run again
    model: dict[str, tuple[str, date, int]] = {}
    for _ in range(7):
        reporter = rng.choice(["D1", "D2"])
        month = rng.choice([5, 6])
        whole = rng.random() < 0.6
        rows = {
            f"{reporter}-{n}": (reporter, date(2015, month, 1 + n % 9), rng.randrange(1, 4))
            for n in rng.sample(range(month * 10, month * 10 + 9), rng.randrange(6))
        }
        before = dict(model)
        if whole:
            model = {
                key: row
                for key, row in model.items()
                if row[0] != reporter or row[1].month != month
            }
        model |= rows
        lines = [
            {
                "id": key,
                "shipped_on": day.isoformat(),
                "seller_id": who,
                "buyer_id": "R1",
                "product_id": "SW-24",
                "quantity": quantity,
                "reporter_id": who,
            }
            for key, (who, day, quantity) in rows.items()
        ]
        terms = _period(f"2015-{month:02}", reporter) if whole else None
        report = load_rows(desk.workspace, {"shipments": lines}, desk.policy, reported=terms)
        gone = sum(key not in model for key in before)
        assert dict(report.withdrawn).get("shipments", 0) == gone
        assert report.added == sum(key not in before for key in rows)
        assert _stored(desk) == model
    unload(desk.workspace, report.load)
    assert _stored(desk) == before


def _stored(desk: Desk) -> dict[str, tuple[str, date, int]]:
    found = desk.query("SELECT id, reporter_id, shipped_on, quantity FROM shipments")
    return {key: (who, day, quantity) for key, who, day, quantity in found}

"""What makes a line the movement that it is: returns, units, years; corrections that are none."""

from __future__ import annotations

import pytest

from graphchannel.errors import InputError
from graphchannel.ingest import accept_rejects, load, loads, rejects, unload
from tests.ingest.partner_files import LINES, POS, Desk
from tests.sampling import sampled, several, thinned

_SALE = "I103,1,10.06.2015,D1,R1,SW-24,10,100.00,EUR"
_RETURN = "I103,1,05.07.2015,D1,R1,SW-24,-2,100.00,EUR"


@pytest.mark.parametrize("parts", [[(_SALE, _RETURN)], [(_SALE,), (_RETURN,)]])
def test_a_return_on_the_original_line_is_a_second_movement(
    desk: Desk, parts: list[tuple[str, ...]]
) -> None:
    for part in parts:
        report = desk.send("pos.csv", POS, *part)
        assert (report.added, report.rejected) == (len(part), 0)
    assert desk.lines() == [("D1", "R1", 10, 1000.0), ("R1", "D1", 2, 200.0)]
    assert desk.send("both.csv", POS, _SALE, _RETURN).unchanged == 2


@pytest.mark.parametrize("row", [_SALE, _RETURN])
@pytest.mark.parametrize("times", sampled([2, 1, 4], 1))
def test_a_row_that_stands_several_times_is_one_movement_and_that_is_said(
    desk: Desk, row: str, times: int
) -> None:
    for added in (1, 0):  # and again when the file comes again
        report = desk.send("pos.csv", POS, *[row] * times)
        assert (report.added, report.unchanged, report.rejected) == (added, times - added, 0)
        said = [told for told in report.files[0].warnings if "repeat" in told]
        rows = {1: [], 2: ["1 row repeats"], 4: ["3 rows repeat"]}[times]
        assert said == [
            f"pos.csv: {each} an earlier row of this load exactly; each such row counts once."
            for each in rows
        ]
    assert desk.lines("quantity") == [(10,) if row == _SALE else (2,)]


def test_rows_of_another_file_of_the_load_are_repeated_too(desk: Desk) -> None:
    files = [desk.write(f"{name}.csv", POS, _SALE, _RETURN) for name in ("pos-a", "pos-b")]
    first, second = load(desk.workspace, files, desk.policy).files
    assert [told for told in first.warnings if "repeat" in told] == []
    (said,) = (told for told in second.warnings if "repeat" in told)
    assert said.startswith("pos-b.csv: 2 rows repeat an earlier row of this load exactly")


def test_one_line_may_be_credited_more_than_once(desk: Desk) -> None:
    later = _RETURN.replace("05.07.2015,D1,R1,SW-24,-2", "20.07.2015,D1,R1,SW-24,-3")
    assert desk.send("pos.csv", POS, _SALE, _RETURN, later).added == 3
    assert desk.lines("quantity") == [(10,), (2,), (3,)]


def test_invoice_numbers_that_restart_do_not_overwrite_last_year(desk: Desk) -> None:
    for year, buyer in ((2015, "R1"), (2016, "R2"), (2017, "R1")):
        row = f"7,1,05.01.{year},D1,{buyer},SW-24,{year - 2010},100.00,EUR"
        assert desk.send("pos.csv", POS, row).added == 1
    assert desk.lines("buyer_id, quantity") == [("R1", 5), ("R2", 6), ("R1", 7)]


def test_the_date_of_the_invoice_says_its_year(desk: Desk) -> None:
    header = f"{POS},Invoice Date"
    desk.send("pos.csv", header, "7,1,30.12.2015,D1,R1,SW-24,5,1,EUR,30.12.2015")
    report = desk.send("pos.csv", header, "7,1,04.01.2016,D1,R1,SW-24,5,1,EUR,30.12.2015")
    assert (report.added, report.corrected) == (0, 1)


@pytest.mark.parametrize("each", ["1", "3"])
def test_rows_with_a_serial_number_each_are_so_many_units(desk: Desk, each: str) -> None:
    rows = [f"I102,1,15.06.2015,D1,R1,SW-24,{each},100.00,EUR,SN000{n}" for n in (1, 2, 3)]
    report = desk.send("pos.csv", f"{POS},Serial Number", *rows)
    assert (report.rejected, [file.records for file in report.files]) == (0, [3, 3])
    assert desk.query("SELECT sum(quantity), sum(amount)::INTEGER FROM shipments") == [(3, 300)]
    units = "SELECT serial FROM serials JOIN shipments ON id = shipment_id ORDER BY 1"
    assert desk.query(units) == [("SN0001",), ("SN0002",), ("SN0003",)]
    again = desk.send("pos.csv", f"{POS},Serial Number", *rows)
    assert (again.added, again.unchanged) == (0, 6)


def test_a_quantity_that_the_serial_numbers_do_not_explain_is_rejected(desk: Desk) -> None:
    rows = [f"I102,1,15.06.2015,D1,R1,SW-24,5,100.00,EUR,SN{n}" for n in (1, 2)]
    desk.send("pos.csv", f"{POS},Serial Number", *rows)
    assert desk.lines() == []
    assert "5 on each of 2 rows with a serial number" in rejects(desk.workspace)[0].reason


def test_a_unit_that_comes_back_is_a_movement_of_its_own(desk: Desk) -> None:
    header = f"{POS},Serial No"
    desk.send(
        "pos.csv",
        header,
        "I1,1,01.06.2015,D1,R1,SW-24,1,100,EUR,A",
        "I1,1,01.06.2015,D1,R1,SW-24,1,100,EUR,B",
        "I1,1,09.06.2015,D1,R1,SW-24,-1,100,EUR,B",
    )
    assert desk.lines("seller_id, quantity") == [("D1", 1), ("D1", 1), ("R1", 1)]
    assert desk.query("SELECT serial, count(*) FROM serials GROUP BY ALL ORDER BY 1") == [
        ("A", 1), ("B", 2),
    ]  # fmt: skip


_LINE = "L1,2015-06-10,D1,R1,SW-24,5,500,EUR,INV1"


@pytest.mark.parametrize(
    ("row", "column"),
    several(
        thinned(
            [
                (_LINE.replace("R1", "R2"), "buyer_id"),
                (_LINE.replace("SW-24", "AP-7"), "product_id"),
                (_LINE.replace("D1,R1", "R1,D1"), "seller_id"),
                (_LINE.replace("2015-06-10", "2016-06-09"), "shipped_on"),
                (_LINE.replace("2015-06-10", "2015-05-09"), "shipped_on"),
            ],
            2,
        )
    ),
)
def test_a_correction_that_makes_another_event_is_held(desk: Desk, row: str, column: str) -> None:
    desk.send("shipments.csv", LINES, _LINE)
    before = desk.content()
    report = desk.send("shipments.csv", LINES, row)
    assert (report.corrected, report.rejected) == (0, 1)
    assert desk.content() == before
    (held,) = rejects(desk.workspace)
    assert (held.code, held.column) == ("review", column)
    assert f"It would change {column} from " in held.reason
    # A person says that it is right.
    accepted = accept_rejects(desk.workspace, desk.policy, [held.id])
    assert (accepted.corrected, accepted.rejected) == (1, 0)
    assert desk.problems() == []
    assert desk.send("shipments.csv", LINES, row).unchanged == 1
    unload(desk.workspace, accepted.load)
    assert desk.content() == before or desk.query("SELECT count(*) FROM history.shipments")


@pytest.mark.parametrize(
    "row",
    [
        _LINE.replace(",5,500", ",6,600"),
        _LINE.replace("2015-06-10", "2015-07-11"),
        _LINE.replace("INV1", "INV2"),
    ],
)
def test_other_corrections_are_applied(desk: Desk, row: str) -> None:
    desk.send("shipments.csv", LINES, _LINE)
    assert desk.send("shipments.csv", LINES, row).corrected == 1


def test_rows_that_repeat_a_correction_are_held_with_it(desk: Desk) -> None:
    desk.send("shipments.csv", LINES, _LINE)
    other = _LINE.replace("R1", "R2")
    assert desk.send("shipments.csv", LINES, other, other).rejected == 2


def test_what_is_accepted_can_be_taken_back(desk: Desk) -> None:
    desk.send("shipments.csv", LINES, _LINE)
    before = desk.content()
    desk.send("shipments.csv", LINES, _LINE.replace("R1", "R2"))
    (held,) = rejects(desk.workspace)
    load = accept_rejects(desk.workspace, desk.policy, [held.id]).load
    assert unload(desk.workspace, load).reopened == 1
    assert desk.content() == before
    assert [reject.id for reject in rejects(desk.workspace)] == [held.id]
    assert [entry.kind for entry in loads(desk.workspace)][-2:] == ["unloaded", "unload"]


def test_only_held_corrections_can_be_accepted(desk: Desk) -> None:
    desk.send("shipments.csv", LINES, _LINE.replace(",5,", ",0,"))
    (reject,) = rejects(desk.workspace)
    with pytest.raises(InputError, match=r"no correction that waits for review \(its code is 'out"):
        accept_rejects(desk.workspace, desk.policy, [reject.id])
    with pytest.raises(InputError, match="Reject 99 is not open"):
        accept_rejects(desk.workspace, desk.policy, [99])

"""Files that bring some columns alone."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from graphchannel.errors import InputError
from graphchannel.ingest import export_rejects, load, rejects
from graphchannel.ingest.outcome import changed_columns
from tests.ingest.partner_files import POS, Desk
from tests.sampling import sampled

if TYPE_CHECKING:
    from graphchannel.ingest import LoadReport

_FULL = (
    "id,name,country,city_id,joined_on,terminated_on",
    "P7,Austritt,DE,BER,2010-01-01,2015-01-31",
)
_ROW = "SELECT name, country, terminated_on::VARCHAR FROM partners WHERE id = 'P7'"


def _changed(report: LoadReport) -> list[tuple[str, int, int]]:
    return [(c.column, c.changed, c.emptied) for c in report.changes]


def test_a_column_that_a_file_lacks_stays_as_it_is(desk: Desk) -> None:
    desk.send("partners.csv", *_FULL)
    assert desk.send("partners.csv", "id,name", "P7,Austritt").unchanged == 1
    report = desk.send("partners.csv", "id,name", "P7,Austritt GmbH")
    assert report.corrected == 1
    assert desk.query(_ROW) == [("Austritt GmbH", "DE", "2015-01-31")]
    assert changed_columns(report) == ("partners: corrected in name (1 row).",)


def test_a_file_may_lack_what_is_required_where_all_of_it_is_known(desk: Desk) -> None:
    desk.send("partners.csv", *_FULL)
    report = desk.send("partners.csv", "id,terminated_on", "P7,2015-03-31", "P8,2015-03-31")
    assert (report.corrected, report.rejected) == (1, 1)
    assert desk.query(_ROW) == [("Austritt", "DE", "2015-03-31")]
    (reject,) = rejects(desk.workspace)
    assert (reject.record, reject.column) == (2, "name")
    assert reject.reason.startswith("name is empty; expected ")


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (("id,terminated_on", "P8,2015-03-31"), "column 'name' is missing, which table partners"),
        (("id,nam,country", "P7,Austritt,FR"), "Did you mean 'nam'"),
        (("id", "P7"), "column 'name' is missing"),
        (("terminated_on,country", "2015-03-31,DE"), "column 'id' is missing"),
    ],
)
def test_what_lacks_a_required_column_and_tells_nothing_is_refused(
    desk: Desk, lines: tuple[str, ...], says: str
) -> None:
    desk.send("partners.csv", *_FULL)
    with pytest.raises(InputError, match=says):
        desk.send("partners.csv", *lines)
    assert desk.query(_ROW) == [("Austritt", "DE", "2015-01-31")]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_files_of_one_load_complete_each_other(desk: Desk, order: tuple[int, int]) -> None:
    files = [
        desk.write("partners-1.csv", *_FULL),
        desk.write("partners-2.csv", "id,name", "P7,Austritt"),
    ]
    report = load(desk.workspace, [files[n] for n in order], desk.policy)
    assert (report.added, report.unchanged, report.rejected) == (1, 1, 0)
    assert desk.query(_ROW) == [("Austritt", "DE", "2015-01-31")]


def test_an_empty_cell_empties_and_the_load_says_so(desk: Desk) -> None:
    desk.send("partners.csv", *_FULL)
    report = desk.send("partners.csv", "id,name,country,terminated_on", "P7,Austritt,,")
    assert _changed(report) == [("country", 1, 1), ("terminated_on", 1, 1)]
    assert changed_columns(report) == (
        "partners: corrected in country (1 row, emptied), terminated_on (1 row, emptied).",
    )
    assert desk.query(_ROW) == [("Austritt", None, "9999-12-31")]


def test_an_empty_cell_may_keep_what_is_stored(desk: Desk) -> None:
    desk.send("partners.csv", *_FULL)
    row = "P7,,FR,"
    answer = ("id,name,country,terminated_on", row)
    report = desk.send("partners.csv", *answer, keep_empty=["partners"])
    assert _changed(report) == [("country", 1, 0)]
    assert desk.query(_ROW) == [("Austritt", "FR", "2015-01-31")]


def test_a_report_without_prices_leaves_amounts(desk: Desk) -> None:
    desk.send("pos.csv", POS, "I1,1,10.06.2015,D1,R1,SW-24,10,100.00,EUR")
    short = "Invoice,Line,Ship Date,Sold By,Sold To,SKU,Quantity"
    row = "I1,1,10.06.2015,D1,R1,SW-24,10"
    assert desk.send("pos.csv", short, row).unchanged == 1
    # A price column that is there, but empty, does empty.
    report = desk.send("pos.csv", f"{short},Price", f"{row},")
    assert _changed(report) == [("amount", 1, 1)]
    assert desk.query("SELECT amount, currency FROM shipments") == [(None, "EUR")]


def test_a_row_that_waits_brings_no_more_than_it_brought(desk: Desk) -> None:
    desk.send("partners.csv", *_FULL)
    desk.send("partners.csv", "id,name,city_id", "P7,Austritt,ROM")
    report = desk.load({"cities": [{"id": "ROM", "name": "Rome", "region_id": "FR"}]})
    assert report.retried == 1
    assert desk.query(f"{_ROW} AND city_id = 'ROM'") == [("Austritt", "DE", "2015-01-31")]


def test_a_corrected_export_brings_no_more_than_the_row_brought(desk: Desk) -> None:
    desk.send("partners.csv", *_FULL)
    desk.send("partners.csv", "id,name,country", "P7,Austritt,Germany")
    export = desk.folder / "rejects.csv"
    export_rejects(desk.workspace, export)
    export.write_text(export.read_text("utf-8").replace("Germany", "FR"), "utf-8")
    assert load(desk.workspace, [export], desk.policy).corrected == 1
    assert desk.query(_ROW) == [("Austritt", "FR", "2015-01-31")]
    # What a person fills in besides counts.
    desk.send("partners.csv", "id,name,country", "P7,Austritt,Germany")
    export_rejects(desk.workspace, export)
    text = export.read_text("utf-8").replace("Germany,", "DE,MUC")
    export.write_text(text, "utf-8")
    assert load(desk.workspace, [export], desk.policy).corrected == 1
    assert desk.query(f"{_ROW} AND city_id = 'MUC'") == [("Austritt", "DE", "2015-01-31")]


@pytest.mark.parametrize("seed", sampled(range(6), 2))
def test_any_sequence_of_files_is_as_a_dictionary_says(desk: Desk, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - a test that can be run again
    columns = ("country", "city_id", "group_id", "employees", "terminated_on")
    values = {
        "country": ["DE", "FR", ""],
        "city_id": ["MUC", "PAR", ""],
        "group_id": ["g", "h", ""],
        "employees": ["5", "6", ""],
        "terminated_on": ["2015-01-31", "2016-01-31", ""],
    }
    model: dict[str, dict[str, str]] = {}
    for _ in range(8):
        kept = rng.random() < 0.3
        files = []
        said: dict[str, dict[str, str]] = {}
        for number in range(rng.choice([1, 1, 2])):
            brought = rng.sample(columns, rng.randrange(len(columns) + 1))
            ids = [f"Q{n}" for n in range(6) if f"Q{n}" not in said and rng.random() < 0.6]
            for id_ in ids:
                said[id_] = {name: rng.choice(values[name]) for name in brought}
            rows = [",".join([id_, id_, *(said[id_][name] for name in brought)]) for id_ in ids]
            files.append(
                desk.write(f"partners-{number}.csv", ",".join(["id", "name", *brought]), *rows)
            )
        load(desk.workspace, files, desk.policy, keep_empty=["partners"] if kept else [])
        for id_, row in said.items():
            stored = model.setdefault(id_, dict.fromkeys(columns, ""))
            stored.update({k: v for k, v in row.items() if v or not kept})
    found = desk.query(
        """SELECT id, country, city_id, group_id, employees::VARCHAR,
                nullif(terminated_on::VARCHAR, '9999-12-31')
            FROM partners WHERE id LIKE 'Q%' ORDER BY id"""
    )
    assert [tuple(value or "" for value in row) for row in found] == [
        (id_, *row.values()) for id_, row in sorted(model.items())
    ]
    assert desk.problems() == []

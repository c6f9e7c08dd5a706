"""Documents of a few rows: what they say to people and to programs."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime

from graphchannel.ingest.load_history import LoadEntry
from graphchannel.ingest.outcome import FileReport, LoadReport
from graphchannel.report.documents.checks import (
    checked_files_document,
    policy_problems_document,
)
from graphchannel.report.documents.loads import load_document, loads_document
from graphchannel.report.documents.settings import settings_document
from tests.report.conftest import printed


def test_checked_files_are_lines_for_people_and_rows_for_programs() -> None:
    checked = [
        ("rules/supply/good.cypher", None),
        ("rules/supply/bad.cypher", "supply/bad.cypher:3: no RETURN."),
        ("rules/supply/odd.cypher", "It is empty."),
    ]
    document = checked_files_document(checked)
    assert printed(document) == (
        "rules/supply/good.cypher: ok\n"
        "rules/supply/bad.cypher:3: no RETURN.\n"
        "rules/supply/odd.cypher: It is empty.\n"
    )
    rows = json.loads(printed(document, "json"))
    assert [row["ok"] for row in rows] == [True, False, False]
    assert rows[0]["problem"] is None


def test_a_policy_without_problems_says_so() -> None:
    assert printed(policy_problems_document([], "own", 3)) == (
        "The policy 'own' and its 3 rules hold no contradictions and no dead entries.\n"
    )
    wrong = policy_problems_document(["Role x is never reached."], "own", 3)
    assert printed(wrong) == "Role x is never reached.\n"
    assert printed(wrong, "csv") == "problem\nRole x is never reached.\n"


def test_a_load_sums_its_files_for_people_only() -> None:
    files = (
        FileReport("a.csv", "partners", 1200, added=1199, rejected=1),
        FileReport("b.csv", "vendors", 2, unchanged=2),
    )
    document = load_document(LoadReport(7, files, retried=1, withdrawn=(("branches", 2),)))
    text = printed(document)
    sums = next(line for line in text.splitlines() if line.startswith("load 7"))
    assert [cell.strip() for cell in sums.split("│")] == [
        "load 7", "", "1,202", "1,199", "0", "2", "1",
    ]  # fmt: skip
    assert "branches: 2 rows withdrawn, which the snapshot lacks.\n" in text
    assert text.endswith("1 row accepted now, which an earlier load rejected.\n")
    loaded = json.loads(printed(document, "json"))
    assert [file["records"] for file in loaded["files"]] == [1200, 2]
    assert loaded["withdrawn"] == [{"table": "branches", "rows": 2}]


def test_loads_have_their_moments_as_text() -> None:
    moment = datetime(2015, 6, 30, 12, 0)  # noqa: DTZ001 - UTC, as the workspace keeps it
    document = loads_document([LoadEntry(1, "load", None, moment, 3, 1, 0, 0, 0, 0, 0)])
    assert json.loads(printed(document, "json"))[0]["finished_at"] == "2015-06-30 12:00:00"
    (row,) = csv.DictReader(io.StringIO(printed(document, "csv")))
    assert (row["load"], row["about"], row["finished_at"]) == ("1", "", "2015-06-30 12:00:00")


def test_settings_that_a_spreadsheet_would_run_are_texts() -> None:
    document = settings_document([("pack", "=cmd()", "built in")])
    assert printed(document, "csv").splitlines()[1] == "pack,'=cmd(),built in"

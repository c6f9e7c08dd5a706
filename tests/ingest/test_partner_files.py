"""Partner files as they come, loaded beside a small network: the right values, or one sentence.

Each was made after a public report of a fault; names and numbers are invented.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from graphchannel.errors import GraphChannelError
from graphchannel.ingest import Reading, ReadOptions, load, rejects
from tests.ingest.partner_files import FILES

if TYPE_CHECKING:
    from graphchannel.policy import Policy
    from graphchannel.workspace import Workspace

# (file, options, records, added, what is wrong with which records)
_LOADED: list[tuple[str, dict[str, Any], int, int, dict[int, str]]] = [
    ("11-xlsx-zero-date/partners.xlsx", {}, 3, 2, {3: "without the time of day"}),
    (
        "09-xlsx-error-cells-and-floats/shipments.xlsx",
        {},
        6,
        3,
        {1: "shows #DIV/0!", 2: "shows #N/A", 6: "a formula without a stored result"},
    ),
    ("14-xlsx-sheet-per-month/shipments.xlsx", {}, 2, 2, {}),
    ("14-xlsx-sheet-per-month/shipments.xlsx", {"table": "shipments"}, 2, 2, {}),
    ("14-xlsx-sheet-per-month/pos-q1.xlsx", {"sheet": "Mar 2015"}, 1, 1, {}),
    ("16-xlsx-chart-sheet/shipments.xlsx", {}, 1, 1, {}),
    ("17-xlsx-title-rows/pos-june.xlsx", {}, 2, 1, {2: "empty"}),
    ("17-xlsx-title-rows/pos-june.xlsx", {"footer": "total"}, 1, 1, {}),
    ("17-xlsx-title-rows/pos-two-headers.xlsx", {}, 1, 1, {}),
    ("19-sep-line/shipments.csv", {}, 1, 1, {}),
    ("20-utf16-unicode-text/shipments.csv", {}, 1, 1, {}),
    ("20-utf16-unicode-text/shipments-nobom.csv", {}, 1, 1, {}),
    ("20-utf16-unicode-text/shipments.txt", {}, 1, 1, {}),
    (
        "21-cp1252/partners.csv",
        {},
        4,
        1,
        {1: "(--encoding cp1252)", 2: "Byte 0x92", 4: "(--encoding cp1252)"},
    ),
    ("21-cp1252/partners.csv", {"encoding": "cp1252"}, 4, 4, {}),
    ("23-xls-ods-xlsb/shipments.xls", {}, 1, 1, {}),
    ("23-xls-ods-xlsb/shipments.ods", {}, 1, 1, {}),
    ("29-jsonl-from-pandas/partners-nested.jsonl", {}, 1, 0, {1: "holds an object or a list"}),
    ("29-jsonl-from-pandas/partners-surrogate.jsonl", {}, 2, 1, {1: "half a character"}),
    ("30-short-rows/shipments.csv", {}, 3, 3, {}),
    ("30-short-rows/partners.csv", {}, 2, 2, {}),
    ("32-ctrl-z-and-nul/shipments.csv", {}, 1, 1, {}),
    ("33-quotes/partners.csv", {}, 6, 4, {4: "must be doubled", 5: "is not closed"}),
    ("36-folder-noise", {}, 1, 1, {}),
    ("58-xlsx-unrelated-sheet-blocks/master.xlsx", {}, 1, 1, {}),
    ("58-xlsx-unrelated-sheet-blocks/master.xlsx", {"table": "partners"}, 1, 1, {}),
    ("60-bom-quoted-crlf/partners.csv", {}, 2, 2, {}),
    *(
        (f"50-odd-xlsx-writers/{path.name}", {}, 2, 2, {})
        for path in sorted((FILES / "50-odd-xlsx-writers").glob("partners-*"))
    ),
]


@pytest.mark.parametrize("case", _LOADED, ids=lambda case: f"{case[0]} {case[1] or ''}")
def test_loaded(
    partner_workspace: Workspace,
    policy: Policy,
    case: tuple[str, dict[str, Any], int, int, dict[int, str]],
) -> None:
    name, options, records, added, wrong = case
    reading = Reading(**{key: options[key] for key in options if key != "table"})
    asked = ReadOptions(table=options.get("table"), reading=reading)
    report = load(partner_workspace, [FILES / name], policy, asked)
    assert sum(file.records for file in report.files) == records
    assert (report.added, report.rejected) == (added, len(wrong))
    found = {reject.record: reject.reason for reject in rejects(partner_workspace)}
    assert found.keys() == wrong.keys()
    for record, reason in wrong.items():
        assert reason in found[record]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("14-xlsx-sheet-per-month/pos-q1.xlsx", "sheet 'Feb 2015' looks like sheet 'Jan 2015'"),
        ("24-password-xlsx/shipments.xlsx", "the workbook has a password; save it without one"),
        ("28-json-array/shipments.json", "expected one object a line"),
        ("28-json-array/shipments.jsonl", "A list is turned into such lines by"),
        ("29-jsonl-from-pandas/shipments-emptykey.jsonl", "A key of the object is empty"),
        ("34-empty/shipments.csv", "the file is empty; its first line should name the columns"),
        ("34-empty/shipments-blank.csv", "the file is empty"),
        ("35-folder-one-empty", "shipments-b.csv: the file is empty"),
        ("48-edi-and-epcis/events.json", "an EPCIS document"),
        ("48-edi-and-epcis/events.jsonl", "an EPCIS document"),
        ("48-edi-and-epcis/pos-867.csv", "an EDI message (X12 867)"),
        ("48-edi-and-epcis/pos-867.edi", "an EDI message (X12 867)"),
        ("48-edi-and-epcis/slsrpt.csv", "an EDI message (EDIFACT SLSRPT)"),
        ("48-edi-and-epcis/shipments-fixed.csv", "seem to have fixed widths"),
    ],
)
def test_refused(partner_workspace: Workspace, policy: Policy, name: str, message: str) -> None:
    with pytest.raises(GraphChannelError) as raised:
        load(partner_workspace, [FILES / name], policy)
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)


def test_values_are_those_that_people_see(partner_workspace: Workspace, policy: Policy) -> None:
    load(partner_workspace, [FILES / "09-xlsx-error-cells-and-floats" / "shipments.xlsx"], policy)
    amounts = partner_workspace.connection.execute(
        "SELECT id, amount::DOUBLE FROM shipments ORDER BY id"
    ).fetchall()
    assert amounts == [("L3", 3.3), ("L4", 0.3), ("L5", 19.99)]


def test_what_stands_beside_is_named(partner_workspace: Workspace, policy: Policy) -> None:
    report = load(partner_workspace, [FILES / "36-folder-noise"], policy)
    said = " ".join(report.passed_over)
    for name in ("2015-07/", "README.txt", "shipments-aug.zip", "shipments-july.txt", "notes.csv"):
        assert name in said
    for name in (".DS_Store", "Thumbs.db", "~$"):
        assert name not in said

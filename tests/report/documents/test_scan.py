"""A scan in JSON, CSV and tables."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from graphchannel.report.documents.scan import scan_document
from graphchannel.report.documents.subjects import by_subject_document
from graphchannel.report.formats import _console
from tests.report.conftest import printed

if TYPE_CHECKING:
    from graphchannel.findings import ScanResult


def as_json(result: ScanResult, **options: Any) -> dict[str, Any]:
    text = printed(scan_document(result, top=1, **options), "json")
    document: dict[str, Any] = json.loads(text)
    return document


def test_json_has_the_whole_scan(result: ScanResult) -> None:
    document = as_json(result)
    first = ["format", "as_of", "filters", "engine", "policy", "at_stake"]
    assert list(document) == [*first, "rules", "waivers", "findings"]
    assert (document["as_of"], document["engine"]) == ("2015-02-01", "duckdb")
    assert document["policy"]["name"] == "huawei-enterprise"
    assert document["policy"]["parameters"]["sell_off_days"] == 0
    rules = {rule.pop("id"): rule for rule in document["rules"]}
    assert all(len(rule.pop("hash")) == 64 for rule in rules.values())
    assert rules["supply/any"] == {
        "severity": "high",
        "status": "evaluated",
        "reason": None,
        "findings": 2,
        "waived": 1,
        "lines": 3,
        "population": 3,
        "at_stake": {"EUR": "12.50", "USD": "0.0001"},
    }
    assert rules["coverage/none"]["status"] == "not_evaluated"
    assert rules["supply/wrong"]["status"] == "error"
    finding = document["findings"][0]
    assert len(finding.pop("fingerprint")) == 64
    assert len(finding.pop("line_set")) == 16
    assert finding == {
        "rule": "supply/any",
        "severity": "high",
        "section": "3.1",
        "subject": {"kind": "party", "id": "A", "name": "Alpha"},
        "object": {"kind": "party", "id": "B", "name": "Beta"},
        "lines": 2,
        "quantity": 3,
        "amount": {"EUR": "12.50", "USD": "0.0001"},
        "first": "2015-01-10",
        "last": "2015-02-01",
        "message": "Alpha supplied Beta: 2 lines, 3 units",
        "status": "open",
        "first_seen": "2015-02-01",
        "open_since": "2015-02-01",
        "days_open": 0,
        "evidence": [
            {
                "shipment": "L1",
                "shipped_on": "2015-01-10",
                "product_id": "X",
                "quantity": 2,
                "amount": "12.50",
                "currency": "EUR",
                "document": None,
            },
            {
                "shipment": "L2",
                "shipped_on": "2015-02-01",
                "product_id": "X",
                "quantity": 1,
                "amount": "0.0001",
                "currency": "USD",
                "document": None,
            },
        ],
    }


def test_json_shows_waived_findings_on_demand(result: ScanResult) -> None:
    assert [f["status"] for f in as_json(result)["findings"]] == ["open", "open"]
    shown = as_json(result, show_waived=True)["findings"]
    assert [f["status"] for f in shown] == ["open", "waived", "open"]
    assert shown[1]["waived_lines"] == 1


def test_the_same_scan_gives_the_same_bytes(result: ScanResult) -> None:
    texts = set()
    for _ in range(2):
        document = scan_document(result, top=10)
        texts.add("".join(printed(document, name) for name in ("json", "csv", "table")))
    assert len(texts) == 1


def test_csv_has_one_row_a_finding_and_no_formula(result: ScanResult) -> None:
    text = printed(scan_document(result, top=1), "csv")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["rule"] for row in rows] == ["supply/any", "data/formula"]
    assert list(rows[0])[:4] == ["severity", "rule", "section", "subject_kind"]
    assert list(rows[0])[-4:] == ["first_seen", "open_since", "days_open", "fingerprint"]
    assert rows[0]["amount"] == "12.50 EUR; 0.0001 USD"
    assert rows[1]["subject_name"] == rows[1]["message"] == '\'=HYPERLINK("x")'
    assert rows[1]["object_id"] == ""


def test_the_table_opens_with_the_rules(result: ScanResult) -> None:
    text = printed(scan_document(result, top=1))
    totals = "\n2 findings, 1 waived. 2 of 4 rules evaluated.\n"  # few judges look like compliance
    assert text.index("coverage/none") < text.index(totals)
    assert "Not evaluated: coverage/none: Nothing is loaded into cities.\n" in text
    assert "\nError: supply/wrong: supply/wrong.cypher:" in text
    assert text.index("2 findings") < text.index("Alpha supplied Beta")
    assert "HYPERLINK" not in text  # only the worst is asked for
    assert "The waiver of supply/any for C (until 2015-12-31) matched nothing." in text
    assert "\x1b" not in text
    first = next(result.findings()).fingerprint[:12]
    assert f"graphchannel show {first}" in text


@pytest.mark.parametrize("width", [80, 120, 200])
def test_the_table_fits_the_screen(
    result: ScanResult, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setattr(_console, "_WIDTH", width)
    options = "--workspace " + "long/" * 40 + "channel.duckdb"
    text = printed(scan_document(result, top=3, show_options=options))
    lines = text.splitlines()
    assert all(len(line) <= width for line in lines if "┃" in line or "│" in line)
    assert any(line.startswith("high ") and line.rstrip().endswith("1 waived") for line in lines)
    assert any(line.endswith("not evaluated") and "coverage/none" in line for line in lines)
    assert any(line.endswith(options) for line in lines)  # on one line, to be copied
    assert ("Population ┃" in text) == (width > 80)


@pytest.mark.parametrize("width", [80, 120])
def test_days_are_named_once_or_from_and_to(
    result: ScanResult, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setattr(_console, "_WIDTH", width)
    text = " ".join(printed(scan_document(result, top=3, show_waived=True)).split())
    assert ("2015-01-10 to 2015-02-01" in text) == (width == 120)
    assert "2015-01-10 to" in text
    assert text.count("2015-01-10") == 2
    assert text.count("2015-02-01") == 2  # the as-of day above is one of them


def test_findings_by_subject(result: ScanResult) -> None:
    text = printed(by_subject_document(result, top=10))
    headline, _, _, *rows = text.splitlines()
    assert "As of 2015-02-01" in headline
    assert [row.split()[0] for row in rows[:2]] == ["Alpha", '=HYPERLINK("x")']
    assert "1 high" in rows[0]
    assert "Not evaluated: coverage/none: Nothing is loaded into cities.\n" in text
    totals = "\n2 findings, 1 waived. 2 of 4 rules evaluated.\nAt stake: 12 EUR; 0.0001 USD"
    assert text.endswith(f"{totals} on 2 lines.\n")
    assert "more; --top" not in text
    few = printed(by_subject_document(result, top=1))
    assert "\n1 more; --top shows more of them.\n" in few


def test_the_table_says_what_is_at_stake(result: ScanResult) -> None:
    text = printed(scan_document(result, top=3))
    assert "\nAt stake: 12 EUR; 0.0001 USD on 2 lines.\n" in text
    assert "more than one finding" not in text  # no line is in two
    at_stake = as_json(result)["at_stake"]
    assert at_stake == {
        "lines": 2,
        "without_amount": 0,
        "amount": {"EUR": "12.50", "USD": "0.0001"},
        "in_several_findings": 0,
        "added_up": {"EUR": "12.50", "USD": "0.0001"},
    }

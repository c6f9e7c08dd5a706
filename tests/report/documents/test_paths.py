"""A finding over paths in every report."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from graphchannel.channel.results import FindingInFull
from graphchannel.report.documents.finding import finding_document
from graphchannel.report.documents.scan import scan_document
from graphchannel.report.formats import _console
from tests.findings.network import Rules, network, scanned
from tests.findings.test_paths import LINES, TWO_HOPS
from tests.report.conftest import printed

if TYPE_CHECKING:
    from graphchannel.findings import ScanResult

SCHEMA = Path(__file__).parents[1] / "data" / "sarif-2.1.0-rtm.5.json"
ROUTE = "Alpha → Beta ✗→ Gamma"


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> ScanResult:
    rules = Rules(tmp_path_factory.mktemp("paths") / "rules")
    rules.add("paths/two", TWO_HOPS, message="{subject} passed {quantity} units on")
    return scanned(rules, network(*LINES))


def test_json(result: ScanResult) -> None:
    (finding,) = json.loads(printed(scan_document(result, top=1), "json"))["findings"]
    assert [party["name"] for party in finding["path"]] == ["Alpha", "Beta", "Gamma"]
    assert finding["shipments"] == ["L1", "L2"]
    assert (finding["broken_at"], finding["certainty"], finding["bounds"]) == (2, "possible", [])
    gamma = {"kind": "party", "id": "C", "name": "Gamma"}
    assert finding["arrived"] == {"at": gamma, "least": 0, "most": 3, "of": 12}
    assert finding["paths"] == 2


def test_csv_and_table_show_the_route(result: ScanResult, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_console, "_WIDTH", 160)
    document = scan_document(result, top=5)
    (row,) = csv.DictReader(io.StringIO(printed(document, "csv")))
    assert row["path"] == ROUTE
    text = printed(document)
    assert ROUTE in text
    assert "\\n" not in text


def test_sarif_has_a_code_flow(result: ScanResult) -> None:
    document: dict[str, Any] = json.loads(printed(scan_document(result, top=1), "sarif"))
    schema = jsonschema.Draft4Validator(json.loads(SCHEMA.read_text("utf-8")))
    assert [error.message for error in schema.iter_errors(document)] == []
    (flow,) = document["runs"][0]["results"][0]["codeFlows"]
    assert flow["message"]["text"] == ROUTE
    locations = flow["threadFlows"][0]["locations"]
    assert [location["location"]["message"]["text"] for location in locations] == [
        "Alpha has the goods",
        "to Beta on 2015-01-10, line L1",
        "to Gamma on 2015-01-12, line L2, against the policy",
    ]


def test_show_tells_the_hops(result: ScanResult) -> None:
    (finding,) = result.findings()
    evidence = result.all_evidence(finding)
    text = printed(finding_document(FindingInFull(finding, result.rules[0], tuple(evidence), ())))
    assert f"Path         {ROUTE}\n             one of 2\n" in text
    hops = [line for line in text.splitlines() if line.lstrip().startswith(("1 │", "2 │"))]
    assert [("yes" in hop, "Gamma" in hop) for hop in hops] == [(False, False), (True, True)]
    assert [row["shipment"] for row in evidence] == ["L1", "L3", "L2"]

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from graphchannel.report.documents.scan import scan_document
from tests.report.conftest import printed

if TYPE_CHECKING:
    from graphchannel.findings import ScanResult

SCHEMA = Path(__file__).parents[1] / "data" / "sarif-2.1.0-rtm.5.json"


@pytest.fixture(scope="module")
def document(result: ScanResult) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(printed(scan_document(result, top=1), "sarif"))
    return loaded


def validator() -> Any:
    return jsonschema.Draft4Validator(json.loads(SCHEMA.read_text("utf-8")))


def test_it_validates_against_the_schema(document: dict[str, Any]) -> None:
    assert [error.message for error in validator().iter_errors(document)] == []


def test_the_schema_would_object(document: dict[str, Any]) -> None:
    broken = json.loads(json.dumps(document))
    broken["runs"][0]["results"][0]["level"] = "fatal"
    assert not validator().is_valid(broken)


def test_results_carry_fingerprint_and_suppression(
    document: dict[str, Any], result: ScanResult
) -> None:
    results = document["runs"][0]["results"]
    fingerprints = [entry["fingerprints"]["graphchannel/v1"] for entry in results]
    assert fingerprints == [finding.fingerprint for finding in result.findings()]
    assert ["suppressions" in entry for entry in results] == [False, True, False]
    assert [entry["level"] for entry in results] == ["error", "error", "note"]


def test_rules_carry_help_and_their_place(document: dict[str, Any]) -> None:
    run = document["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    for entry in run["results"]:
        assert rules[entry["ruleIndex"]]["id"] == entry["ruleId"]
    assert all("The reason of" in rule["help"]["text"] for rule in rules)
    assert not run["invocations"][0]["executionSuccessful"]

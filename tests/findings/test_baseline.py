"""A baseline tells new findings from known ones, and names those that are gone."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from graphchannel.errors import InputError
from graphchannel.findings.baseline import read_baseline
from graphchannel.report.documents.scan import scan_document
from graphchannel.report.formats import json as json_format
from tests.findings.network import line, network, scanned

if TYPE_CHECKING:
    from pathlib import Path

    from graphchannel.findings import ScanResult
    from tests.findings.network import Rules


def saved(result: ScanResult, path: Path) -> Path:
    stream = io.StringIO()
    json_format.write(scan_document(result, top=1, show_waived=True), stream)
    path.write_text(stream.getvalue(), "utf-8")
    return path


def test_findings_are_new_known_or_gone(rules: Rules, tmp_path: Path) -> None:
    rules.add("supply/any")
    before = scanned(rules, network(line("L1", "A", "B"), line("L2", "A", "C")))
    baseline = read_baseline(saved(before, tmp_path / "before.json"))
    now = scanned(
        rules,
        network(line("L1", "A", "B"), line("L3", "A", "B"), line("L4", "B", "C")),
        baseline=baseline,
    )
    assert [(f.message, f.known) for f in now.findings()] == [
        ("Alpha supplied Beta: 2 lines, 2 units", True),
        ("Beta supplied Gamma: 1 line, 1 unit", False),
    ]
    assert [gone.message for gone in now.gone] == ["Alpha supplied Gamma: 1 line, 1 unit"]
    assert [f.message for f in now.worst(10)] == ["Beta supplied Gamma: 1 line, 1 unit"]
    assert [f.message for f in now.worst(10, waived=True)] == [f.message for f in now.worst(10)]
    assert now.fails("low")


def test_known_findings_do_not_fail(rules: Rules, tmp_path: Path) -> None:
    rules.add("supply/any")
    tables = network(line("L1", "A", "B"))
    baseline = read_baseline(saved(scanned(rules, tables), tmp_path / "before.json"))
    assert not scanned(rules, tables, baseline=baseline).fails("info")


def test_a_waived_finding_is_not_known(rules: Rules, tmp_path: Path) -> None:
    rules.add("supply/any")
    tables = network(line("L1", "A", "B"))
    entry = {
        "rule": "supply/any",
        "subject_id": "A",
        "valid_from": "2015-01-01",
        "valid_to": "2015-01-31",
        "approver": "x",
        "reason": "y",
    }
    before = scanned(rules, tables | {"waivers": [entry]})
    baseline = read_baseline(saved(before, tmp_path / "before.json"))
    assert scanned(rules, tables, baseline=baseline).fails("low")


def test_what_was_not_evaluated_is_not_gone(rules: Rules, tmp_path: Path) -> None:
    rules.add("supply/any")
    tables = network(line("L1", "A", "B"))
    baseline = read_baseline(saved(scanned(rules, tables), tmp_path / "before.json"))
    rules.add("supply/any", "MATCH (p:Wrong) RETURN p.id AS subject", message="{subject}")
    assert scanned(rules, tables, baseline=baseline).gone == ()


@pytest.mark.parametrize("text", ["", "[]", '{"findings": [{}]}', "{"])
def test_a_file_that_is_no_report_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "odd.json"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match=r"odd\.json"):
        read_baseline(path)

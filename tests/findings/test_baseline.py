"""A baseline tells new findings from known ones, and names those that are gone."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from graphchannel.errors import InputError
from graphchannel.findings import ScanOptions, scan
from graphchannel.findings.baseline import read_baseline
from graphchannel.findings.change import FindingTally, changed
from graphchannel.ingest.derive import refresh_policy
from graphchannel.policy import Tolerance
from graphchannel.report.documents.scan import scan_document
from graphchannel.report.formats import json as json_format
from tests.findings.network import EVERY_LINE, POLICY, line, loaded, network, scanned
from tests.sampling import several, thinned

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
    assert [(f.known, f.fails) for f in before.findings()] == [(None, True)] * 2
    assert [(f.message, f.known) for f in now.findings()] == [
        ("Alpha supplied Beta: 2 lines, 2 units", True),
        ("Beta supplied Gamma: 1 line, 1 unit", False),
    ]
    assert [f.change for f in now.findings()] == ["grown", "new"]
    assert now.changes() == {"grown": 1, "new": 1}
    assert [gone.message for gone in now.gone] == ["Alpha supplied Gamma: 1 line, 1 unit"]
    assert [f.message for f in now.worst(10)] == [
        "Alpha supplied Beta: 2 lines, 2 units",
        "Beta supplied Gamma: 1 line, 1 unit",
    ]
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
    now = scanned(rules, tables, baseline=baseline)
    assert now.fails("low")
    assert [f.change for f in now.findings()] == ["reopened"]


SOLD = {"amount": "100.00", "currency": "EUR"}
FIRST = line("L1", "A", "B", quantity=5, **SOLD)
SECOND = line("L2", "A", "B", quantity=5, **SOLD)


@pytest.mark.parametrize(
    ("lines", "change", "fails"),
    several(
        thinned(
            [
                ([FIRST, SECOND], "unchanged", False),
                ([FIRST, SECOND, line("L3", "A", "B", quantity=1)], "grown", True),
                ([FIRST], "shrunk", False),
                ([FIRST, SECOND | {"quantity": 6}], "grown", True),
                ([FIRST, SECOND | {"quantity": 4}], "shrunk", False),
                ([FIRST, SECOND | {"amount": "100.01"}], "grown", True),
                ([FIRST, SECOND | {"amount": "99.99"}], "shrunk", False),
                ([FIRST, SECOND | {"currency": "USD"}], "grown", True),
                (
                    [FIRST, SECOND | {"id": "L9"}],
                    "grown",
                    True,
                ),  # another line in place of a known one
                ([FIRST, SECOND | {"document": "I1"}], "unchanged", False),
                ([SECOND | {"shipped_on": "2015-02-01"}], "grown", True),  # fewer, but one is new
                ([FIRST | {"amount": "250.00"}], "grown", True),  # fewer lines of more value
            ],
            2,
        )
    ),
)
def test_a_known_finding_that_grows_fails(
    rules: Rules, tmp_path: Path, lines: list[dict[str, object]], change: str, *, fails: bool
) -> None:
    rules.add("supply/any")
    before = scanned(rules, network(FIRST, SECOND))
    baseline = read_baseline(saved(before, tmp_path / "before.json"))
    now = scanned(rules, network(*lines), baseline=baseline)
    assert [f.change for f in now.findings()] == [change]
    assert now.fails("high") is fails
    assert [f.fails for f in now.findings()] == [fails]


@pytest.mark.parametrize(
    ("tolerance", "now", "change"),
    [
        (Tolerance(), FindingTally(2, 10), "unchanged"),
        (Tolerance(), FindingTally(3, 10), "grown"),
        (Tolerance(lines=1), FindingTally(3, 10), "unchanged"),
        (Tolerance(lines=1), FindingTally(4, 10), "grown"),
        (Tolerance(lines=1), FindingTally(3, 11), "grown"),
        (Tolerance(lines=1, value=0.1), FindingTally(3, 11), "unchanged"),
        (Tolerance(lines=1, value=0.1), FindingTally(3, 12), "grown"),
        (Tolerance(value=0.1), FindingTally(2, 10, {"EUR": Decimal(1)}), "grown"),
    ],
)
def test_the_policy_says_how_much_more_is_no_growth(
    tolerance: Tolerance, now: FindingTally, change: str
) -> None:
    assert changed(FindingTally(2, 10), now, tolerance) == change


@pytest.mark.parametrize(
    ("then", "now", "said"),
    [
        ({}, {"since": date(2015, 1, 1)}, "without --since"),
        ({"product": "X"}, {}, "with --product X"),
        (
            {"until": date(2015, 1, 31)},
            {"until": date(2015, 1, 30)},
            "with --until 2015-01-31",
        ),
    ],
)
def test_a_baseline_of_other_lines_is_refused(
    rules: Rules, tmp_path: Path, then: dict[str, object], now: dict[str, object], said: str
) -> None:
    rules.add("supply/any")
    tables = network(line("L1", "A", "B"))
    baseline = read_baseline(saved(scanned(rules, tables, **then), tmp_path / "before.json"))
    with pytest.raises(InputError, match=f"{said}, so that its figures are those of other lines"):
        scanned(rules, tables, baseline=baseline, **now)


def test_edits_of_policy_and_rules_are_told(rules: Rules, tmp_path: Path) -> None:
    rules.add("supply/any")
    rules.add("supply/other", severity="low")
    tables = network(line("L1", "A", "B"))
    baseline = read_baseline(saved(scanned(rules, tables), tmp_path / "before.json"))
    assert scanned(rules, tables, baseline=baseline).edits == ()
    rules.add("supply/any", EVERY_LINE + "\n// edited")
    rules.add("supply/other", severity="high")
    rules.add("supply/added")
    sell_off = replace(POLICY.parameters["sell_off_days"], value=90)
    policy = replace(
        POLICY,
        parameters={**POLICY.parameters, "sell_off_days": sell_off},
        roles=POLICY.roles[::-1],
        tolerance=Tolerance(lines=3),
    )
    workspace = loaded(tables)
    refresh_policy(workspace, policy)
    now = scan(workspace, rules.catalogue(policy), ScanOptions(baseline=baseline))
    assert now.edits == (
        "sell_off_days: 0 → 90",
        "tolerance.lines: 0 → 3",
        "roles, rulings or obligations were edited",
        "rule supply/added was added",
        "rule supply/any was edited",
        "rule supply/other was edited",
        "rule supply/other: severity low → high",
    )


def test_a_baseline_of_another_version_is_refused(rules: Rules, tmp_path: Path) -> None:
    rules.add("supply/any")
    path = saved(scanned(rules, network(line("L1", "A", "B"))), tmp_path / "before.json")
    document = json.loads(path.read_text("utf-8"))
    for version in (None, 1, 3, "2"):
        path.write_text(json.dumps(document | {"format": version}), "utf-8")
        with pytest.raises(InputError, match="of another version of graphchannel"):
            read_baseline(path)


def test_rules_that_are_switched_are_told_and_those_left_out_are_not(
    rules: Rules, tmp_path: Path
) -> None:
    for name in ("any", "off", "on"):
        rules.add(f"supply/{name}")
    workspace = loaded(network(line("L1", "A", "B")))

    def judged(off: str, *globs: str, **options: Any) -> ScanResult:
        catalogue = rules.catalogue().select(globs)
        switched = (replace(rule, enabled=rule.id != off) for rule in catalogue.rules)
        catalogue = replace(catalogue, rules=tuple(switched))
        return scan(workspace, catalogue, ScanOptions(rules=globs, **options))

    before = judged("supply/on")
    baseline = read_baseline(saved(before, tmp_path / "before.json"))
    assert judged("supply/off", baseline=baseline).edits == (
        "rule supply/off was switched off",
        "rule supply/on was switched on",
    )
    assert judged("supply/off", "supply/o*", baseline=baseline).edits == (
        "rule supply/off was switched off",
        "rule supply/on was switched on",
    )
    assert judged("supply/on", "supply/o*", baseline=baseline).edits == ()


def test_what_was_not_evaluated_is_not_gone(rules: Rules, tmp_path: Path) -> None:
    rules.add("supply/any")
    tables = network(line("L1", "A", "B"))
    baseline = read_baseline(saved(scanned(rules, tables), tmp_path / "before.json"))
    rules.add("supply/any", "MATCH (p:Wrong) RETURN p.id AS subject", message="{subject}")
    assert scanned(rules, tables, baseline=baseline).gone == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "cannot be read"),
        ("{", "cannot be read"),
        ("[" * 100_000, "nested too deep"),
        ("[]", "this is no baseline"),
        ('{"findings": [{}]}', "this is no baseline"),
    ],
)
def test_a_file_that_is_no_report_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "odd.json"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match=rf"odd\.json: .*{said}"):
        read_baseline(path)


def test_a_baseline_that_is_not_there_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.json: the baseline is no file"):
        read_baseline(tmp_path / "none.json")


ODD = (
    ("fingerprint", 7),
    ("message", "\ud800"),
    ("lines", "several"),
    ("amount", {"EUR": "much"}),
    ("last", "2015-02-30"),
    ("line_set", "no hash"),
    ("line_set", 12),
)


def test_a_finding_that_cannot_be_read_is_refused(rules: Rules, tmp_path: Path) -> None:
    rules.add("supply/any")
    path = saved(scanned(rules, network(line("L1", "A", "B"))), tmp_path / "before.json")
    text = path.read_text("utf-8")
    for column, value in ODD:
        document = json.loads(text)
        document["findings"][0][column] = value
        path.write_text(json.dumps(document), "utf-8")
        with pytest.raises(InputError, match="this is no baseline"):
            read_baseline(path)


def test_a_narrowed_scan_calls_nothing_gone(rules: Rules, tmp_path: Path) -> None:
    rules.add("supply/any")
    lines = (line("L1", "A", "B"), line("L2", "B", "C"))
    baseline = read_baseline(saved(scanned(rules, network(*lines)), tmp_path / "before.json"))
    now = scanned(rules, network(lines[1]), baseline=baseline, partner="B")
    assert [(f.subject.id, f.change) for f in now.findings()] == [("B", "unchanged")]
    assert now.gone == ()
    assert [gone.rule for gone in scanned(rules, network(lines[1]), baseline=baseline).gone] == [
        "supply/any"
    ]

"""Waivers cover whole lines; what they do not do is said."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from graphchannel.findings import scan
from graphchannel.findings.waivers import sentence
from tests.findings.network import line, loaded, network, scanned

if TYPE_CHECKING:
    from graphchannel.findings import ScanResult
    from tests.findings.network import Rules


def waiver(**values: Any) -> dict[str, Any]:
    return {
        "rule": "supply/any",
        "subject_id": "A",
        "valid_from": "2015-01-01",
        "valid_to": "2015-01-31",
        "approver": "Head of channel",
        "reason": "agreed",
    } | values


def waived(rules: Rules, *waivers: dict[str, Any], **options: Any) -> ScanResult:
    rules.add("supply/any")
    lines = (
        line("L1", "A", "B", shipped_on="2015-01-31"),
        line("L2", "A", "B", product_id="Y"),
        line("L3", "A", "C"),
    )
    return scanned(rules, network(*lines, waivers=list(waivers)), **options)


def test_a_finding_whose_lines_are_all_waived_is_waived(rules: Rules) -> None:
    result = waived(rules, waiver(object_id="B"))
    statuses = [(f.object.id if f.object else "", f.status) for f in result.findings()]
    assert statuses == [("B", "waived"), ("C", "open")]
    assert [f.object.id for f in result.findings(waived=False) if f.object] == ["C"]
    assert (result.count(), result.count(waived=True)) == (1, 1)
    assert (result.outcomes[0].findings, result.outcomes[0].waived) == (2, 1)
    assert [(w.status, w.lines) for w in result.waivers] == [("used", 2)]


def test_a_waived_finding_does_not_fail_a_scan(rules: Rules) -> None:
    assert not waived(rules, waiver()).fails("low")


@pytest.mark.parametrize(
    ("values", "lines"),
    [({"product_id": "Y"}, 1), ({"valid_to": "2015-01-30"}, 1), ({"valid_from": "2015-01-31"}, 1)],
)
def test_a_finding_with_a_line_left_is_open(
    rules: Rules, values: dict[str, Any], lines: int
) -> None:
    first = next(waived(rules, waiver(object_id="B", **values)).findings())
    assert (first.status, first.lines, first.waived_lines) == ("open", 2, lines)


def test_both_ends_of_a_waiver_count(rules: Rules) -> None:
    exact = waiver(object_id="B", valid_from="2015-01-10", valid_to="2015-01-31")
    assert next(waived(rules, exact).findings()).status == "waived"


def test_two_waivers_on_one_line_count_it_once(rules: Rules) -> None:
    result = waived(rules, waiver(object_id="B", product_id="Y"), waiver(product_id="Y"))
    first = next(result.findings())
    assert (first.status, first.waived_lines) == ("open", 1)


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"subject_id": "B"}, "unmatched"),
        ({"valid_to": "2015-01-20"}, "expired"),
        ({"rule": "supply/none"}, "unknown_rule"),
    ],
)
def test_a_waiver_that_does_not_hold_is_reported(
    rules: Rules, values: dict[str, Any], status: str
) -> None:
    result = waived(rules, waiver(**values))
    assert [w.status for w in result.waivers] == [status]


def test_a_waiver_of_nodes_holds_on_the_as_of_day(rules: Rules) -> None:
    rules.add("data/partner", "MATCH (p:Partner) RETURN p.id AS subject", message="{subject}")
    tables = network(line("L1", "A", "B"), waivers=[waiver(rule="data/partner")])
    inside = scanned(rules, tables, as_of=date(2015, 1, 31))
    assert [f.status for f in inside.findings()] == ["waived", "open", "open"]
    after = scanned(rules, tables, as_of=date(2015, 2, 1))
    assert after.count(waived=True) == 0
    product = [waiver(rule="data/partner", product_id="X")]
    of_product = scanned(rules, tables | {"waivers": product}, as_of=date(2015, 1, 31))
    assert of_product.count(waived=True) == 0


def test_a_narrowed_scan_says_nothing_of_waivers(rules: Rules) -> None:
    assert waived(rules, waiver(subject_id="B"), partner="C").waivers == ()


def test_a_waiver_is_told_by_all_that_it_names(rules: Rules) -> None:
    ended = {"valid_to": "2015-01-20"}
    result = waived(
        rules, waiver(**ended), waiver(object_id="B", **ended), waiver(product_id="Y", **ended)
    )
    assert [sentence(outcome) for outcome in result.waivers] == [
        f"The waiver of supply/any for {whom} (until 2015-01-20) has expired."
        for whom in ("A", "A, product Y", "A with B")
    ]


def test_an_expired_waiver_of_a_rule_that_did_not_run_is_no_news(rules: Rules) -> None:
    rules.add("supply/any")
    tables = network(line("L1", "A", "B"), waivers=[waiver(rule="supply/b", valid_to="2015-01-20")])
    known = frozenset({"supply/any", "supply/b"})
    result = scan(loaded(tables), rules.catalogue(), known_rules=known)
    assert [(w.status, sentence(w)) for w in result.waivers] == [("not_evaluated", None)]

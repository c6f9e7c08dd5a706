"""What is at stake counts each line once, whoever finds it; shadows name each other."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from graphchannel.findings import scan
from graphchannel.findings.stakes import Stake
from graphchannel.ingest import load_rows
from graphchannel.report.documents.scan_sentences import reject_sentences, rejected_facts
from graphchannel.workspace import create_workspace
from tests.findings.network import POLICY, line, network, scanned

if TYPE_CHECKING:
    from graphchannel.findings import ScanResult
    from tests.findings.network import Rules

FROM_A = """MATCH (a:Party)-[s:SUPPLIED]->(b:Party) WHERE a.id = 'A'
RETURN a.id AS subject, b.id AS object, s.id AS shipment"""
TWO_HOPS = """MATCH (a:Party)-[s:SUPPLIED]->(b:Party)-[t:SUPPLIED]->(c:Party)
RETURN [a.id, b.id, c.id] AS path, [s.id, t.id] AS shipments, 9 AS units"""
LINES = (
    line("L1", "A", "B", quantity=5, amount="50", currency="EUR"),
    line("L2", "A", "B", quantity=1, amount="7.5", currency="USD", shipped_on="2015-01-11"),
    line("L3", "B", "C", quantity=3, amount="33", currency="EUR", shipped_on="2015-01-12"),
    line("L4", "B", "C", quantity=2, shipped_on="2015-01-12"),
)


def judged(rules: Rules, *waivers: dict[str, Any]) -> ScanResult:
    rules.add("supply/any", severity="critical")
    rules.add("supply/from-a", FROM_A, severity="low")
    return scanned(rules, network(*LINES, waivers=[_waiver() | waiver for waiver in waivers]))


def test_a_line_of_two_findings_counts_once_and_currencies_apart(rules: Rules) -> None:
    found = judged(rules).stakes()
    assert found.total == Stake(4, 1, {"EUR": Decimal(83), "USD": Decimal("7.5")})
    assert found.added_up == {"EUR": Decimal(133), "USD": Decimal(15)}
    assert found.repeated == 2
    of_a = Stake(2, 0, {"EUR": Decimal(50), "USD": Decimal("7.5")})
    assert found.by_rule["supply/from-a"] == of_a
    assert {rank: stake.lines for rank, stake in found.by_rank.items()} == {0: 4, 3: 2}
    subjects = {key[1]: stake.lines for key, stake in found.by_subject.items()}
    assert subjects == {"A": 2, "B": 2}


def test_goods_of_a_path_are_at_stake_where_they_arrived(rules: Rules) -> None:
    rules.add("paths/two", TWO_HOPS)
    found = scanned(rules, network(*LINES)).stakes()
    assert found.total == Stake(2, 1, {"EUR": Decimal(33)})


def test_nothing_is_at_stake_where_nothing_is_found(rules: Rules) -> None:
    rules.add("supply/none", FROM_A.replace("'A'", "'nobody'"))
    found = scanned(rules, network(*LINES)).stakes()
    assert (found.total, found.by_rule, found.repeated) == (Stake(), {}, 0)


def test_a_waived_line_is_not_at_stake_under_its_rule_but_is_under_another(rules: Rules) -> None:
    found = judged(rules, {"rule": "supply/any", "product_id": "X"}).stakes()
    assert {rule: stake.lines for rule, stake in found.by_rule.items()} == {
        "supply/any": 2,
        "supply/from-a": 2,
    }
    assert (found.total.lines, found.repeated) == (4, 0)


def test_one_waiver_names_the_rules_of_both_findings(rules: Rules) -> None:
    result = judged(rules, {"rule": " supply/any  supply/from-a ", "subject_id": "A"})
    assert [f.status for f in result.findings()] == ["waived", "open", "waived"]
    assert [(w.status, w.lines) for w in result.waivers] == [("used", 2)]
    assert result.stakes().total.lines == 2


def test_a_waiver_with_one_unknown_rule_says_so(rules: Rules) -> None:
    result = judged(rules, {"rule": "supply/any supply/gone"})
    assert [waiver.status for waiver in result.waivers] == ["unknown_rule"]


def test_findings_of_the_same_lines_are_twins(rules: Rules) -> None:
    of_a, of_b, shadow = judged(rules).findings()
    assert [(twin.rule, twin.fingerprint, twin.same) for twin in shadow.twins] == [
        ("supply/any", of_a.fingerprint, True)
    ]
    assert [twin.fingerprint for twin in of_a.twins] == [shadow.fingerprint]
    assert of_b.twins == ()


def test_a_finding_within_a_larger_one_is_its_shadow(rules: Rules) -> None:
    everywhere = FROM_A.replace(" WHERE a.id = 'A'", "").replace("b.id AS object", "'V' AS object")
    rules.add("supply/all", everywhere)
    rules.add("supply/one", FROM_A.replace("a.id = 'A'", "s.id = 'L3'"))
    larger, smaller = (f for f in scanned(rules, network(*LINES)).findings() if f.subject.id == "B")
    assert [(twin.fingerprint, twin.same) for twin in smaller.twins] == [
        (larger.fingerprint, False)
    ]
    assert larger.twins == ()


def test_units_beyond_the_lines_of_a_finding_are_counted(rules: Rules) -> None:
    rules.add("paths/two", TWO_HOPS, message="{units} units")
    (finding,) = scanned(rules, network(*LINES)).findings()
    assert (finding.message, finding.quantity) == ("9 units", 5)
    assert finding.unlisted == 4


def _waiver() -> dict[str, Any]:
    return {
        "subject_id": "A",
        "valid_from": "2015-01-01",
        "valid_to": "2015-12-31",
        "approver": "Head of channel",
        "reason": "agreed",
    }


def test_lines_that_were_rejected_are_told_with_what_they_amount_to(rules: Rules) -> None:
    rules.add("supply/none", FROM_A.replace("'A'", "'nobody'"))
    lost = (
        line("L8", "A", "broker", amount="1200.5", currency="EUR"),
        line("L9", "broker", "A", quantity=2),
        line("L2", "A", "broker", amount="7.5", currency="USD"),  # L2 itself is judged
    )
    with create_workspace(None, POLICY) as workspace:
        load_rows(workspace, network(*LINES), POLICY)
        assert list(reject_sentences(scan(workspace, rules.catalogue()).rejected())) == []
        assert load_rows(workspace, {"shipments": [*lost]}, POLICY).rejected == 3
        found = scan(workspace, rules.catalogue()).rejected()
    assert found == Stake(2, 1, {"EUR": Decimal("1200.5")})
    (told,) = reject_sentences(found)
    assert told.startswith("Not judged: 2 lines of 1,200 EUR were rejected when loaded, 1 of them ")
    assert rejected_facts(found) == {
        "rejected": {"lines": 2, "without_amount": 1, "amount": {"EUR": "1200.50"}}
    }

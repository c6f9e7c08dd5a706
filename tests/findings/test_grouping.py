"""Offending lines become findings: grouped, summed, ordered, with evidence."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from graphchannel.errors import RuleError
from graphchannel.findings import fingerprint
from tests.findings.network import EVERY_LINE, line, network, scanned

if TYPE_CHECKING:
    from tests.findings.network import Rules


def test_lines_are_grouped_by_subject_and_object(rules: Rules) -> None:
    rules.add("supply/any")
    lines = (
        line("L1", "A", "B", quantity=2, shipped_on="2015-01-12"),
        line("L2", "A", "B", quantity=3, shipped_on="2015-01-11"),
        line("L3", "A", "C", quantity=5),
    )
    first, second = scanned(rules, network(*lines)).findings()
    assert (first.subject.id, first.subject.kind, first.subject.name) == ("A", "party", "Alpha")
    assert first.object is not None
    assert first.object.name == "Beta"
    assert (first.lines, first.quantity) == (2, 5)
    assert (first.first, first.last) == (date(2015, 1, 11), date(2015, 1, 12))
    assert first.message == "Alpha supplied Beta: 2 lines, 5 units"
    assert [row["shipment"] for row in first.evidence] == ["L2", "L1"]
    assert (first.status, first.section, first.severity) == ("open", "3.1", "high")
    assert (second.lines, second.message) == (1, "Alpha supplied Gamma: 1 line, 5 units")


def test_amounts_are_exact_and_by_currency(rules: Rules) -> None:
    rules.add("supply/any")
    tenths = [line(f"L{n}", "A", "B", amount="0.1", currency="EUR") for n in range(30)]
    others = (
        line("M1", "A", "B", amount="1.0001", currency="USD"),
        line("M2", "A", "B", currency="USD"),
        line("M3", "A", "B", amount="7"),
        line("M4", "A", "B", currency="GBP"),
    )
    (finding,) = scanned(rules, network(*tenths, *others)).findings()
    assert dict(finding.amount) == {"—": 7, "EUR": Decimal("3.0000"), "USD": Decimal("1.0001")}
    assert finding.lines == 34


@pytest.mark.parametrize("evidence", ["", ", c.valid_from AS since"])
def test_a_line_found_along_two_ways_is_one_line(rules: Rules, evidence: str) -> None:
    rules.add(
        "supply/certified",
        "MATCH (a:Party)-[s:SUPPLIED]->(b:Party), (a)-[c:CERTIFIED_BY]->(:Party) "
        f"RETURN a.id AS subject, b.id AS object, s.id AS shipment{evidence}",
    )
    certificates = [
        {"holder_id": "A", "role": role, "issuer_id": "V", "valid_from": "2014-01-01"}
        for role in ("gold", "silver")
    ]
    tables = network(line("L1", "A", "B", quantity=4), certifications=certificates)
    (finding,) = scanned(rules, tables).findings()
    assert (finding.lines, finding.quantity) == (1, 4)
    assert finding.evidence[0].get("since") == ("2014-01-01" if evidence else None)


def test_a_hub_of_parallel_lines_loses_none(rules: Rules) -> None:
    rules.add("supply/any")
    tables = network(*(line(f"L{n:05}", "A", "B") for n in range(4_100)))
    (finding,) = scanned(rules, tables).findings()
    assert (finding.lines, finding.quantity) == (4_100, 4_100)
    assert [row["shipment"] for row in finding.evidence] == [f"L{n:05}" for n in range(5)]


def test_identity_columns_tell_findings_apart(rules: Rules) -> None:
    rules.add(
        "supply/by-product",
        "MATCH (a:Party)-[s:SUPPLIED]->(b:Party) RETURN a.id AS subject, b.id AS object, "
        "s.id AS shipment, s.product_id AS product",
        message="{subject} sold {product} to {object}",
        more="// @identity product\n",
    )
    lines = (line("L1", "A", "B"), line("L2", "A", "B", product_id="Y"))
    found = list(scanned(rules, network(*lines)).findings())
    assert [finding.message for finding in found] == [
        "Alpha sold X to Beta",
        "Alpha sold Y to Beta",
    ]
    assert [dict(finding.identity) for finding in found] == [{"product": "X"}, {"product": "Y"}]
    assert found[0].fingerprint == fingerprint("supply/by-product", "A", "B", "X")


def test_a_rule_over_nodes_has_no_lines(rules: Rules) -> None:
    rules.add(
        "obligations/partner",
        "MATCH (p:Partner) WHERE p.country = 'DE' RETURN p.id AS subject, p.country AS country",
        message="{subject} is in {country}",
    )
    found = list(scanned(rules, network(line("L1", "A", "B"))).findings())
    assert [finding.message for finding in found] == ["Alpha is in DE", "Gamma is in DE"]
    first = found[0]
    assert (first.object, first.lines, first.quantity, dict(first.amount)) == (None, 0, 0, {})
    assert (first.first, first.last) == (None, None)
    assert first.evidence == ({"country": "DE"},)
    assert first.fingerprint == fingerprint("obligations/partner", "A", None)


def test_rows_with_one_identity_are_one_finding_with_their_evidence(rules: Rules) -> None:
    rules.add(
        "certification/any",
        "MATCH (p:Party)-[c:CERTIFIED_BY]->(:Party) RETURN p.id AS subject, c.role AS role",
        message="{subject} holds certificates",
    )
    certificates = [
        {"holder_id": "A", "role": role, "issuer_id": "V", "valid_from": "2014-01-01"}
        for role in ("vap", "gold", "silver")
    ]
    tables = network(line("L1", "A", "B"), certifications=certificates)
    (finding,) = scanned(rules, tables).findings()
    assert [row["role"] for row in finding.evidence] == ["gold", "silver", "vap"]


def test_findings_stand_by_severity_rule_subject_object(rules: Rules) -> None:
    rules.add("supply/later")
    rules.add("supply/earlier")
    rules.add("data/worst", severity="critical")
    lines = (line("L1", "C", "A"), line("L2", "A", "C"), line("L3", "A", "B"))
    found = scanned(rules, network(*lines)).findings()
    places = [(f.rule, f.subject.id, f.object.id if f.object else "") for f in found]
    pairs = [("A", "B"), ("A", "C"), ("C", "A")]
    wanted = ["data/worst", "supply/earlier", "supply/later"]
    assert places == [(rule, *pair) for rule in wanted for pair in pairs]


def test_the_worst_have_the_most_lines(rules: Rules) -> None:
    rules.add("supply/any")
    rules.add("supply/low", severity="low")
    lines = (line("L1", "A", "B"), line("L2", "B", "C"), line("L3", "B", "C"))
    result = scanned(rules, network(*lines))
    assert [(f.severity, f.lines) for f in result.worst(3)] == [
        ("high", 2),
        ("high", 1),
        ("low", 2),
    ]


def test_the_kind_of_a_subject_follows_from_the_query(rules: Rules) -> None:
    rules.add(
        "coverage/region",
        "MATCH (r:Region) WHERE r.id <> '*' RETURN r.id AS subject",
        message="{subject} is a region",
    )
    rules.add(
        "coverage/guess",
        "MATCH (:City)-[w:WITHIN]->(r:Region) WHERE r.id <> '*' WITH DISTINCT r.id AS region "
        "RETURN region AS subject",
        message="{subject} holds a city",
    )
    tables = network(
        line("L1", "A", "B"),
        regions=[{"id": "A", "name": "A region whose id a partner has, too"}],
        cities=[{"id": "c", "name": "City", "region_id": "A"}],
    )
    guess, region = scanned(rules, tables).findings()
    assert (region.subject.kind, region.subject.name) == (
        "region",
        "A region whose id a partner has, too",
    )
    assert guess.subject.kind == "party"  # nothing tells, and parties are looked up first


def test_the_whole_evidence_of_a_finding(rules: Rules) -> None:
    rules.add("supply/any")
    tables = network(*(line(f"L{n}", "A", "B", document=f"D{n}") for n in range(9)))
    result = scanned(rules, tables)
    (finding,) = result.findings()
    evidence = result.all_evidence(finding)
    assert [row["document"] for row in evidence] == [f"D{n}" for n in range(9)]


def test_a_finding_is_found_by_the_beginning_of_its_fingerprint(rules: Rules) -> None:
    rules.add("supply/any")
    result = scanned(rules, network(line("L1", "A", "B"), line("L2", "B", "A")))
    first, second = result.findings()
    assert result.find(first.short) == first
    assert result.find(second.fingerprint[:8].upper()) == second
    with pytest.raises(RuleError, match="More than one finding begins with ''"):
        result.find("")
    with pytest.raises(RuleError, match="No finding of this scan begins with 'zz'"):
        result.find("zz")


def test_fingerprints_of_python_and_sql_agree(rules: Rules) -> None:
    rules.add("supply/any", f"{EVERY_LINE}, s.currency AS currency", more="// @identity currency\n")
    names = ["é 🤦🏼‍♂️", "a:b", "-", "1:", "'; DROP", "日本"]
    partners = [{"id": name, "name": name} for name in names]
    lines = [line(f"L{n}", name, "A", currency="EUR") for n, name in enumerate(names)]
    tables = network(*lines, line("L9", "A", "B"))
    tables["partners"] += partners
    found = list(scanned(rules, tables).findings())
    assert len(found) == 7
    for finding in found:
        assert finding.object is not None
        currency = None if finding.subject.id == "A" else "EUR"
        assert finding.fingerprint == fingerprint(
            finding.rule, finding.subject.id, finding.object.id, currency
        )


def test_a_rule_over_paths_counts_the_lines_on_them(rules: Rules) -> None:
    rules.add(
        "paths/back",
        "MATCH p = (a:Party)-[:SUPPLIED*2..2]->(a) "
        "RETURN [n IN nodes(p) | n.id] AS path, [s IN relationships(p) | s.id] AS shipments",
        message="{path}: {lines} lines",
        more="// @identity path\n",
    )
    lines = (line("L1", "A", "B"), line("L2", "B", "A"), line("L3", "A", "B", quantity=4))
    first, second = scanned(rules, network(*lines)).findings()
    assert (first.message, first.quantity) == ("Alpha → Beta → Alpha: 3 lines", 1)
    assert (first.subject.name, first.object.name if first.object else "") == ("Alpha", "Alpha")
    assert (second.message, second.quantity) == ("Beta → Alpha → Beta: 3 lines", 5)

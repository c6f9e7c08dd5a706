"""What a rule must return, and what is learnt from its query."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphchannel.compiler import compile as compile_cypher
from graphchannel.errors import RuleError, UnknownName
from graphchannel.policy import load_policy
from graphchannel.resources import pack
from graphchannel.rules.catalogue import Rule, load_catalogue
from graphchannel.rules.check import check_rules
from graphchannel.rules.header import parse_header
from graphchannel.rules.prepare import FIGURES, PreparedRule, prepare
from graphchannel.schema import CHANNEL

POLICY = load_policy(pack())
LINES = (
    "MATCH (a:Party)-[s:SUPPLIED]->(b:EndUser) RETURN a.id AS subject, b.id AS object, "
    "s.id AS shipment"
)
PATHS = "MATCH (a:Party)-[s:SUPPLIED]->(b:Party) RETURN [a.id, b.id] AS path, [s.id] AS shipments"


def prepared(query: str, message: str = "M", more: str = "") -> PreparedRule:
    text = f"// @name N\n// @severity low\n// @message {message}\n{more}{query}\n"
    return prepare(
        Rule("supply/x", Path("x"), parse_header(text, "supply/x.cypher"), text, "low"), POLICY
    )


def test_a_rule_over_lines() -> None:
    rule = prepared(f"{LINES}, s.currency AS currency")
    assert (rule.kind, rule.evidence, rule.unique) == ("line", ("currency",), True)
    assert (rule.subject_kind, rule.object_kind) == ("party", "party")


def test_a_rule_that_ends_in_a_comment_gives_its_lines_figures() -> None:
    rule = prepared(f"{LINES} // the line itself")
    assert rule.figures is not None
    assert [c.name for c in rule.figures.compiled.columns] == [
        "subject",
        "object",
        "shipment",
        *(f"_{name}" for name in FIGURES),
    ]
    compiled = compile_cypher(rule.figures.text, CHANNEL)
    assert compiled.sql == rule.figures.compiled.sql


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("MATCH (p:Party)-->(c:City) RETURN p.id AS subject", "1:16"),
        ("MATCH (p:Party) WHERE NOT EXISTS { (p)-[r]-() } RETURN p.id AS subject", "1:39"),
        ("MATCH (p:Party)-[*1..2]->(q:Party) RETURN p.id AS subject", "1:16"),
    ],
)
def test_a_rule_names_the_types_of_its_relationships(query: str, place: str) -> None:
    line = int(place[0]) + 3  # below the header
    with pytest.raises(RuleError, match=f"x.cypher:{line}{place[1:]}: a relationship of a rule"):
        prepared(query)


def test_a_rule_over_nodes() -> None:
    rule = prepared("MATCH (r:Region) RETURN r.id AS subject, r.name AS region")
    assert (rule.kind, rule.evidence) == ("node", ("region",))
    assert (rule.subject_kind, rule.object_kind) == ("region", None)


def test_a_rule_over_paths() -> None:
    rule = prepared(
        "MATCH p = (a:Party)-[:SUPPLIED*2..2]->(a) RETURN [n IN nodes(p) | n.id] AS path, "
        "[s IN relationships(p) | s.id] AS shipments"
    )
    assert (rule.kind, rule.subject_kind) == ("path", "party")


@pytest.mark.parametrize(
    "query",
    [
        LINES.replace("MATCH (a:Party)", "MATCH (a:Party)-[:CERTIFIED_BY]->(:Party), (a)"),
        LINES.replace(" RETURN", " WITH a, s, b RETURN"),
        LINES.replace("->(b:EndUser)", "-(b:EndUser)"),
        f"{LINES} UNION ALL {LINES}",
    ],
)
def test_a_query_that_may_return_a_line_twice(query: str) -> None:
    assert not prepared(query).unique


def test_what_a_rule_over_paths_leaves_open_is_null() -> None:
    rule = prepared(f"{PATHS}, null AS broken_at")
    assert rule.kind == "path"


def test_parts_of_a_union_that_differ_leave_the_kind_open() -> None:
    query = "MATCH (r:Region) RETURN r.id AS subject UNION MATCH (c:City) RETURN c.id AS subject"
    assert prepared(query).subject_kind is None


def test_parameters_of_the_policy_are_known() -> None:
    rule = prepared(
        LINES.replace(" RETURN", " WHERE b.segment IN $segments AND s.shipped_on < $as_of RETURN"),
        more="// @population (p:Partner) WHERE p.employees < $minimum_employees\n",
    )
    assert rule.uses == {"segments", "minimum_employees"}
    assert frozenset({"shipments"}) in rule.needs


@pytest.mark.parametrize(
    ("query", "more", "message"),
    [
        ("MATCH (p:Partner) RETURN p.id AS sbject", "", "no column 'subject' .has: sbject"),
        ("MATCH (p:Partner) RETURN p.id AS subject, p.id AS shipment", "", "column 'object'"),
        (LINES, "// @identity shop\n", "@identity names 'shop'"),
        (LINES, "// @optional minimum_capital\n", "@optional names 'minimum_capital'"),
        (f"{LINES}, s.quantity AS quantity", "", "a column 'quantity'"),
        ("MATCH (p:Partner) RETURN p.id AS subject, [1] AS path", "", "also returns 'shipments'"),
        (PATHS.replace("[a.id, b.id]", "a.id"), "", "'path' .* is STRING; .* LIST OF STRING"),
        (PATHS.replace("[s.id]", "[s.quantity]"), "", "'shipments' .* is LIST OF INTEGER"),
        (f"{PATHS}, '1' AS broken_at", "", "'broken_at' .* is STRING; expected INTEGER"),
        (f"{PATHS}, 1 AS certainty", "", "'certainty' .* is INTEGER; expected STRING"),
        ("MATCH (p:Partner) RETURN p.id AS subject", "// @analysis goods.a:b\n", "is no module"),
    ],
)
def test_a_rule_that_breaks_the_contract_is_refused(query: str, more: str, message: str) -> None:
    with pytest.raises(RuleError, match=message):
        prepared(query, more=more)


def test_a_message_names_what_a_finding_has() -> None:
    with pytest.raises(RuleError, match=r"names \{buyer\}.*has: first, last, lines"):
        prepared(LINES, "{subject} supplied {buyer}")
    with pytest.raises(
        RuleError, match=r"names \{lines\}, but .* no column 'shipment' \(has: subj"
    ):
        prepared("MATCH (p:Partner) RETURN p.id AS subject, p.id AS shipmnt", "{lines} lines")
    with pytest.raises(RuleError, match="not well formed"):
        prepared(LINES, "{subject")


def test_positions_are_those_of_the_file() -> None:
    with pytest.raises(UnknownName, match=r"^supply/x\.cypher:4:10: "):
        prepared("MATCH (p:Partnr) RETURN p.id AS subject")


def test_every_shipped_rule_tells_the_kind_of_its_subject() -> None:
    for rule in load_catalogue(pack()).rules:
        ready = prepare(rule, POLICY)
        assert ready.subject_kind is not None, rule.id
        has_object = "object" in ready.columns or ready.kind == "path"
        assert has_object == (ready.object_kind is not None), rule.id


def test_checking_names_the_file_and_the_problem(tmp_path: Path) -> None:
    good = "// @name N\n// @severity low\n// @message M\nMATCH (p:Partner) RETURN p.id AS subject\n"
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "good.cypher").write_text(good, "utf-8")
    (tmp_path / "own" / "odd.cypher").write_text(good.replace("MATCH", "MERGE"), "utf-8")
    (tmp_path / "own" / "unset.cypher").write_text(
        good.replace(" RETURN", " WHERE p.employees < $minimum_employees RETURN"), "utf-8"
    )
    results = dict(check_rules(tmp_path, POLICY))
    assert results[str(tmp_path / "own" / "good.cypher")] is None
    assert results[str(tmp_path / "own" / "unset.cypher")] is None
    assert "own/odd.cypher:4:1" in (results[str(tmp_path / "own" / "odd.cypher")] or "")
    with pytest.raises(RuleError, match="there is no rule here"):
        check_rules(tmp_path / "none", POLICY)
